// One table: what stands in the left bar, who sees it, what is counted. Roles are never named here: an entry
// asks for abilities, and a person with several roles sees the union.
import type { IconName } from '../ui/icon.vue'

export interface NavEntry {
  name: string
  to: string
  icon: IconName
  /** Any of these; none: everybody signed in. */
  ability?: string[]
  /** The key in the counts of the workbench, for what waits for this person. */
  count?: string
  /** Paths that also belong to it. */
  also?: RegExp
}
export interface NavGroup {
  name: string
  entries: NavEntry[]
}

export const REVIEWING = ['review.proofread', 'review.first', 'review.second', 'review.final', 'review.emergency']

export const NAV: NavGroup[] = [
  { name: '', entries: [{ name: '工作台', to: '/', icon: 'home' }] },
  {
    name: '内容',
    entries: [
      { name: '撰写稿件', to: '/items/new', icon: 'pen', ability: ['library.write'] },
      { name: '稿件库', to: '/items', icon: 'files', ability: ['library.read'], also: /^\/items\/\d+/ },
      { name: '待审稿件', to: '/reviews', icon: 'check', ability: REVIEWING, count: 'review', also: /^\/reviews\// },
      { name: '待发布', to: '/releases', icon: 'send', ability: ['release.publish'], count: 'approved' },
      { name: '投稿', to: '/submissions', icon: 'inbox', ability: ['library.contribute', 'library.accept'], count: 'submission' },
    ],
  },
  {
    name: '网站',
    entries: [
      { name: '网站与栏目', to: '/sites', icon: 'globe', ability: ['site.read', 'site.manage'], also: /^\/sites\// },
      { name: '审核流程', to: '/chains', icon: 'chain', ability: ['review.chains'] },
    ],
  },
  {
    name: '机构与人员',
    entries: [
      { name: '机构', to: '/orgs', icon: 'org', ability: ['org.read', 'org.manage'] },
      { name: '人员与授权', to: '/users', icon: 'users', ability: ['org.read', 'staff.manage', 'staff.grant'], also: /^\/users\// },
    ],
  },
  { name: '安全', entries: [{ name: '操作审计', to: '/audit', icon: 'shield', ability: ['audit.read'] }] },
]

/** What a person with these abilities sees; empty groups are left out. */
export function navFor(abilities: ReadonlySet<string>): NavGroup[] {
  return NAV.map((g) => ({
    ...g,
    entries: g.entries.filter((e) => !e.ability || e.ability.some((a) => abilities.has(a))),
  })).filter((g) => g.entries.length > 0)
}

/** The entry that a path belongs to. */
export function entryAt(path: string): NavEntry | undefined {
  const all = NAV.flatMap((g) => g.entries)
  return all.find((e) => e.to === path) ?? all.find((e) => e.also?.test(path))
}
