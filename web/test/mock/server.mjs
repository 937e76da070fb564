// A stand-in for the C++ server, for drawing and checking pages while there is none. Never shipped.
// In memory, one government, rules only as deep as the pages need. `node test/mock/server.mjs [PORT]`.
import http from 'node:http'
import fs from 'node:fs'
import path from 'node:path'
import crypto from 'node:crypto'
import zlib from 'node:zlib'

const DIST = path.resolve(import.meta.dirname, '../../../build/web')
const CSP =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; frame-src 'self'; object-src 'none'; base-uri 'none'"
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.svg': 'image/svg+xml', '.json': 'application/json' }
const iso = (t = Date.now()) => new Date(t + 8 * 3600e3).toISOString().replace('Z', '+08:00').replace(/\.\d+/, '')
const ago = (h) => iso(Date.now() - h * 3600e3)

const orgs = [
  [1, 0, '云岭市人民政府', '市政府', 'government', 'city'], [2, 1, '云岭市人民政府办公室', '市政府办', 'office', 'city'],
  [3, 1, '云岭市财政局', '市财政局', 'department', 'city'], [4, 1, '云岭市卫生健康委员会', '市卫健委', 'department', 'city'],
  [5, 1, '青溪县人民政府', '青溪县政府', 'government', 'county'], [6, 5, '青溪县人民政府办公室', '县政府办', 'office', 'county'],
  [7, 5, '青溪县财政局', '县财政局', 'department', 'county'], [8, 5, '石桥镇人民政府', '石桥镇', 'township', 'township'],
].map(([id, parent_id, name, short_name, kind, level]) => ({ id, parent_id, name, short_name, kind, level, region_code: '530900', credit_code: '11530900MB0000000X', issuer_abbr: '', supervising_org_id: 0, phone: '', address: '', duties: '', position: 0, warnings: [] }))
const ALL = ['library.read', 'library.write', 'library.contribute', 'library.accept', 'review.first', 'review.second', 'review.final', 'review.emergency', 'review.chains', 'release.publish', 'release.withdraw', 'site.read', 'site.manage', 'org.read', 'org.manage', 'staff.manage', 'staff.grant', 'audit.read']
const roles = [['editor', '编辑', ['library.read', 'library.write']], ['first_reviewer', '初审', ['library.read', 'review.first']], ['second_reviewer', '复审', ['library.read', 'review.second']], ['final_reviewer', '终审', ['library.read', 'review.final']], ['publisher', '发布员', ['library.read', 'release.publish', 'release.withdraw']], ['system_admin', '系统管理员', ['staff.manage', 'org.read']]].map(([key, name, abilities]) => ({ key, name, abilities, excludes: key === 'system_admin' ? ['editor', 'publisher'] : key === 'editor' ? ['system_admin'] : [] }))
const users = [['all', '全能', 1, ALL], ['bianji', '李敏', 2, ['library.read', 'library.write', 'library.contribute']], ['chushen', '王芳', 2, ['library.read', 'review.first']], ['fushen', '张强', 2, ['library.read', 'review.second']], ['zhongshen', '陈望', 2, ['library.read', 'review.final']], ['fabu', '赵云', 2, ['library.read', 'release.publish', 'release.withdraw']], ['new', '新人', 2, []]].map(([login, name, org_id, abilities], i) => ({ id: i + 1, login, name, org_id, abilities, state: 'active', phone: '138****0001', must_change_password: login === 'new', totp_enabled: false, last_login_at: ago(30), roles: roles.filter((r) => r.abilities.every((a) => abilities.includes(a))).slice(0, 2).map((r) => r.key), grants: [{ id: i * 10 + 1, role: roles[i % 6].key, org_id }] }))
for (let i = 8; i < 60; i++) users.push({ ...users[1], id: i, login: `user${i}`, name: '周' + '一二三四五六七八九十'[i % 10] + i, org_id: 1 + (i % 8) })
for (const [login, twin, name] of [['yl-bj', 'bianji', '林晓楠'], ['yl-bj2', 'bianji', '马思远'], ['yl-cs', 'chushen', '许明哲'], ['yl-fs', 'fushen', '高玉兰'], ['yl-zs', 'zhongshen', '陈国栋'], ['yl-fb', 'fabu', '孙一帆']])
  users.push({ ...users.find((u) => u.login === twin), id: users.length + 1, login, name, grants: [] })
