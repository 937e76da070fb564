// Remarks shown in the text: decorations, never marks in the document. A remark is found by the words it
// quotes, because the text may have moved since it was written.
import { Extension } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'

export interface Range {
  from: number
  to: number
}

/** The first place of `quote`, across inline formatting and paragraph ends; blanks do not count. */
export function findQuote(doc: Node, quote: string): Range | undefined {
  const wanted = quote.replace(/[\s\u3000]+/g, '')
  if (!wanted) return undefined
  let text = ''
  const places: number[] = []
  doc.descendants((node, pos) => {
    if (!node.isText) return
    for (let i = 0; i < (node.text ?? '').length; i++) {
      const c = node.text![i]!
      if (/[\s\u3000]/.test(c)) continue
      text += c
      places.push(pos + i)
    }
  })
  const at = text.indexOf(wanted)
  if (at < 0) return undefined
  return { from: places[at]!, to: places[at + wanted.length - 1]! + 1 }
}

const key = new PluginKey<{ quotes: string[]; set: DecorationSet }>('passages')

function decorate(doc: Node, quotes: string[]): DecorationSet {
  const found = quotes
    .map((quote) => findQuote(doc, quote))
    .filter((r): r is Range => r !== undefined)
    .map((r) => Decoration.inline(r.from, r.to, { class: 'passage' }))
  return DecorationSet.create(doc, found)
}

export const Passages = Extension.create({
  name: 'passages',
  addProseMirrorPlugins() {
    return [
      new Plugin({
        key,
        state: {
          init: () => ({ quotes: [] as string[], set: DecorationSet.empty }),
          apply(tr, old) {
            const quotes = (tr.getMeta(key) as string[] | undefined) ?? old.quotes
            if (quotes === old.quotes && !tr.docChanged) return old
            return { quotes, set: decorate(tr.doc, quotes) }
          },
        },
        props: { decorations: (state) => key.getState(state)?.set },
      }),
    ]
  },
})

export const passagesKey = key
