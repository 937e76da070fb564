// Keys. One stack of maps: the newest page on top. Single letters can be switched off (WCAG 2.1.4) and
// never fire while somebody types.
import { onBeforeUnmount, onMounted, shallowReactive } from 'vue'
import { usePrefs } from '../auth/prefs'

export interface Shortcut {
  /** "j", "/", "ctrl+s" */
  key: string
  label: string
  run: () => void
}

export const shortcuts = shallowReactive<Shortcut[]>([])

export function useShortcuts(list: Shortcut[]) {
  onMounted(() => shortcuts.push(...list))
  onBeforeUnmount(() => {
    for (const one of list) shortcuts.splice(shortcuts.indexOf(one), 1)
  })
}

export function keyOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  return event.ctrlKey || event.metaKey ? `ctrl+${key.toLowerCase()}` : event.altKey ? `alt+${key}` : key
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.role === 'textbox'
}

export function listenForShortcuts() {
  const prefs = usePrefs()
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing || event.defaultPrevented) return
    const key = keyOf(event)
    if (!key.startsWith('ctrl+') && (!prefs.singleKeys || isTyping(event.target))) return
    // A dialog has the keyboard to itself.
    if (document.querySelector('.el-overlay-dialog, .el-overlay-message-box') && !key.startsWith('ctrl+')) return
    const found = [...shortcuts].reverse().find((s) => s.key === key)
    if (!found) return
    event.preventDefault()
    found.run()
  }
  onMounted(() => document.addEventListener('keydown', onKey))
  onBeforeUnmount(() => document.removeEventListener('keydown', onKey))
}
