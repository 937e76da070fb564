// Everything a version says besides its body, as named lines: for comparing and for reading.
import type { Content } from '../api/client'
import { INTERPRETATION_FORM, VALIDITY } from './words'

export function factsOf(content: Content | undefined): [string, string][] {
  if (!content) return []
  const p = content.policy ?? {}
  const lines: [string, string | undefined][] = [
    ['标题', content.title],
    ['副标题', content.subtitle],
    ['摘要', content.summary],
    ['来源', content.source],
    ['来源网址', content.source_url],
    ['作者', content.author],
    ['原创', content.original === false ? '转载' : undefined],
    ['关键词', content.keywords?.join('、')],
    ['附件', content.attachments?.map((a) => a.name).join('、')],
    ['封面说明', content.cover_alt],
    ['发文机关', p.issuing_organ],
    ['发文字号', p.document_number],
    ['索引号', p.index_number],
    ['主题分类', p.subject_category],
    ['公文种类', p.genre],
    ['成文日期', p.issued_on],
    ['施行日期', p.effective_on],
    ['有效期至', p.valid_until],
    ['有效性', p.validity && (p.issuing_organ || p.document_number) ? VALIDITY[p.validity] : undefined],
    ['起草单位', p.drafting_org],
    ['解读形式', content.interpretation?.provider ? INTERPRETATION_FORM[content.interpretation.form ?? 'text'] : undefined],
    ['解读单位', content.interpretation?.provider],
    ['职务', content.leader?.post],
    ['分工', content.leader?.duties],
  ]
  return lines.filter((l): l is [string, string] => !!l[1])
}
