import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { api, must } from '../../api/client'
import { keys } from '../../api/keys'

export interface FlowFilter {
  inbox?: string
  q?: string
  page?: number
  size?: number
}

export const useFlows = (filter: MaybeRefOrGetter<FlowFilter>) =>
  useQuery({
    queryKey: computed(() => keys.flows(toValue(filter))),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: true,
    queryFn: async ({ signal }) => must(await api.GET('/api/flows', { params: { query: toValue(filter) }, signal })),
  })

export const useFlow = (id: number) =>
  useQuery({
    queryKey: keys.flow(id),
    queryFn: async ({ signal }) => must(await api.GET('/api/flows/{id}', { params: { path: { id } }, signal })),
  })