users.push({ ...users[1], id: users.length + 1, login: 'secadmin', name: '韦佩珊', abilities: ['org.read', 'staff.grant'] })
users.push({ ...users[1], id: users.length + 1, login: 'auditor', name: '罗正廉', abilities: ['audit.read'] })
users[9].locked_until = iso(Date.now() + 6e5)
users[10].state = 'disabled'
const sites = [['yunling', '云岭市人民政府', 'portal', 1], ['czj', '云岭市财政局', 'department', 3], ['wjw', '云岭市卫生健康委员会', 'department', 4], ['qingxi', '青溪县人民政府', 'portal', 5]].map(([code, name, kind, sponsor_org_id], i) => ({ id: i + 1, code, name, kind, state: 'running', primary_domain: `www.${code}.gov.cn`, domains: [`www.${code}.gov.cn`], sponsor_org_id, supervising_org_id: 2, operator_org_id: 2, site_code: '5309000001', icp_number: '滇ICP备00000001号', police_filing_number: '53090002000001', badge_id: '', contact_phone: '0000-1234567', contact_email: '', contact_address: '云岭市', description: '', responsible: [{ duty: 'principal', name: '陈望', phone: '' }], links: [{ group: '中央', name: '中国政府网', url: 'https://www.gov.cn' }], theme: 'base', layout: {}, revision: 1, may: ['site.manage'] }))
const columns = []
for (const s of sites)
  for (const [name, slug, kids] of [['政务公开', 'zwgk', [['政策文件', 'zcwj'], ['政策解读', 'zcjd'], ['财政信息', 'czxx']]], ['新闻动态', 'xwdt', [['政务要闻', 'zwyw'], ['部门动态', 'bmdt']]], ['通知公告', 'tzgg', []], ['领导信息', 'ldxx', []]]) {
    const top = { id: columns.length + 1, site_id: s.id, parent_id: 0, name, slug, path: `/${slug}/`, depth: 1, kind: kids.length ? 'channel' : 'list', column_type: name, owner_org_id: s.sponsor_org_id, update_cycle_days: 14, in_nav: true, hidden: false, position: 0, item_count: 12, last_release_at: ago(200), stale: name === '通知公告', blank: false }
    columns.push(top)
    for (const [n, sl] of kids) columns.push({ ...top, id: columns.length + 1, parent_id: top.id, name: n, slug: sl, path: `/${slug}/${sl}/`, depth: 2, kind: 'list', column_type: n, stale: false, blank: n === '部门动态' })
  }
