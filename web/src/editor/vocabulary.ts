// The closed grammar of stored rich text, as TipTap extensions. Nothing outside it survives a paste, and
// nothing here writes a style attribute: alignment is a class, table widths are left to the page.
import { Extension, Mark, mergeAttributes } from '@tiptap/core'
import Image from '@tiptap/extension-image'
import { Table, TableCell, TableHeader, TableRow } from '@tiptap/extension-table'
import StarterKit from '@tiptap/starter-kit'

const Align = Extension.create({
  name: 'align',
  addGlobalAttributes() {
    return [
      {
        types: ['paragraph', 'heading'],
        attributes: {
          align: {
            default: null,
            parseHTML: (e) =>
              /(?:^|\s)c-(center|right)(?:\s|$)/.exec(e.className)?.[1] ??
              /^(center|right)$/.exec(e.style.textAlign)?.[1] ??
              null,
            renderHTML: (a) => (a.align ? { class: `c-${a.align}` } : {}),
          },
        },
      },
    ]
  },
})

const mark = (name: string, tag: 'sub' | 'sup') =>
  Mark.create({
    name,
    parseHTML: () => [{ tag }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
  })

/** Without the colgroup and min-width that the original writes as styles. */
const PlainTable = Table.extend({
  renderHTML({ HTMLAttributes }) {
    return ['table', mergeAttributes(HTMLAttributes), ['tbody', 0]]
  },
})

const withoutWidth = { colwidth: { default: null, parseHTML: () => null, renderHTML: () => ({}) } }
const spans = {
  colspan: { default: 1, parseHTML: (e: HTMLElement) => Number(e.getAttribute('colspan') ?? 1), renderHTML: (a: Record<string, unknown>) => (a.colspan === 1 ? {} : { colspan: a.colspan }) },
  rowspan: { default: 1, parseHTML: (e: HTMLElement) => Number(e.getAttribute('rowspan') ?? 1), renderHTML: (a: Record<string, unknown>) => (a.rowspan === 1 ? {} : { rowspan: a.rowspan }) },
}
const PlainCell = TableCell.extend({ addAttributes: () => ({ ...spans, ...withoutWidth }) })
const PlainHeader = TableHeader.extend({ addAttributes: () => ({ ...spans, ...withoutWidth }) })

const Picture = Image.extend({
  addAttributes() {
    return {
      src: { default: null },
      alt: { default: '' },
      pending: {
        default: null,
        parseHTML: (e) => e.getAttribute('data-pending'),
        renderHTML: (a) => (a.pending ? { 'data-pending': a.pending } : {}),
      },
    }
  },
  parseHTML: () => [{ tag: 'img' }],
})

export const vocabulary = [
  StarterKit.configure({
    heading: { levels: [2, 3, 4] },
    code: false,
    codeBlock: false,
    link: {
      openOnClick: false,
      autolink: false,
      HTMLAttributes: { target: null, rel: null, class: null },
      protocols: ['http', 'https', 'mailto', 'tel'],
    },
    trailingNode: false,
  }),
  Align,
  mark('subscript', 'sub'),
  mark('superscript', 'sup'),
  PlainTable.configure({ resizable: false }),
  TableRow,
  PlainCell,
  PlainHeader,
  Picture,
]
