// Reference data that several pages share: organisations, sites, columns, roles.
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { useQuery } from '@tanstack/vue-query'
import { api, must, type Column, type Org } from './client'
import { keys } from './keys'

const REFERENCE = 5 * 60_000

export const useOrgs = () =>
  useQuery({
    queryKey: keys.orgs,
    staleTime: REFERENCE,
    queryFn: async ({ signal }) => must(await api.GET('/api/orgs', { signal })),
  })

export const useSites = () =>
  useQuery({
    queryKey: keys.sites,
    staleTime: REFERENCE,
    queryFn: async ({ signal }) => must(await api.GET('/api/sites', { signal })),
  })

export const fetchColumns = async (site: number, signal?: AbortSignal) =>
  must(await api.GET('/api/sites/{id}/columns', { params: { path: { id: site } }, signal }))

export const useColumns = (site: MaybeRefOrGetter<number | undefined>) =>
  useQuery({
    queryKey: computed(() => keys.columns(toValue(site) ?? 0)),
    enabled: computed(() => !!toValue(site)),
    staleTime: 60_000,
    queryFn: ({ signal }) => fetchColumns(toValue(site)!, signal),
  })

export const useRoles = () =>
  useQuery({
    queryKey: keys.roles,
    staleTime: REFERENCE,
    queryFn: async ({ signal }) => must(await api.GET('/api/roles', { signal })),
  })

export function useNames() {
  const orgs = useOrgs()
  const sites = useSites()
  const roles = useRoles()
  const orgById = computed(() => new Map(orgs.data.value?.map((o) => [o.id, o])))
  const siteById = computed(() => new Map(sites.data.value?.map((s) => [s.id, s])))
  const roleByKey = computed(() => new Map(roles.data.value?.map((r) => [r.key, r])))
  return {
    orgById,
    orgName: (id: number | undefined) => (id ? (orgById.value.get(id)?.short_name || orgById.value.get(id)?.name) ?? `机构 ${id}` : ''),
    siteName: (id: number | undefined) => (id ? siteById.value.get(id)?.name ?? `网站 ${id}` : ''),
    roleName: (key: string) => roleByKey.value.get(key)?.name ?? key,
  }
}

export interface TreeNode<T> {
  id: number
  label: string
  data: T
  children: TreeNode<T>[]
}

/** Flat lists with parents before children become trees; a child whose parent is out of sight stands at the top. */
export function treeOf<T extends { id: number; parent_id?: number }>(list: readonly T[], label: (t: T) => string): TreeNode<T>[] {
  const nodes = new Map(list.map((t) => [t.id, { id: t.id, label: label(t), data: t, children: [] } as TreeNode<T>]))
  const top: TreeNode<T>[] = []
  for (const t of list) {
    const node = nodes.get(t.id)!
    const parent = t.parent_id ? nodes.get(t.parent_id) : undefined
    ;(parent?.children ?? top).push(node)
  }
  return top
}

export const orgTree = (orgs: readonly Org[] | undefined) => treeOf(orgs ?? [], (o) => o.short_name || o.name)
export const columnTree = (columns: readonly Column[] | undefined) => treeOf(columns ?? [], (c) => c.name)

/** 政务公开 › 政策文件 */
export function columnTrail(columns: readonly Column[] | undefined, id: number): string {
  const byId = new Map(columns?.map((c) => [c.id, c]))
  const names: string[] = []
  for (let c = byId.get(id), depth = 0; c && depth < 8; c = c.parent_id ? byId.get(c.parent_id) : undefined, depth++)
    names.unshift(c.name)
  return names.join(' › ') || `栏目 ${id}`
}
