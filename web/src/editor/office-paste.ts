// Cleans what is pasted from Word, WPS and 公众号 editors into the small vocabulary that the library
// stores. A pure function on a string with no editor inside. The server repeats the allow-list and is
// the authority; this is a courtesy to the writer, who sees at once what will be kept.

export interface PasteReport {
  html: string
  lists: number
  headings: number
  localImages: number
  remoteImages: number
  trackedChanges: number
  removed: number
}

const ATTRIBUTES: Record<string, string[]> = {
  A: ['href', 'title'],
  IMG: ['src', 'alt', 'data-pending'],
  OL: ['start', 'type'],
  TD: ['colspan', 'rowspan'],
  TH: ['colspan', 'rowspan', 'scope'],
}
const KEEP = new Set(
  'P H2 H3 H4 UL OL LI STRONG EM U S SUB SUP BR A IMG TABLE CAPTION THEAD TBODY TR TD TH BLOCKQUOTE HR'.split(' '),
)
const RENAME: Record<string, string> = {
  B: 'strong', I: 'em', STRIKE: 's', H1: 'h2', H5: 'h4', H6: 'h4', DIV: 'p', SECTION: 'p', ARTICLE: 'p',
}
const CONTAINER = /^(DIV|SECTION|ARTICLE)$/
const DROP = 'script,style,xml,meta,link,title,iframe,object,embed,form,input,button,svg,math,template,noscript'
const ADDRESS = /^(https?:|mailto:|tel:|\/(?!\/)|#)/i
const HEADING_2 = /^[一二三四五六七八九十]{1,3}、[^。；]{1,40}$/
const HEADING_3 = /^（[一二三四五六七八九十]{1,3}）[^。；]{1,40}$/
const ORDERED = /[0-9a-zA-Z一二三四五六七八九十①-⑳]/
// Letters that Word puts in Wingdings and Symbol fonts as bullets.
const BULLET = /^[lnuØ§·•¨ü]$/

export function cleanOffice(input: string, wish: { headings: boolean } = { headings: true }): PasteReport {
  const report: PasteReport = {
    html: '', lists: 0, headings: 0, localImages: 0, remoteImages: 0, trackedChanges: 0, removed: 0,
  }
  const document = new DOMParser().parseFromString(`<body>${markersKept(input)}</body>`, 'text/html')
  const body = document.body
  settleTrackedChanges(body, report)
  dropForeign(body, report)
  makeLists(body, report)
  strip(body, report)
  tidyParagraphs(body, report, wish.headings)
  report.html = body.innerHTML.replace(/\u00a0|&nbsp;/g, ' ').replace(/\s*\n\s*/g, '').trim()
  return report
}

/** The fragment only; list markers of Word survive as <x-m>, other conditional comments go. */
function markersKept(input: string): string {
  return input
    .replace(/^[\s\S]*?<!--StartFragment-->/i, '')
    .replace(/<!--EndFragment-->[\s\S]*$/i, '')
    .replace(
      /<!(?:--)?\[if !supportLists\](?:--)?>([\s\S]*?)<!(?:--)?\[endif\](?:--)?>/gi,
      (_, mark: string) => `<x-m>${mark.replace(/<[^>]*>/g, '').replace(/&nbsp;/g, ' ').trim()}</x-m>`,
    )
    .replace(/<!--\[if[\s\S]*?<!\[endif\]-->/gi, '')
    .replace(/<!\[[^\]]*\]>/g, '')
    .replace(/<!--[\s\S]*?-->/g, '')
}

function settleTrackedChanges(body: HTMLElement, report: PasteReport) {
  for (const e of body.querySelectorAll('del')) {
    report.trackedChanges++
    e.remove()
  }
  for (const e of body.querySelectorAll('ins')) {
    report.trackedChanges++
    unwrap(e)
  }
}

function dropForeign(body: HTMLElement, report: PasteReport) {
  for (const e of body.querySelectorAll(DROP)) {
    report.removed++
    e.remove()
  }
  // By name, because selectors can't say v\:shape everywhere.
  for (const e of [...body.getElementsByTagName('*')]) if (e.tagName.startsWith('V:')) e.remove()
}

/** Paragraphs with mso-list become nested ol and ul. */
function makeLists(body: HTMLElement, report: PasteReport) {
  const stack: { id: string; level: number; list: Element }[] = []
  for (const p of [...body.querySelectorAll('p')]) {
    const found = /mso-list:\s*(l\d+)\s+level(\d+)/i.exec(p.getAttribute('style') ?? '')
    const marker = p.querySelector('x-m')
    if (!found || !marker) {
      if (p.parentElement === body) stack.length = 0
      continue
    }
    const id = found[1]!
    const level = Number(found[2])
    const sign = marker.textContent?.trim() ?? ''
    marker.remove()
    if (stack.length && stack[0]!.id !== id) stack.length = 0
    while (stack.length && stack[stack.length - 1]!.level > level) stack.pop()
    const top = stack[stack.length - 1]
    if (!top || top.level < level) {
      const list = body.ownerDocument.createElement(ORDERED.test(sign) && !BULLET.test(sign) ? 'ol' : 'ul')
      report.lists++
      if (top?.list.lastElementChild) top.list.lastElementChild.append(list)
      else p.before(list)
      stack.push({ id, level, list })
    }
    const line = body.ownerDocument.createElement('p')
    line.append(...p.childNodes)
    const item = body.ownerDocument.createElement('li')
    item.append(line)
    stack[stack.length - 1]!.list.append(item)
    p.remove()
  }
}

/** Renames, unwraps and strips until only the vocabulary is left. */
function strip(parent: Node, report: PasteReport) {
  for (const child of [...parent.childNodes]) {
    if (child.nodeType === 8) child.parentNode?.removeChild(child)
    if (child.nodeType === 1) stripElement(child as HTMLElement, report)
  }
}

function stripElement(found: HTMLElement, report: PasteReport) {
  let e = found
  const style = e.getAttribute('style') ?? ''
  const align = alignOf(e, style)
  if (e.tagName === 'SPAN' && /font-weight:\s*(bold|[6-9]00)/i.test(style)) e = rename(e, 'strong')
  const holdsBlocks = CONTAINER.test(e.tagName) && e.querySelector('p,div,section,table,ul,ol,h1,h2,h3,img')
  const name = RENAME[e.tagName]
  if (name && !holdsBlocks) e = rename(e, name)
  if (e.tagName === 'A' && !ADDRESS.test((e.getAttribute('href') ?? '').trim())) {
    strip(e, report)
    unwrap(e)
    return
  }
  if (e.tagName === 'IMG' && !settleImage(e, report)) return
  strip(e, report)
  if (!KEEP.has(e.tagName)) {
    unwrap(e)
    return
  }
  const allowed = ATTRIBUTES[e.tagName] ?? []
  for (const a of [...e.attributes]) if (!allowed.includes(a.name)) e.removeAttribute(a.name)
  for (const a of ['colspan', 'rowspan']) if (e.getAttribute(a) === '1') e.removeAttribute(a)
  if (align && /^(P|H[234])$/.test(e.tagName)) e.className = `c-${align}`
}

function alignOf(e: Element, style: string): string {
  const said = /text-align:\s*(center|right)/i.exec(style)?.[1] ?? e.getAttribute('align') ?? ''
  const kept = /(?:^|\s)c-(center|right)(?:\s|$)/.exec(e.getAttribute('class') ?? '')?.[1]
  return /^(center|right)$/i.test(said) ? said.toLowerCase() : (kept ?? '')
}

/** Pictures on the writer's disk have to be uploaded, those of other hosts to be fetched. False: removed. */
function settleImage(e: HTMLElement, report: PasteReport): boolean {
  const source = e.getAttribute('data-src') || e.getAttribute('src') || ''
  if (!source || /^(file:|blob:|cid:|data:)/i.test(source)) {
    report.localImages++
    e.setAttribute('data-pending', 'local')
    e.removeAttribute('src')
  } else if (/^https?:/i.test(source)) {
    report.remoteImages++
    e.setAttribute('src', source)
    e.setAttribute('data-pending', 'remote')
  } else if (/^\/(?!\/)/.test(source)) {
    e.setAttribute('src', source)
  } else {
    report.removed++
    e.remove()
    return false
  }
  if (!e.hasAttribute('alt')) e.setAttribute('alt', '')
  return true
}

/** Empty paragraphs and leading blanks go; 一、 and （一） lines become headings. */
function tidyParagraphs(body: HTMLElement, report: PasteReport, headings: boolean) {
  for (const p of [...body.querySelectorAll('p')]) {
    const text = (p.textContent ?? '').replace(/[\s\u00a0\u3000]+/g, '')
    if (!text && !p.querySelector('img,table')) {
      p.remove()
      continue
    }
    const first = firstText(p)
    if (first) first.data = first.data.replace(/^[\s\u00a0\u3000]+/, '')
    if (!headings || p.closest('td,th,li')) continue
    const name = HEADING_2.test(text) ? 'h2' : HEADING_3.test(text) ? 'h3' : ''
    if (name) {
      rename(p, name).removeAttribute('class')
      report.headings++
    }
  }
}

function unwrap(e: Element) {
  e.replaceWith(...e.childNodes)
}

function rename(e: Element, name: string): HTMLElement {
  const next = e.ownerDocument.createElement(name)
  for (const a of [...e.attributes]) {
    try {
      next.setAttribute(a.name, a.value)
    } catch {
      // Word writes attribute names that no DOM accepts; they would be stripped anyway.
    }
  }
  next.append(...e.childNodes)
  e.replaceWith(next)
  return next
}

function firstText(e: Node): Text | null {
  for (const child of e.childNodes) {
    if (child.nodeType === 3) return child as Text
    const inner = firstText(child)
    if (inner) return inner
  }
  return null
}

/** 已清理粘贴格式：列表 3、标题 1、本地图片待上传 1、修订痕迹 2 */
export function describePaste(report: PasteReport): string {
  const parts = [
    report.lists && `列表 ${report.lists}`,
    report.headings && `标题 ${report.headings}`,
    report.trackedChanges && `修订痕迹 ${report.trackedChanges}`,
    report.localImages && `本地图片 ${report.localImages} 张需重新插入`,
    report.remoteImages && `外站图片 ${report.remoteImages} 张需下载后重新插入`,
    report.removed && `去掉不允许的内容 ${report.removed}`,
  ].filter(Boolean)
  return parts.length ? `已清理粘贴格式：${parts.join('、')}。` : '已清理粘贴格式。'
}