const BODY = '<p>各县区人民政府，市政府各部门：</p><h2>一、总体要求</h2><p>坚持以公开为常态、不公开为例外，2026年12月底前完成基层政务公开标准目录的梳理和公布。</p><h2>二、重点任务</h2><p>（一）规范栏目更新。各单位对照目录，逐栏目明确责任人和更新周期。</p><table><tbody><tr><th>任务</th><th>责任单位</th><th>时限</th></tr><tr><td>目录编制</td><td>市政府办</td><td>6月</td></tr></tbody></table><p class="c-right">云岭市人民政府办公室</p><p class="c-right">2026年11月20日</p>'
const TITLES = ['关于印发《云岭市2026年政务公开工作要点》的通知', '市政府召开第四十二次常务会议研究部署冬春农田水利建设', '2026年秋季学期家庭经济困难学生资助公告', '一图读懂《云岭市支持中小企业发展若干措施》', '云岭市财政局关于2025年度部门决算公开的说明']
const STATES = ['draft', 'in_review', 'returned', 'approved', 'released', 'withdrawn']
const KINDS = ['policy', 'article', 'notice', 'interpretation', 'article']
const items = []
const flows = []
const publications = []
let nextFlow = 1
let nextPublication = 1
const LEVELS = [{ name: '初审', ability: 'review.first', due_hours: 24 }, { name: '复审', ability: 'review.second', due_hours: 24 }, { name: '终审', ability: 'review.final', due_hours: 24 }]
function addItem(kind, content, author, org = 2, state = 'draft', at = iso()) {
  const it = { id: items.length + 1, kind, state, org_id: org, author_id: author.id, author_name: author.name, title: content.title, newest_number: 1, shared: false, created_at: at, updated_at: at, revision: 1, content, versions: [] }
  it.versions.push({ id: it.id * 100 + 1, number: 1, title: content.title, saved_by_name: author.name, saved_at: at, autosaved: false, note: '', content })
  items.push(it)
  return it
}
function openFlow(it, by, emergency) {
  const f = { id: nextFlow++, item_id: it.id, version_id: 1, version_number: it.newest_number, title: it.title, kind: it.kind, org_id: it.org_id, author_id: it.author_id, author_name: it.author_name, submitted_by_name: by.name, submitted_at: iso(), levels: LEVELS, level: 1, state: 'open', emergency: !!emergency, emergency_reason: emergency ?? '', later_review_due: !!emergency, due_at: iso(Date.now() + 20 * 3600e3), overdue: false, passes: [] }
  flows.push(f)
  it.state = 'in_review'
  return f
}
for (let i = 0; i < 83; i++) {
  const it = addItem(KINDS[i % 5], { title: TITLES[i % 5] + (i > 4 ? `（${i}）` : ''), body_html: BODY, source: '云岭市人民政府办公室', summary: '', keywords: ['政务公开'], original: true, author: '李敏', attachments: [], targets: [{ site_id: 1, column_id: 2 }], interprets: [], policy: { issuing_organ: '云岭市人民政府办公室', document_number: `云政办发〔2026〕${i + 1}号`, issued_on: '2026-11-20', validity: 'valid' } }, users[1], 1 + (i % 5), STATES[i % 6], ago(i * 7))
  if (it.state === 'in_review') openFlow(it, users[1], i === 13 ? '暴雨红色预警' : undefined)
  if (it.state === 'released') publications.push({ id: nextPublication++, item_id: it.id, version_number: 1, site_id: 1, column_id: 2, url: `/zwgk/zcwj/2026/1120/${it.id}.html`, state: 'live', publish_at: it.updated_at, pinned: false, position: 0, changed_at: it.updated_at, may: ['withdraw', 'move', 'pin'] })
  if (it.state === 'returned') Object.assign(it, { returned_note: '日期有误，请核对', returned_comments: [{ quote: '2026年12月底前', text: '应为 11 月底前，与上级文件一致' }] })
}
flows[1].due_at = ago(3)
flows[1].overdue = true
flows[0].passes = []
const submissions = [1, 2, 3].map((n) => ({ id: n, item_id: n, title: TITLES[n], from_org_id: 8, to_org_id: 6, state: n === 3 ? 'accepted' : 'pending', note: '请审阅', submitted_by_name: '周镇', submitted_at: ago(n * 5), may: n === 3 ? [] : ['accept', 'return'] }))
const audits = Array.from({ length: 137 }, (_, i) => ({ sequence: 137 - i, at: ago(i), user_id: 1 + (i % 6), user_name: users[i % 6].name, address: '10.0.0.' + (i % 250), request_id: 'r' + i, action: ['library.save', 'review.pass', 'release.publish', 'identity.log_in'][i % 4], subject_kind: ['item', 'flow', 'publication', 'user'][i % 4], subject: i, summary: ['保存稿件第 3 版', '初审通过《关于印发…的通知》', '发布到 云岭市人民政府 › 政策文件', '登录'][i % 4], before: '{"state":"draft"}', after: '{"state":"in_review"}', outcome: i % 17 === 5 ? 'refused' : 'done', hash: crypto.createHash('sha256').update('' + i).digest('hex') }))
const chains = [{ id: 1, name: '政策文件四级审核', org_id: 1, column_id: 0, levels: [{ name: '校对', ability: 'review.proofread', due_hours: 8 }, ...LEVELS], revision: 1 }]
const sessions = new Map()
const files = new Map()

