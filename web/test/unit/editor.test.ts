import { mount } from '@vue/test-utils'
import { Editor } from '@tiptap/core'
import { afterEach, describe, expect, it } from 'vitest'
import RichEditor from '../../src/editor/rich-editor.vue'
import { findQuote } from '../../src/editor/passages'
import { vocabulary } from '../../src/editor/vocabulary'

let editor: Editor | undefined
afterEach(() => editor?.destroy())
const roundTrip = (html: string) => {
  editor = new Editor({ content: html, injectCSS: false, extensions: vocabulary })
  return editor.getHTML()
}

describe('the vocabulary of the editor', () => {
  it('gives back stored text unchanged', () => {
    const stored =
      '<h2>一、要求</h2><p class="c-center">标题</p><p>正文<strong>粗</strong><sup>2</sup><a href="https://www.gov.cn/">链接</a></p><ol><li><p>甲</p></li></ol><p class="c-right">云岭市</p>'
    expect(roundTrip(stored)).toBe(stored)
  })

  it('writes tables without styles or column widths and keeps spans', () => {
    const html = roundTrip('<table><tbody><tr><th colspan="2"><p>任务</p></th></tr><tr><td><p>甲</p></td><td><p>乙</p></td></tr></tbody></table>')
    expect(html).not.toMatch(/style|colgroup|colwidth/)
    expect(html).toContain('<th colspan="2">')
  })

  it('takes alignment from older styles', () => {
    expect(roundTrip('<p style="text-align:right">2026年</p>')).toBe('<p class="c-right">2026年</p>')
  })

  it('never writes a style attribute', () => {
    expect(roundTrip('<p style="color:red;text-align:center"><span style="font-size:40px">大</span></p>')).not.toContain('style')
  })
})

describe('passages', () => {
  it('are found across formatting and paragraphs', () => {
    roundTrip('<p>坚持<strong>以公开</strong>为常态。</p><p>不公开为例外。</p>')
    const doc = editor!.state.doc
    const range = findQuote(doc, '以公开为常态。不公开')!
    expect(doc.textBetween(range.from, range.to, '')).toBe('以公开为常态。不公开')
    expect(findQuote(doc, '没有这句话')).toBeUndefined()
    expect(findQuote(doc, '  ')).toBeUndefined()
  })
})

it('mounts with a named text box and a toolbar of named buttons', async () => {
  const wrapper = mount(RichEditor, { props: { modelValue: '<p>你好</p>' }, attachTo: document.body, global: { stubs: ['el-dialog', 'el-input', 'el-button'] } })
  await new Promise((r) => setTimeout(r, 30))
  expect(wrapper.find('.ProseMirror').attributes('aria-label')).toBe('正文')
  expect(wrapper.find('[role=toolbar]').attributes('aria-label')).toBe('排版工具')
  for (const button of wrapper.findAll('[role=toolbar] button')) expect(button.text().length).toBeGreaterThan(0)
  wrapper.unmount()
})
