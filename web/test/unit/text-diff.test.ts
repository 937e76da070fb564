import { describe, expect, it } from 'vitest'
import { countChanges, diffParagraphs, diffText, likeness, paragraphsOf, tokens, type Piece } from '../../src/ui/text-diff'

const written = (pieces: Piece[]) =>
  pieces.map((p) => (p.kind === 'added' ? `[+${p.text}]` : p.kind === 'removed' ? `[-${p.text}]` : p.text)).join('')

describe('diffText', () => {
  it('takes each Han character as a token and each run of letters or digits as one', () => {
    expect(tokens('云政发〔2026〕12号 GB/T 37668')).toEqual(['云', '政', '发', '〔', '2026', '〕', '12', '号', ' ', 'GB', '/', 'T', ' ', '37668'])
  })

  it('keeps a rare character of two code units whole', () => {
    expect(tokens('𠮷林')).toEqual(['𠮷', '林'])
  })

  it('marks the changed characters only', () => {
    expect(written(diffText('2026年12月底前完成', '2026年11月底前完成'))).toBe('2026年[-12][+11]月底前完成')
    expect(written(diffText('坚持公开为常态', '坚持以公开为常态'))).toBe('坚持[+以]公开为常态')
  })

  it('does not leave single equal characters between rewritten runs', () => {
    const pieces = diffText('各单位要认真组织实施并报送情况', '请有关部门按期落实的要求办结')
    expect(pieces.filter((p) => p.kind === 'same' && p.text.length === 1)).toEqual([])
  })

  it('gives back both texts whole', () => {
    const before = '各县区人民政府，市政府各部门：请于2025年底前报送。'
    const after = '各县（市、区）人民政府、市政府有关部门：请于2026年底前报送 OK。'
    const pieces = diffText(before, after)
    expect(pieces.filter((p) => p.kind !== 'added').map((p) => p.text).join('')).toBe(before)
    expect(pieces.filter((p) => p.kind !== 'removed').map((p) => p.text).join('')).toBe(after)
  })
})

describe('diffParagraphs', () => {
  it('shows an inserted paragraph as one, without smearing its neighbours', () => {
    const diff = diffParagraphs(['甲段落文字', '丙段落文字'], ['甲段落文字', '新插入的一整段', '丙段落文字'])
    expect(diff.map((p) => p.kind)).toEqual(['same', 'added', 'same'])
  })

  it('pairs a rewritten paragraph with its older form', () => {
    const diff = diffParagraphs(['规范栏目更新，明确责任人', '完全无关'], ['规范栏目更新，逐栏明确责任人'])
    expect(diff.map((p) => p.kind)).toEqual(['changed', 'removed'])
    expect(countChanges(diff)).toEqual({ added: 2, removed: 4 })
  })

  it('loses no paragraph when many change places', () => {
    const before = ['一二三四五', '六七八九十', '甲乙丙丁戊']
    const after = ['甲乙丙丁戊', '一二三四五六', '子丑寅卯']
    const text = diffParagraphs(before, after).flatMap((p) => p.pieces).filter((p) => p.kind !== 'removed').map((p) => p.text).join('')
    expect(text).toBe(after.join(''))
  })
})

describe('paragraphsOf', () => {
  it('reads headings, lists, rows of tables and pictures as lines', () => {
    expect(
      paragraphsOf('<h2>一、要求</h2><ul><li><p>甲</p></li></ul><table><tbody><tr><td><p>任务</p></td><td>时限</td></tr></tbody></table><p><img src="/x" alt="会场"></p>'),
    ).toEqual(['一、要求', '甲', '任务 | 时限', '［图片：会场］'])
  })
})

it('likeness is 1 for equal texts and 0 for strangers', () => {
  expect(likeness('政务公开', '政务公开')).toBe(1)
  expect(likeness('政务公开', '财政决算')).toBe(0)
})
