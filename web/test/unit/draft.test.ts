import { beforeEach, describe, expect, it } from 'vitest'
import type { Content, ItemDetail } from '../../src/api/client'
import { contentFor, dropBackup, fullContent, keepBackup, readBackup, useDraft, type Saver } from '../../src/pages/content/draft'

class Changed extends Error {
  constructor(readonly current: ItemDetail) {
    super('changed')
  }
}

/** A library of one item that keeps every version. */
function library() {
  const versions: Content[] = []
  let revision = 0
  const detail = (): ItemDetail => ({
    id: 1, kind: 'article', state: 'draft', org_id: 2, title: versions[versions.length - 1]!.title, revision, newest_number: versions.length,
    content: versions[versions.length - 1]!, may: ['edit'],
  })
  const write = (content: Content) => {
    versions.push(content)
    revision++
    return detail()
  }
  let broken = false
  const saver: Saver = {
    create: async (_, content) => write(content),
    save: async (_, seen, content) => {
      if (broken) throw new Error('down')
      if (seen !== revision) throw new Changed(detail())
      return write(content)
    },
    conflictOf: (e) => (e instanceof Changed ? e.current : undefined),
  }
  return { versions, saver, write, detail, breakDown: (on: boolean) => (broken = on) }
}

describe('a draft', () => {
  it('is created by the first save and saved by the next', async () => {
    const lib = library()
    const draft = useDraft(lib.saver)
    draft.content.value.title = '通知'
    expect(draft.status.value).toBe('dirty')
    expect(await draft.save(true)).toBe(true)
    draft.content.value.body_html = '<p>正文</p>'
    expect(await draft.save(true)).toBe(true)
    expect(lib.versions.map((v) => v.body_html)).toEqual(['', '<p>正文</p>'])
    expect(draft.status.value).toBe('clean')
  })

  it('notices what is typed after it was seen to be clean', async () => {
    const lib = library()
    const draft = useDraft(lib.saver)
    draft.content.value.title = '通知'
    await draft.save(false)
    expect(draft.dirty.value).toBe(false)
    draft.content.value.body_html = '<p>后来写的</p>'
    expect(draft.dirty.value).toBe(true)
    draft.content.value.policy.issued_on = '2026-11-22'
    await draft.save(true)
    expect(draft.dirty.value).toBe(false)
    expect(lib.versions).toHaveLength(2)
  })

  it('saves nothing when nothing changed, and no untitled autosave', async () => {
    const lib = library()
    const draft = useDraft(lib.saver)
    expect(await draft.save(true)).toBe(false)
    draft.content.value.title = '通知'
    await draft.save(false)
    await draft.save(false)
    expect(lib.versions).toHaveLength(1)
  })

  it('keeps what is typed while a save is under way', async () => {
    const lib = library()
    const draft = useDraft(lib.saver)
    draft.content.value.title = '甲'
    const going = draft.save(true)
    draft.content.value.title = '甲乙'
    await going
    expect(draft.content.value.title).toBe('甲乙')
    await draft.save(true)
    expect(lib.versions[lib.versions.length - 1]!.title).toBe('甲乙')
    expect(draft.dirty.value).toBe(false)
  })

  it('stops at a conflict and writes over nobody', async () => {
    const lib = library()
    const draft = useDraft(lib.saver)
    draft.content.value.title = '我的'
    await draft.save(false)
    lib.write({ title: '别人的' })
    draft.content.value.title = '我的第二稿'
    expect(await draft.save(true)).toBe(false)
    expect(draft.status.value).toBe('conflict')
    expect(draft.conflict.value?.title).toBe('别人的')
    expect(await draft.save(true)).toBe(false)
    expect(lib.versions.map((v) => v.title)).toEqual(['我的', '别人的'])
  })

  it('keeps both texts as versions when mine is chosen', async () => {
    const lib = library()
    const draft = useDraft(lib.saver)
    draft.content.value.title = '我的'
    await draft.save(false)
    lib.write({ title: '别人的' })
    draft.content.value.title = '我的第二稿'
    await draft.save(true)
    expect(await draft.keepMine()).toBe(true)
    expect(lib.versions.map((v) => v.title)).toEqual(['我的', '别人的', '我的第二稿'])
    expect(draft.status.value).toBe('clean')
  })

  it('says so when the server is away, and saves when it is back', async () => {
    const lib = library()
    const draft = useDraft(lib.saver)
    draft.content.value.title = '甲'
    await draft.save(false)
    lib.breakDown(true)
    draft.content.value.title = '乙'
    expect(await draft.save(true)).toBe(false)
    expect(draft.status.value).toBe('failed')
    lib.breakDown(false)
    expect(await draft.save(true)).toBe(true)
    expect(lib.versions[1]!.title).toBe('乙')
  })
})

describe('what goes to the server', () => {
  it('has only the parts of its kind, without empty dates', () => {
    const full = fullContent({ title: ' 通知 ', policy: { document_number: '云政发〔2026〕1号', issued_on: '' }, interprets: [3], leader: { post: '市长' } })
    expect(contentFor('article', full)).not.toHaveProperty('policy')
    expect(contentFor('policy', full).policy).toEqual({ document_number: '云政发〔2026〕1号' })
    expect(contentFor('interpretation', full)).toMatchObject({ title: '通知', interprets: [3] })
  })
})

describe('the copy in this browser', () => {
  beforeEach(() => localStorage.clear())

  it('comes back whole and is separate for each person and item', () => {
    keepBackup(1, 7, { at: 5, kind: 'policy', content: fullContent({ title: '甲' }), revision: 2 })
    expect(readBackup(1, 7)).toMatchObject({ at: 5, kind: 'policy', revision: 2, content: { title: '甲', attachments: [] } })
    expect(readBackup(2, 7)).toBeUndefined()
    expect(readBackup(1, undefined)).toBeUndefined()
    dropBackup(1, 7)
    expect(readBackup(1, 7)).toBeUndefined()
  })

  it('is ignored when damaged', () => {
    localStorage.setItem('huabiao.draft.1.new', '{broken')
    expect(readBackup(1, undefined)).toBeUndefined()
  })
})
