// What this person likes, kept in this browser only.
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'

interface SavedView {
  name: string
  query: Record<string, string>
}

const KEY = 'huabiao.console.prefs'

function read(): { singleKeys?: boolean; dense?: boolean; views?: Record<string, SavedView[]> } {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}')
  } catch {
    return {}
  }
}

export const usePrefs = defineStore('prefs', () => {
  const stored = read()
  const singleKeys = ref(stored.singleKeys ?? true)
  const dense = ref(stored.dense ?? false)
  const views = ref<Record<string, SavedView[]>>(stored.views ?? {})

  watch(
    [singleKeys, dense, views],
    () =>
      localStorage.setItem(
        KEY,
        JSON.stringify({ singleKeys: singleKeys.value, dense: dense.value, views: views.value }),
      ),
    { deep: true },
  )

  function keepView(page: string, name: string, query: Record<string, string>) {
    const others = (views.value[page] ?? []).filter((v) => v.name !== name)
    views.value[page] = [...others, { name, query }].slice(-12)
  }

  function dropView(page: string, name: string) {
    views.value[page] = (views.value[page] ?? []).filter((v) => v.name !== name)
  }

  return { singleKeys, dense, views, keepView, dropView }
})