class Refusal extends Error {
  constructor(status, code, title, more = {}) {
    super(title)
    this.body = { status, code, title, request_id: 'mock', ...more }
  }
}
const no = (...a) => {
  throw new Refusal(...a)
}
const page = (list, q) => {
  const size = Math.min(100, +(q.get('size') ?? 20))
  const at = (+(q.get('page') ?? 1) - 1) * size
  return { total: list.length, items: list.slice(at, at + size) }
}
const bare = ({ versions: _, content: __, ...rest }) => rest
const has = (me, a) => me.abilities.includes(a)
function detail(it, me) {
  const open = flows.find((f) => f.item_id === it.id && f.state === 'open')
  const may = []
  if (it.state !== 'in_review' && has(me, 'library.write')) may.push('edit', 'share', 'contribute')
  if (['draft', 'returned', 'released', 'withdrawn', 'approved'].includes(it.state) && has(me, 'library.write')) may.push('submit')
  if (open && has(me, 'library.write')) may.push('take_back')
  if (['approved', 'released'].includes(it.state) && has(me, 'release.publish')) may.push('release')
  if (it.state === 'released' && has(me, 'release.withdraw')) may.push('withdraw')
  if (has(me, 'review.emergency') && it.state !== 'in_review') may.push('emergency')
  return { ...it, versions: undefined, may, flow_id: open?.id, faults: {}, interpretations: [], policies: [] }
}
function flowDetail(f, me) {
  const it = items[f.item_id - 1]
  const obstacles = []
  if (f.state === 'open') {
    if (me.id === f.author_id) obstacles.push({ code: 'review.reviewer_is_author', message: '撰稿人不能审核自己的稿件' })
    if (!has(me, f.levels[f.level - 1].ability)) obstacles.push({ code: 'review.ability_missing', message: `您没有${f.levels[f.level - 1].name}权限` })
    if (f.passes.some((p) => p.reviewer_id === me.id)) obstacles.push({ code: 'review.reviewer_passed_earlier_level', message: '您已审过前面的环节，须由另一人审核' })
  }
  const before = { ...it.content, title: it.content.title, body_html: BODY.replace('以公开为常态、不公开为例外', '公开为常态').replace('<p>（一）规范', '<p>（一）加强') }
  return { ...f, obstacles, may: obstacles.length ? [] : ['pass'], content: it.content, ...(f.id % 2 ? { compared_with: before } : {}) }
}
const preview = (it, site) => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>${it.title}</title><link rel="stylesheet" href="/preview.css"></head><body><header><b>${site?.name ?? ''}</b></header><main><h1>${it.title}</h1><p class="meta">来源：${it.content.source} 发布时间：${it.updated_at}</p>${it.content.body_html}</main></body></html>`

const R = []
const on = (method, pattern, run) => R.push({ method, re: new RegExp('^' + pattern.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)') + '$'), run })
const sess = (me, csrf) => ({ user: me ? { ...me, abilities: undefined, grants: undefined } : null, org: me ? orgs[me.org_id - 1] : null, abilities: me?.abilities ?? [], grants: me?.grants ?? [], csrf, must_change_password: !!me?.must_change_password })
on('GET', '/api/session', (c) => sess(c.me, 'csrf'))
on('POST', '/api/session', (c) => {
  const u = users.find((x) => x.login === c.body.login)
  if (!u || !['demo', 'Huabiao-2019'].includes(c.body.password)) no(401, 'identity.bad_credentials', '账号或口令不对，请重新输入。')
  if (u.totp_enabled && !c.body.totp) no(401, 'identity.totp_needed', '请输入动态口令')
  const sid = crypto.randomUUID()
  sessions.set(sid, u)
  c.res.setHeader('set-cookie', `sid=${sid}; Path=/; HttpOnly; SameSite=Lax`)
  return sess(u, 'csrf')
})
on('DELETE', '/api/session', (c) => void sessions.delete(c.sid))
on('GET', '/api/session/all', () => [{ id: 1, address: '127.0.0.1', agent: 'Chromium 156', started_at: ago(2), seen_at: iso(), current: true }, { id: 2, address: '10.0.0.8', agent: 'Edge 120', started_at: ago(40), seen_at: ago(30), current: false }])
on('DELETE', '/api/session/all/{id}', () => undefined)
on('POST', '/api/account/password', (c) => {
  if (c.body.new_password.length < 10) no(422, 'identity.weak_password', '口令太弱', { errors: { new_password: '至少 10 位，请加长' } })
  c.me.must_change_password = false
})
on('POST', '/api/account/totp', () => ({ secret: 'JBSWY3DPEHPK3PXP', uri: 'otpauth://totp/x' }))
on('PUT', '/api/account/totp', (c) => ((c.me.totp_enabled = true), { recovery_codes: ['abcd-1234', 'efgh-5678'] }))
on('DELETE', '/api/account/totp', (c) => void (c.me.totp_enabled = false))
on('GET', '/api/workbench', (c) => ({
  todos: [
    ...flows.filter((f) => f.state === 'open' && f.levels.some((l) => has(c.me, l.ability))).slice(0, 6).map((f) => ({ kind: f.emergency ? 'later_review' : 'review', title: f.title, note: `${f.levels[f.level - 1].name} · ${f.author_name}`, link: `/reviews/${f.id}`, due_at: f.due_at, overdue: f.overdue, since: f.submitted_at })),
    ...items.filter((i) => i.state === 'returned').slice(0, 2).map((i) => ({ kind: 'returned', title: i.title, note: i.returned_note, link: `/items/${i.id}`, since: i.updated_at })),
    { kind: 'stale_column', title: '云岭市人民政府 › 通知公告', note: '已 31 天未更新，周期 14 天', link: '/sites/1/columns?column=8' },
    { kind: 'stale_column', title: '青溪县人民政府 › 通知公告', note: '已 20 天未更新，周期 14 天', link: '/sites/4/columns?column=32' },
  ],
  mine: items.filter((i) => i.author_id === 2).slice(0, 6).map(bare),
  counts: { review: 7, approved: 14, submission: 2 },
  published_by_day: Array.from({ length: 30 }, (_, i) => ({ day: ago((29 - i) * 24).slice(0, 10), count: (i * 7) % 12 })),
}))
on('GET', '/api/orgs', () => orgs)
on('PUT', '/api/orgs/{id}', (c) => Object.assign(orgs[c.p.id - 1], c.body))
on('POST', '/api/orgs', (c) => (orgs.push({ ...c.body, id: orgs.length + 1 }), orgs[orgs.length - 1]))
on('GET', '/api/roles', () => roles)
on('GET', '/api/users', (c) => page(users.filter((u) => (!c.q.get('q') || u.name.includes(c.q.get('q')) || u.login.includes(c.q.get('q'))) && (!c.q.get('org') || u.org_id === +c.q.get('org'))), c.q))
on('GET', '/api/users/{id}', (c) => users[c.p.id - 1] ?? no(404, 'identity.user_not_found', '没有这个人'))
on('POST', '/api/users', (c) => (users.push({ ...users[1], ...c.body, id: users.length + 1, grants: [], roles: [], abilities: [] }), users[users.length - 1]))
on('PUT', '/api/users/{id}', (c) => Object.assign(users[c.p.id - 1], c.body))
on('POST', '/api/users/{id}/password', () => undefined)
on('POST', '/api/users/{id}/unlock', (c) => void delete users[c.p.id - 1].locked_until)
on('POST', '/api/users/{id}/grants', (c) => {
  const g = { id: Date.now(), ...c.body }
  users[c.p.id - 1].grants.push(g)
  return g
})
on('DELETE', '/api/users/{id}/grants/{grant}', (c) => void (users[c.p.id - 1].grants = users[c.p.id - 1].grants.filter((g) => g.id !== +c.p.grant)))
on('GET', '/api/sites', () => sites)
on('GET', '/api/sites/{id}', (c) => sites[c.p.id - 1])
on('PUT', '/api/sites/{id}', (c) => Object.assign(sites[c.p.id - 1], c.body))
on('POST', '/api/sites', () => no(422, 'site.invalid', '名称不能为空', { errors: { name: '名称不能为空' } }))
on('GET', '/api/sites/{id}/columns', (c) => columns.filter((x) => x.site_id === +c.p.id))
on('POST', '/api/sites/{id}/columns', (c) => (columns.push({ ...c.body, id: columns.length + 1, site_id: +c.p.id, path: `/${c.body.slug}/`, depth: 1 }), columns[columns.length - 1]))
on('PUT', '/api/columns/{id}', (c) => Object.assign(columns.find((x) => x.id === +c.p.id), c.body))
on('POST', '/api/columns/{id}/move', (c) => {
  const one = columns.find((x) => x.id === +c.p.id)
  columns.splice(columns.indexOf(one), 1)
  one.parent_id = c.body.parent_id
  const siblings = columns.filter((x) => x.site_id === one.site_id && (x.parent_id ?? 0) === c.body.parent_id)
  const before = siblings[c.body.position]
  columns.splice(before ? columns.indexOf(before) : columns.length, 0, one)
  return one
})
on('DELETE', '/api/columns/{id}', () => no(409, 'site.column_not_empty', '栏目里发布过内容，不能删除，可以设为暂不开放'))
on('GET', '/api/items', (c) => {
  const g = (k) => c.q.get(k)
  let l = items.filter((i) => (!g('q') || i.title.includes(g('q'))) && (!g('state') || g('state').split(',').includes(i.state)) && (!g('kind') || g('kind').split(',').includes(i.kind)) && (!g('org') || i.org_id === +g('org')) && (!g('mine') || i.author_id === c.me.id))
  if (g('sort') === 'title') l = [...l].sort((a, b) => a.title.localeCompare(b.title, 'zh'))
  else l = [...l].sort((a, b) => (g('sort') === 'updated_oldest' ? 1 : -1) * (a.updated_at < b.updated_at ? -1 : 1))
  const p = page(l, c.q)
  return { ...p, items: p.items.map(bare) }
})
on('POST', '/api/items', (c) => {
  if (!c.body.content.title) no(422, 'library.invalid', '标题不能为空', { errors: { title: '标题不能为空' } })
  return detail(addItem(c.body.kind, c.body.content, c.me), c.me)
})
const find = (c) => items[c.p.id - 1] ?? no(404, 'library.item_not_found', '没有这篇稿件')
on('GET', '/api/items/{id}', (c) => detail(find(c), c.me))
on('PUT', '/api/items/{id}', (c) => {
  const it = find(c)
  if (c.body.revision !== it.revision) no(409, 'library.changed', '这篇稿件刚被别人保存过', { current: detail(it, c.me) })
  saveVersion(it, c.body.content, c.me, c.body.autosave)
  return detail(it, c.me)
})
function saveVersion(it, content, me, autosaved, note = '') {
  it.revision++
  it.newest_number++
  it.content = content
  it.title = content.title
  it.updated_at = iso()
  if (['approved', 'released', 'returned'].includes(it.state)) it.state = it.state === 'returned' ? 'returned' : 'draft'
  it.versions.unshift({ id: it.id * 100 + it.newest_number, number: it.newest_number, title: it.title, saved_by_name: me.name, saved_at: iso(), autosaved, note, content })
}
on('GET', '/api/items/{id}/versions', (c) => find(c).versions.map(({ content: _, ...v }) => v))
on('GET', '/api/items/{id}/versions/{number}', (c) => find(c).versions.find((v) => v.number === +c.p.number))
on('POST', '/api/items/{id}/versions/{number}/restore', (c) => {
  const it = find(c)
  saveVersion(it, it.versions.find((v) => v.number === +c.p.number).content, c.me, false, `恢复自第 ${c.p.number} 版`)
  return detail(it, c.me)
})
on('PUT', '/api/items/{id}/shared', (c) => ((find(c).shared = c.body.shared), detail(find(c), c.me)))
on('GET', '/api/items/{id}/preview', (c) => ({ html: preview(find(c), sites[(c.q.get('site') ?? 1) - 1]) }))
on('GET', '/api/items/{id}/trail', (c) => flows.filter((f) => f.item_id === +c.p.id))
on('POST', '/api/items/{id}/submit', (c) => {
  const it = find(c)
  const errors = {}
  if (!it.content.targets?.length) errors.targets = '请至少选择一个发布栏目'
  if (!it.content.source) errors.source = '请填写来源'
  if (!it.content.body_html) errors.body_html = '正文不能为空'
  if (Object.keys(errors).length) no(422, 'library.invalid', Object.values(errors).join('；'), { errors })
  return openFlow(it, c.me)
})
on('POST', '/api/items/{id}/emergency', (c) => {
  const it = find(c)
  const f = openFlow(it, c.me, c.body.reason)
  it.state = 'approved'
  return f
})
on('GET', '/api/flows', (c) => {
  const box = c.q.get('inbox') ?? 'waiting'
  return page(flows.filter((f) => (box === 'waiting' ? f.state === 'open' && has(c.me, f.levels[f.level - 1].ability) && f.author_id !== c.me.id : box === 'later_review' ? f.later_review_due : box === 'returned' ? f.state === 'returned' : f.passes.some((p) => p.reviewer_id === c.me.id)) && (!c.q.get('q') || f.title.includes(c.q.get('q')))), c.q)
})
const flow = (c) => flows.find((f) => f.id === +c.p.id) ?? no(404, 'review.flow_not_found', '没有这个审核流程')
on('GET', '/api/flows/{id}', (c) => flowDetail(flow(c), c.me))
on('POST', '/api/flows/{id}/pass', (c) => {
  const f = flow(c)
  if (flowDetail(f, c.me).obstacles.length) no(409, 'review.obstructed', flowDetail(f, c.me).obstacles.map((o) => o.message).join('；'))
  f.passes.push({ id: Date.now(), level: f.level, level_name: f.levels[f.level - 1].name, reviewer_id: c.me.id, reviewer_name: c.me.name, at: iso(), ...c.body })
  const it = items[f.item_id - 1]
  if (c.body.verdict === 'return') {
    f.state = 'returned'
    Object.assign(it, { state: 'returned', returned_note: c.body.note, returned_comments: c.body.comments })
  } else if (++f.level > f.levels.length) {
    f.state = 'approved'
    it.state = 'approved'
  }
  return flowDetail(f, c.me)
})
on('POST', '/api/flows/{id}/take-back', (c) => {
  const f = flow(c)
  f.state = 'taken_back'
  items[f.item_id - 1].state = 'draft'
  return flowDetail(f, c.me)
})
on('GET', '/api/chains', () => chains)
on('POST', '/api/chains', (c) => (chains.push({ ...c.body, id: chains.length + 1 }), chains[chains.length - 1]))
on('PUT', '/api/chains/{id}', (c) => Object.assign(chains[c.p.id - 1], c.body))
on('DELETE', '/api/chains/{id}', (c) => void chains.splice(c.p.id - 1, 1))
on('GET', '/api/submissions', (c) => page(submissions.filter((s) => !c.q.get('state') || s.state === c.q.get('state')), c.q))
on('POST', '/api/submissions', (c) => ({ ...submissions[0], ...c.body, id: 9 }))
for (const verb of ['accept', 'return']) on('POST', `/api/submissions/{id}/${verb}`, (c) => Object.assign(submissions[c.p.id - 1], { state: verb === 'accept' ? 'accepted' : 'returned', answer: c.body.answer, may: [] }))
on('GET', '/api/items/{id}/publications', (c) => publications.filter((p) => p.item_id === +c.p.id))
const releases = new Map()
on('POST', '/api/items/{id}/release', (c) => {
  const it = find(c)
  if (releases.has(c.body.key)) return releases.get(c.body.key)
  it.state = 'released'
  const outcomes = c.body.targets.map((t) => {
    const old = publications.find((p) => p.item_id === it.id && p.column_id === t.column_id)
    const col = columns.find((x) => x.id === t.column_id)
    const p = old ?? { id: nextPublication++, item_id: it.id, ...t, url: `${col.path}2026/1122/${it.id}.html`, pinned: false, position: 0, may: ['withdraw', 'move', 'pin'] }
    Object.assign(p, { version_number: it.newest_number, state: c.body.publish_at ? 'scheduled' : 'live', publish_at: c.body.publish_at ?? iso(), expire_at: c.body.expire_at, pinned: !!c.body.pinned, changed_at: iso() })
    if (!old) publications.push(p)
    return { target: t, publication: p }
  })
  releases.set(c.body.key, { outcomes })
  return { outcomes }
})
on('POST', '/api/items/{id}/withdraw', (c) => {
  find(c).state = 'withdrawn'
  return publications.filter((p) => p.item_id === +c.p.id).map((p) => Object.assign(p, { state: 'withdrawn', withdrawn_reason: c.body.reason }))
})
on('POST', '/api/publications/{id}/withdraw', (c) => Object.assign(publications.find((p) => p.id === +c.p.id), { state: 'withdrawn', withdrawn_reason: c.body.reason }))
on('POST', '/api/publications/{id}/move', (c) => Object.assign(publications.find((p) => p.id === +c.p.id), { column_id: c.body.column_id }))
on('PUT', '/api/publications/{id}/pinned', (c) => Object.assign(publications.find((p) => p.id === +c.p.id), c.body))
on('GET', '/api/audit', (c) => page(audits.filter((a) => (!c.q.get('action') || a.action.startsWith(c.q.get('action'))) && (!c.q.get('q') || a.summary.includes(c.q.get('q')))), c.q))
on('POST', '/api/audit/verify', () => ({ records: 137, intact: true, head_sequence: 137, head_hash: audits[0].hash }))
on('POST', '/api/files', (c) => {
  const m = /filename="([^"]*)"[\s\S]*?\r\n\r\n/.exec(c.raw.toString('latin1'))
  const data = c.raw.subarray(m ? m.index + m[0].length : 0)
  const hash = crypto.createHash('sha256').update(data).digest('hex')
  files.set(hash, data)
  return { hash, name: Buffer.from(m?.[1] ?? 'x', 'latin1').toString(), size: data.length, media_type: 'application/octet-stream', url: `/api/files/${hash}` }
})
on('POST', '/api/import', () => ({ kind: 'policy', content: { title: TITLES[0], body_html: BODY, policy: { issuing_organ: '云岭市人民政府', document_number: '云政发〔2026〕12号', issued_on: '2026-11-20' } }, concerns: [{ what: 'broken_table', message: '第 2 个表格的列数不齐', excerpt: '目录编制|市政府办' }] }))
const CREATED = new Set(['/api/items', '/api/users', '/api/orgs', '/api/files', '/api/chains', '/api/submissions'])

export function serve(port = 0) {
  const server = http.createServer((req, res) => {
    const chunks = []
    req.on('data', (d) => chunks.push(d))
    req.on('end', () => answer(req, res, Buffer.concat(chunks)))
  })
  return new Promise((ok) => server.listen(port, '127.0.0.1', () => ok({ url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() })))
}

function answer(req, res, raw) {
  const url = new URL(req.url, 'http://x')
  const send = (status, type, body) => {
    const gz = zlib.gzipSync(body)
    res.writeHead(status, { 'content-type': type, 'content-encoding': 'gzip', 'content-security-policy': CSP, 'x-frame-options': 'SAMEORIGIN' })
    res.end(gz)
  }
  if (url.pathname === '/preview.css') return send(200, 'text/css', 'body{margin:0;font:17px/1.9 sans-serif}header{padding:20px 40px;background:#15486f;color:#fff;font-size:24px}main{max-width:900px;margin:30px auto;padding:0 24px}table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:4px 12px}.c-right{text-align:right}.c-center{text-align:center}')
  if (url.pathname === '/api/health') return send(200, 'application/json', '{"status":"ok","version":"mock"}')
  const site = sites.find((x) => req.headers.host?.startsWith(`${x.code}.localhost`))
  if (site && !url.pathname.startsWith('/console')) return portal(site, url, send)
  if (!url.pathname.startsWith('/api/')) {
    let file = path.join(DIST, url.pathname.replace(/^\/console/, ''))
    if (!fs.existsSync(file) || fs.statSync(file).isDirectory()) file = path.join(DIST, 'index.html')
    return send(200, TYPES[path.extname(file)] ?? 'application/octet-stream', fs.readFileSync(file))
  }
  const sid = /sid=([^;]+)/.exec(req.headers.cookie ?? '')?.[1]
  const me = sessions.get(sid)
  try {
    if (!me && url.pathname !== '/api/session') no(401, 'identity.unauthenticated', '请先登录')
    if (req.method !== 'GET' && req.headers['x-csrf-token'] !== 'csrf') no(403, 'http.csrf', '请求缺少校验码，请刷新页面')
    if (req.method === 'GET' && /^\/api\/files\//.test(url.pathname)) return send(200, 'image/png', files.get(url.pathname.slice(11)) ?? Buffer.alloc(0))
    for (const r of R) {
      const m = r.method === req.method && r.re.exec(url.pathname)
      if (!m) continue
      const json = (req.headers['content-type'] ?? '').includes('json')
      const out = r.run({ me, sid, res, p: m.groups ?? {}, q: url.searchParams, raw, body: json && raw.length ? JSON.parse(raw.toString()) : {} })
      if (out?.html) return send(200, 'text/html; charset=utf-8', out.html)
      if (out === undefined) return res.writeHead(204).end()
      return send(req.method === 'POST' && CREATED.has(url.pathname) ? 201 : 200, 'application/json', JSON.stringify(out))
    }
    no(404, 'http.not_found', '没有这个接口')
  } catch (e) {
    if (!(e instanceof Refusal)) console.error(e)
    const body = e instanceof Refusal ? e.body : { status: 500, code: 'mock', title: String(e) }
    send(body.status, 'application/problem+json', JSON.stringify(body))
  }
}

function portal(site, url, send) {
  const here = publications.filter((p) => p.site_id === site.id)
  const page = (status, title, body) => send(status, 'text/html; charset=utf-8', `<!doctype html><html lang="zh-CN"><head><title>${title}</title></head><body><main><h1>${title}</h1>${body}</main></body></html>`)
  if (url.pathname === '/search') {
    const q = url.searchParams.get('q')
    return page(200, '搜索', here.filter((p) => p.state === 'live' && items[p.item_id - 1].title.includes(q)).map((p) => `<p>${items[p.item_id - 1].title}</p>`).join(''))
  }
  const found = here.find((p) => p.url === url.pathname)
  if (!found) return page(404, '没有这一页', '')
  return found.state === 'live' ? page(200, items[found.item_id - 1].title, items[found.item_id - 1].content.body_html) : page(410, '已撤下', '')
}

if (process.argv[1] === import.meta.filename) console.log((await serve(+(process.argv[2] ?? 8099))).url)
