import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/vue-query'
import { api, must, type ItemDetail } from '../../api/client'
import { ApiError, hasCode } from '../../api/problem'
import { ITEM_CHANGED, keys } from '../../api/keys'
import type { Saver } from './draft'

export interface ItemFilter {
  q?: string
  state?: string
  kind?: string
  org?: number
  site?: number
  column?: number
  mine?: boolean
  from?: string
  until?: string
  sort?: string
  page?: number
  size?: number
}

export const useItems = (filter: MaybeRefOrGetter<ItemFilter>) =>
  useQuery({
    queryKey: computed(() => keys.items(toValue(filter))),
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => must(await api.GET('/api/items', { params: { query: toValue(filter) }, signal })),
  })

export const fetchItem = async (id: number, signal?: AbortSignal) =>
  must(await api.GET('/api/items/{id}', { params: { path: { id } }, signal }))

export const useItem = (id: MaybeRefOrGetter<number | undefined>) =>
  useQuery({
    queryKey: computed(() => keys.item(toValue(id) ?? 0)),
    enabled: computed(() => !!toValue(id)),
    queryFn: ({ signal }) => fetchItem(toValue(id)!, signal),
  })

export const useTrail = (id: MaybeRefOrGetter<number | undefined>) =>
  useQuery({
    queryKey: computed(() => keys.trail(toValue(id) ?? 0)),
    enabled: computed(() => !!toValue(id)),
    queryFn: async ({ signal }) =>
      must(await api.GET('/api/items/{id}/trail', { params: { path: { id: toValue(id)! } }, signal })),
  })

export const usePublications = (id: MaybeRefOrGetter<number | undefined>) =>
  useQuery({
    queryKey: computed(() => keys.publications(toValue(id) ?? 0)),
    enabled: computed(() => !!toValue(id)),
    queryFn: async ({ signal }) =>
      must(await api.GET('/api/items/{id}/publications', { params: { path: { id: toValue(id)! } }, signal })),
  })

export const useVersions = (id: MaybeRefOrGetter<number>) =>
  useQuery({
    queryKey: computed(() => keys.versions(toValue(id))),
    queryFn: async ({ signal }) =>
      must(await api.GET('/api/items/{id}/versions', { params: { path: { id: toValue(id) } }, signal })),
  })

export const useVersion = (id: MaybeRefOrGetter<number>, number: MaybeRefOrGetter<number | undefined>) =>
  useQuery({
    queryKey: computed(() => keys.version(toValue(id), toValue(number) ?? 0)),
    enabled: computed(() => !!toValue(number)),
    staleTime: Infinity,
    queryFn: async ({ signal }) =>
      must(
        await api.GET('/api/items/{id}/versions/{number}', {
          params: { path: { id: toValue(id), number: toValue(number)! } },
          signal,
        }),
      ),
  })

/** Forgets everything that shows the state of items. */
export function useItemChanged() {
  const client = useQueryClient()
  return (detail?: ItemDetail) => {
    if (detail) client.setQueryData(keys.item(detail.id), detail)
    return Promise.all(ITEM_CHANGED.map((key) => client.invalidateQueries({ queryKey: [...key], refetchType: 'active' })))
  }
}

export const server: Saver = {
  create: async (kind, content, org) =>
    must(await api.POST('/api/items', { body: { kind, content, ...(org ? { org_id: org } : {}) } })),
  save: async (id, revision, content, autosave) =>
    must(await api.PUT('/api/items/{id}', { params: { path: { id } }, body: { revision, content, autosave } })),
  conflictOf: (error) =>
    hasCode(error, 'library.changed') || (error instanceof ApiError && error.status === 409 && error.problem.current)
      ? error.problem.current
      : undefined,
}
