import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cleanOffice, describePaste } from '../../src/editor/office-paste'

const fixture = (name: string) => readFileSync(`${import.meta.dirname}/../fixtures/${name}.html`, 'utf8')

describe('cleanOffice', () => {
  it('turns Word lists into nested lists and numbered lines into headings', () => {
    const { html } = cleanOffice(fixture('word'))
    expect(html).toContain(
      '<ol><li><p>梳理公开事项目录</p><ol><li><p>细化基层标准</p></li></ol></li><li><p>规范栏目更新</p></li></ol><ul><li><p>无序要点</p></li></ul>',
    )
    expect(html).toContain('<h2>一、总体要求</h2>')
    expect(html).toContain('<td rowspan="2">')
  })

  it('leaves nothing of Word in the text', () => {
    expect(cleanOffice(fixture('word')).html).not.toMatch(/mso|font|onclick|javascript|script|file:|o:p|style=/i)
  })

  it('keeps centred paragraphs by class, because styles are forbidden on the public pages', () => {
    expect(cleanOffice(fixture('word')).html).toContain('<p class="c-center">关于进一步做好政务公开工作的通知</p>')
  })

  it('drops deleted text, keeps inserted text and counts what the writer has to look after', () => {
    const report = cleanOffice(fixture('word'))
    expect(report.html).toContain('新文字')
    expect(report.html).not.toContain('旧文字')
    expect(report).toMatchObject({ lists: 3, localImages: 1, trackedChanges: 2 })
  })

  it('cleans a WPS announcement to exactly the stored vocabulary', () => {
    expect(cleanOffice(fixture('wps')).html).toBe(
      '<p class="c-center">关于开展行政执法监督的公告</p><h2>一、监督范围</h2><p>全县34个执法单位。</p><ul><li><p>行政许可</p></li></ul><table><tbody><tr><td><p>单位</p></td><td><p>电话</p></td></tr><tr><td><p>司法局</p></td><td><p>0000-1234567</p></td></tr></tbody></table>',
    )
  })

  it('turns the sections of a 公众号 article into paragraphs and marks its pictures as foreign', () => {
    const { html, remoteImages } = cleanOffice(fixture('wechat'))
    expect(html).toContain('《若干措施》')
    expect(html).toContain('<strong>图解政策</strong>')
    expect(html).toContain('data-pending="remote"')
    expect(remoteImages).toBeGreaterThan(0)
    expect(html).not.toMatch(/section|label|style=/)
  })

  it.each([
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">a</a>',
    '<a href=" java\tscript:alert(1)">a</a>',
    '<a href="//evil.example/x">a</a>',
    '<svg onload=alert(1)><a xlink:href="javascript:alert(1)">x</a></svg>',
    '<p style="background:url(//x)">x</p>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<template><img src=x onerror=alert(1)></template>',
  ])('keeps nothing active of %s', (hostile) => {
    const { html } = cleanOffice(hostile)
    const body = new DOMParser().parseFromString(html, 'text/html').body
    for (const e of body.querySelectorAll('*')) {
      expect(e.tagName).toMatch(/^(P|A|IMG|TABLE|TBODY|TR|TD)$/)
      for (const a of e.attributes) expect(a.name).toMatch(/^(src|alt|data-pending|title|href)$/)
      expect(e.getAttribute('href') ?? '/').toMatch(/^(https?:|mailto:|tel:|\/(?!\/)|#)/)
      expect(e.getAttribute('src') ?? '/').toMatch(/^(https?:|\/(?!\/))/)
    }
  })

  it('changes nothing when cleaned text is pasted again', () => {
    const once = cleanOffice(fixture('wps')).html
    expect(cleanOffice(once).html).toBe(once)
  })

  it('says in one line what was done', () => {
    expect(describePaste(cleanOffice(fixture('word')))).toMatch(/^已清理粘贴格式：列表 3、标题 \d、修订痕迹 2、本地图片 1 张需重新插入/)
  })
})
