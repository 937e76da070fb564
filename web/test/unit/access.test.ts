import { describe, expect, it } from 'vitest'
import { maySo, mayDo } from '../../src/auth/session'
import { entryAt, NAV, navFor } from '../../src/shell/nav'
import { router } from '../../src/router'

const seen = (...abilities: string[]) => navFor(new Set(abilities)).flatMap((g) => g.entries).map((e) => e.name)

describe('what a person sees', () => {
  it('an editor writes and looks things up, no more', () => {
    expect(seen('library.read', 'library.write', 'library.contribute')).toEqual(['工作台', '撰写稿件', '稿件库', '投稿'])
  })

  it('a reviewer sees the inbox', () => {
    expect(seen('library.read', 'review.second')).toEqual(['工作台', '稿件库', '待审稿件'])
  })

  it('an audit administrator sees no content', () => {
    expect(seen('audit.read')).toEqual(['工作台', '操作审计'])
  })

  it('somebody without any role still has the workbench', () => {
    expect(seen()).toEqual(['工作台'])
  })

  it('one of several abilities is enough, none asked for means everybody', () => {
    expect(mayDo(new Set(['org.read']), ['org.manage', 'org.read'])).toBe(true)
    expect(mayDo(new Set(), undefined)).toBe(true)
    expect(mayDo(new Set(['library.read']), 'library.write')).toBe(false)
  })

  it('what may be done with one thing is what the server says with it', () => {
    expect(maySo({ may: ['edit'] }, 'edit')).toBe(true)
    expect(maySo({}, 'edit')).toBe(false)
    expect(maySo(undefined, 'edit')).toBe(false)
  })
})

describe('the table of navigation', () => {
  it('leads only to pages that exist, and asks for the same abilities as they do', () => {
    for (const entry of NAV.flatMap((g) => g.entries)) {
      const route = router.resolve(entry.to)
      expect(route.name, entry.to).not.toBe('not-found')
      for (const ability of entry.ability ?? []) expect(mayDo(new Set([ability]), route.meta.ability), `${entry.name} ${ability}`).toBe(true)
    }
  })

  it('knows the entry of a page below it', () => {
    expect(entryAt('/items/12/versions')?.name).toBe('稿件库')
    expect(entryAt('/items/new')?.name).toBe('撰写稿件')
    expect(entryAt('/sites/3/columns')?.name).toBe('网站与栏目')
  })
})
