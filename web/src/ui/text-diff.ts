// What changed between two texts, as people read it. Chinese has no spaces: every Han character is a
// token, a run of Latin letters or digits is one token. Paragraphs are compared first, so that a
// moved or inserted paragraph does not smear over its neighbours.
import { diffArrays } from 'diff'

export interface Piece {
  kind: 'same' | 'added' | 'removed'
  text: string
}
export interface Paragraph {
  kind: 'same' | 'added' | 'removed' | 'changed'
  pieces: Piece[]
}

const TOKEN = /[A-Za-z]+|\d+(?:[.,]\d+)*|\s+|[\s\S]/gu

export const tokens = (text: string): string[] => text.match(TOKEN) ?? []

/** Words of two strings, short lonely equalities between changes smoothed away. */
export function diffText(before: string, after: string): Piece[] {
  const pieces: Piece[] = []
  for (const change of diffArrays(tokens(before), tokens(after)))
    push(pieces, change.added ? 'added' : change.removed ? 'removed' : 'same', change.value.join(''))
  return smoothed(pieces)
}

function push(pieces: Piece[], kind: Piece['kind'], text: string) {
  const last = pieces[pieces.length - 1]
  if (last?.kind === kind) last.text += text
  else if (text) pieces.push({ kind, text })
}

/** A single equal character between two rewritten runs reads as noise: give it to both sides. */
function smoothed(pieces: Piece[]): Piece[] {
  const out: Piece[] = []
  let removed = ''
  let added = ''
  const flush = () => {
    if (removed) out.push({ kind: 'removed', text: removed })
    if (added) out.push({ kind: 'added', text: added })
    removed = added = ''
  }
  pieces.forEach((piece, i) => {
    if (piece.kind === 'removed') removed += piece.text
    else if (piece.kind === 'added') added += piece.text
    else if (piece.text.length === 1 && removed.length > 3 && added.length > 3 && i < pieces.length - 1) {
      removed += piece.text
      added += piece.text
    } else {
      flush()
      out.push({ ...piece })
    }
  })
  flush()
  return out
}

/** The visible paragraphs of stored rich text, a table row as one line, a picture by its name. */
export function paragraphsOf(html: string): string[] {
  const body = new DOMParser().parseFromString(`<body>${html}</body>`, 'text/html').body
  const lines: string[] = []
  let line = ''
  const flush = () => {
    const text = line.replace(/[\s\u00a0]+/g, ' ').trim()
    if (text) lines.push(text)
    line = ''
  }
  const BLOCK = /^(P|H[1-6]|LI|TR|BLOCKQUOTE|UL|OL|TABLE|CAPTION|HR|DIV|FIGURE|THEAD|TBODY)$/
  const walk = (node: Node) => {
    for (const child of node.childNodes) {
      if (child.nodeType === 3) line += child.nodeValue ?? ''
      if (child.nodeType !== 1) continue
      const tag = (child as Element).tagName
      if (tag === 'IMG') line += `［图片：${(child as Element).getAttribute('alt') || '无说明'}］`
      else if (tag === 'BR') flush()
      else if (BLOCK.test(tag) && !inRow(child)) {
        flush()
        walk(child)
        flush()
      } else {
        if (/^T[DH]$/.test(tag) && line.trim()) line += ' | '
        walk(child)
      }
    }
  }
  walk(body)
  flush()
  return lines
}

const inRow = (node: Node) => (node as Element).tagName !== 'TR' && !!(node as Element).parentElement?.closest('td,th')

/** How alike two strings are, 0 to 1, by their shared pairs of characters. */
export function likeness(a: string, b: string): number {
  if (a === b) return 1
  if (a.length < 2 || b.length < 2) return 0
  const pairs = new Map<string, number>()
  for (let i = 0; i < a.length - 1; i++) pairs.set(a.slice(i, i + 2), (pairs.get(a.slice(i, i + 2)) ?? 0) + 1)
  let shared = 0
  for (let i = 0; i < b.length - 1; i++) {
    const pair = b.slice(i, i + 2)
    const left = pairs.get(pair) ?? 0
    if (left > 0) {
      shared++
      pairs.set(pair, left - 1)
    }
  }
  return (2 * shared) / (a.length + b.length - 2)
}

/** Two lists of paragraphs, changed ones paired by likeness. */
export function diffParagraphs(before: string[], after: string[]): Paragraph[] {
  const out: Paragraph[] = []
  let removed: string[] = []
  let added: string[] = []
  const flush = () => {
    out.push(...paired(removed, added))
    removed = []
    added = []
  }
  for (const change of diffArrays(before, after)) {
    if (change.removed) removed.push(...change.value)
    else if (change.added) added.push(...change.value)
    else {
      flush()
      for (const text of change.value) out.push({ kind: 'same', pieces: [{ kind: 'same', text }] })
    }
  }
  flush()
  return out
}

function paired(removed: string[], added: string[]): Paragraph[] {
  const out: Paragraph[] = []
  let next = 0
  for (const old of removed) {
    const at = added.findIndex((text, i) => i >= next && likeness(old, text) > 0.4)
    if (at < 0) {
      out.push({ kind: 'removed', pieces: [{ kind: 'removed', text: old }] })
      continue
    }
    for (; next < at; next++) out.push({ kind: 'added', pieces: [{ kind: 'added', text: added[next]! }] })
    out.push({ kind: 'changed', pieces: diffText(old, added[at]!) })
    next = at + 1
  }
  for (; next < added.length; next++) out.push({ kind: 'added', pieces: [{ kind: 'added', text: added[next]! }] })
  return out
}

/** 新增 12 字，删除 3 字 */
export function countChanges(paragraphs: Paragraph[]): { added: number; removed: number } {
  let added = 0
  let removed = 0
  for (const p of paragraphs)
    for (const piece of p.pieces) {
      if (piece.kind === 'added') added += piece.text.length
      if (piece.kind === 'removed') removed += piece.text.length
    }
  return { added, removed }
}
