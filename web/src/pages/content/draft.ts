// The life of a draft in the browser: what was saved, what was not, what somebody else saved meanwhile.
// Nothing a writer typed is ever lost: it is on the server, in a conflict shown to him, or in this
// browser's own store until the server has it.
import { computed, ref } from 'vue'
import type { Content, ItemDetail, ItemKind } from '../../api/client'

export type SaveState = 'clean' | 'dirty' | 'saving' | 'failed' | 'conflict'

export interface Full extends Content {
  subtitle: string
  summary: string
  body_html: string
  source: string
  source_url: string
  original: boolean
  author: string
  keywords: string[]
  cover_hash: string
  cover_alt: string
  attachments: NonNullable<Content['attachments']>
  targets: NonNullable<Content['targets']>
  interprets: number[]
  policy: NonNullable<Content['policy']>
  interpretation: NonNullable<Content['interpretation']>
  leader: NonNullable<Content['leader']>
}

/** A content with every part there, so that forms have something to bind to. */
export function fullContent(content?: Content): Full {
  const c = copy(content ?? { title: '' })
  return {
    ...c,
    title: c.title,
    subtitle: c.subtitle ?? '',
    summary: c.summary ?? '',
    body_html: c.body_html ?? '',
    source: c.source ?? '',
    source_url: c.source_url ?? '',
    original: c.original ?? true,
    author: c.author ?? '',
    keywords: c.keywords ?? [],
    cover_hash: c.cover_hash ?? '',
    cover_alt: c.cover_alt ?? '',
    attachments: c.attachments ?? [],
    targets: c.targets ?? [],
    interprets: c.interprets ?? [],
    policy: c.policy ?? {},
    interpretation: c.interpretation ?? {},
    leader: c.leader ?? {},
  }
}

// Reads through the reactive object on purpose: whoever computes from it must notice what is typed.
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** What goes to the server: the parts of other kinds and empty dates left out. */
export function contentFor(kind: ItemKind, full: Full): Content {
  const { policy, interpretation, leader, interprets, ...rest } = copy(full)
  const out: Content = { ...rest, title: rest.title.trim() }
  if (kind === 'policy') out.policy = withoutEmpty(policy)
  if (kind === 'interpretation') {
    out.interpretation = withoutEmpty(interpretation)
    out.interprets = interprets
  }
  if (kind === 'leader') out.leader = withoutEmpty(leader)
  return out
}

function withoutEmpty<T extends object>(part: T): T {
  return Object.fromEntries(Object.entries(part).filter(([, v]) => v !== '' && v !== null && v !== undefined)) as T
}

const fingerprint = (kind: ItemKind, full: Full) => JSON.stringify(contentFor(kind, full))

/** The server's side of saving; the page gives it, tests give another. */
export interface Saver {
  create(kind: ItemKind, content: Content, org: number | undefined): Promise<ItemDetail>
  save(id: number, revision: number, content: Content, autosave: boolean): Promise<ItemDetail>
  /** The other's state when the refusal was "somebody else saved", else undefined. */
  conflictOf(error: unknown): ItemDetail | undefined
}

export function useDraft(saver: Saver) {
  const item = ref<ItemDetail>()
  const kind = ref<ItemKind>('article')
  const org = ref<number>()
  const content = ref<Full>(fullContent())
  const saved = ref(fingerprint('article', content.value))
  const state = ref<'idle' | 'saving' | 'failed'>('idle')
  const conflict = ref<ItemDetail>()
  const error = ref<unknown>()
  const savedAt = ref<number>()
  let running: Promise<boolean> | undefined

  const dirty = computed(() => fingerprint(kind.value, content.value) !== saved.value)
  const status = computed<SaveState>(() =>
    conflict.value ? 'conflict' : state.value === 'saving' ? 'saving' : state.value === 'failed' && dirty.value ? 'failed' : dirty.value ? 'dirty' : 'clean',
  )

  /** Shows what the server has, throwing away what is typed: for opening and after a decision. */
  function open(detail: ItemDetail) {
    item.value = detail
    kind.value = detail.kind
    org.value = detail.org_id
    content.value = fullContent(detail.content)
    saved.value = fingerprint(kind.value, content.value)
    conflict.value = undefined
    error.value = undefined
    state.value = 'idle'
  }

  /** Takes over number, revision and permissions, but not the text: more may have been typed meanwhile. */
  function took(detail: ItemDetail, sent: string) {
    item.value = detail
    saved.value = sent
    savedAt.value = Date.now()
    state.value = 'idle'
    error.value = undefined
  }

  /** True when the server has everything that was typed when this was called. */
  function save(autosave: boolean): Promise<boolean> {
    running = (running ?? Promise.resolve(true)).then(() => saveOnce(autosave))
    return running
  }

  async function saveOnce(autosave: boolean): Promise<boolean> {
    if (conflict.value) return false
    if (!dirty.value && item.value) return true
    if (!content.value.title.trim() && autosave) return false
    state.value = 'saving'
    const sent = fingerprint(kind.value, content.value)
    try {
      const body = JSON.parse(sent) as Content
      const answer = item.value
        ? await saver.save(item.value.id, item.value.revision, body, autosave)
        : await saver.create(kind.value, body, org.value)
      took(answer, sent)
      return true
    } catch (e) {
      const other = saver.conflictOf(e)
      if (other) conflict.value = other
      error.value = e
      state.value = 'failed'
      return false
    }
  }

  /** My text becomes the newest version, on top of the other's, which stays in the history. */
  async function keepMine(): Promise<boolean> {
    const other = conflict.value
    if (!other) return false
    item.value = other
    conflict.value = undefined
    return save(false)
  }

  return { item, kind, org, content, dirty, status, conflict, error, savedAt, open, save, keepMine }
}

// What is typed but not yet saved, kept by this browser.

export interface Backup {
  at: number
  kind: ItemKind
  content: Full
  revision: number
}

const backupKey = (user: number, item: number | undefined) => `huabiao.draft.${user}.${item ?? 'new'}`

export function keepBackup(user: number, item: number | undefined, backup: Backup) {
  try {
    localStorage.setItem(backupKey(user, item), JSON.stringify(backup))
  } catch {
    // Full or forbidden: the autosave to the server still works.
  }
}

export function dropBackup(user: number, item: number | undefined) {
  try {
    localStorage.removeItem(backupKey(user, item))
  } catch {
    // As above.
  }
}

export function readBackup(user: number, item: number | undefined): Backup | undefined {
  try {
    const raw = localStorage.getItem(backupKey(user, item))
    const found = raw ? (JSON.parse(raw) as Backup) : undefined
    return found?.content ? { ...found, content: fullContent(found.content) } : undefined
  } catch {
    return undefined
  }
}
