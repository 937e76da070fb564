import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { mayDo, useSession } from './auth/session'
import { REVIEWING } from './shell/nav'

declare module 'vue-router' {
  interface RouteMeta {
    /** Any of these abilities. */
    ability?: string[]
    open?: boolean
  }
}

const id = ':id(\\d+)'
const inside: RouteRecordRaw[] = [
  { path: '', name: 'workbench', component: () => import('./pages/work/workbench.vue') },
  { path: 'items', name: 'items', component: () => import('./pages/content/list.vue'), meta: { ability: ['library.read'] } },
  { path: 'items/new', name: 'item-new', component: () => import('./pages/content/edit.vue'), meta: { ability: ['library.write', 'library.contribute'] } },
  { path: `items/${id}`, name: 'item', component: () => import('./pages/content/edit.vue'), meta: { ability: ['library.read'] } },
  { path: `items/${id}/versions`, name: 'versions', component: () => import('./pages/content/versions.vue'), meta: { ability: ['library.read'] } },
  { path: `items/${id}/release`, name: 'release', component: () => import('./pages/release/release.vue'), meta: { ability: ['library.read'] } },
  { path: 'releases', name: 'releases', component: () => import('./pages/release/list.vue'), meta: { ability: ['release.publish'] } },
  { path: 'reviews', name: 'reviews', component: () => import('./pages/review/inbox.vue'), meta: { ability: REVIEWING } },
  { path: `reviews/${id}`, name: 'review', component: () => import('./pages/review/review.vue') },
  { path: 'submissions', name: 'submissions', component: () => import('./pages/intake/submissions.vue'), meta: { ability: ['library.contribute', 'library.accept'] } },
  { path: 'sites', name: 'sites', component: () => import('./pages/site/list.vue'), meta: { ability: ['site.read', 'site.manage'] } },
  { path: 'sites/new', name: 'site-new', component: () => import('./pages/site/card.vue'), meta: { ability: ['site.manage'] } },
  { path: `sites/${id}`, name: 'site', component: () => import('./pages/site/card.vue'), meta: { ability: ['site.read', 'site.manage'] } },
  { path: `sites/${id}/columns`, name: 'columns', component: () => import('./pages/site/columns.vue') },
  { path: 'chains', name: 'chains', component: () => import('./pages/chain/chains.vue'), meta: { ability: ['review.chains'] } },
  { path: 'orgs', name: 'orgs', component: () => import('./pages/people/orgs.vue'), meta: { ability: ['org.read', 'org.manage'] } },
  { path: 'users', name: 'users', component: () => import('./pages/people/users.vue'), meta: { ability: ['org.read', 'staff.manage', 'staff.grant'] } },
  { path: `users/${id}`, name: 'user', component: () => import('./pages/people/user.vue'), meta: { ability: ['org.read', 'staff.manage', 'staff.grant'] } },
  { path: 'audit', name: 'audit', component: () => import('./pages/audit/audit.vue'), meta: { ability: ['audit.read'] } },
  { path: 'account', name: 'account', component: () => import('./pages/me/account.vue') },
  { path: 'no-access', name: 'no-access', component: () => import('./pages/work/no-access.vue') },
  { path: ':rest(.*)*', name: 'not-found', component: () => import('./pages/work/not-found.vue') },
]

export const router = createRouter({
  history: createWebHistory('/console/'),
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
  routes: [
    { path: '/login', name: 'login', component: () => import('./pages/login/login.vue'), meta: { open: true } },
    { path: '/first-password', name: 'first-password', component: () => import('./pages/login/first-password.vue') },
    { path: '/', component: () => import('./shell/layout.vue'), children: inside },
  ],
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (!session.loaded)
    try {
      await session.load()
    } catch {
      // The sign-in page says so when it is tried.
    }
  if (to.meta.open) return true
  if (!session.signedIn) return { name: 'login', query: to.path === '/' ? {} : { next: to.fullPath } }
  if (session.mustChangePassword && to.name !== 'first-password') return { name: 'first-password' }
  if (!mayDo(session.abilities, to.meta.ability)) return { name: 'no-access', query: { page: to.fullPath } }
  return true
})

// A new build has other file names: a page of the old one that can't be fetched any more is loaded anew.
router.onError((error, to) => {
  if (/dynamically imported module|Importing a module script failed/.test(String(error)))
    location.assign(router.resolve(to).href)
})
