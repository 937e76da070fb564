// The filters, the page and the order of a list live in its address, so that a supervisor can send a link
// and the back button works.
import { computed, reactive, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'

type Value = string | number | boolean | undefined

/** Reads a filter from a query by the types of its defaults. */
export function filterFromQuery<F extends Record<string, Value>>(defaults: F, query: Record<string, unknown>): F {
  const out: Record<string, Value> = { ...defaults }
  for (const [key, fallback] of Object.entries(defaults)) {
    const raw = Array.isArray(query[key]) ? (query[key] as string[])[0] : (query[key] as string | undefined)
    if (raw === undefined || raw === null || raw === '') continue
    if (typeof fallback === 'number') out[key] = Number.isFinite(+raw) ? +raw : fallback
    else if (typeof fallback === 'boolean') out[key] = raw === '1'
    else out[key] = raw
  }
  return out as F
}

/** The other way: only what differs from the defaults. */
export function queryFromFilter(filter: Record<string, Value>, defaults: Record<string, Value>): Record<string, string> {
  const query: Record<string, string> = {}
  for (const [key, value] of Object.entries(filter)) {
    if (value === defaults[key] || value === undefined || value === '') continue
    query[key] = typeof value === 'boolean' ? (value ? '1' : '0') : String(value)
  }
  return query
}

/** A filter bound to the address. Anything but the page number starts again at page 1. */
export function useListState<F extends Record<string, Value> & { page: number }>(defaults: F) {
  const route = useRoute()
  const router = useRouter()
  const name = route.name
  const filter = reactive({ ...filterFromQuery(defaults, route.query) }) as F
  let restoring = false

  watch(
    () => route.query,
    (query) => {
      if (route.name !== name) return
      restoring = true
      Object.assign(filter, filterFromQuery(defaults, query))
      restoring = false
    },
    { flush: 'sync' },
  )

  const others = () => Object.entries(filter).filter(([k]) => k !== 'page').map(([, v]) => v)
  watch(others, (now, before) => {
    if (!restoring && now.some((v, i) => v !== before[i])) filter.page = 1
  }, { flush: 'sync' })

  watch(
    () => queryFromFilter(filter, defaults),
    (query) => {
      if (route.name === name && JSON.stringify(query) !== JSON.stringify(route.query)) router.replace({ query })
    },
    { deep: true },
  )

  const active = computed(() => Object.keys(queryFromFilter({ ...filter, page: defaults.page }, defaults)))
  function clear() {
    Object.assign(filter, defaults)
  }

  /** What goes to the server: empty strings and false left out. */
  const params = computed(() => {
    const out: Record<string, string | number | boolean> = {}
    for (const [k, v] of Object.entries(filter)) if (v !== undefined && v !== '' && v !== false) out[k] = v
    return out as { [K in keyof F]?: F[K] }
  })

  return { filter, params, active, clear }
}
