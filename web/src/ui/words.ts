// What states and kinds are called, and in which tone they are shown. A tone never stands without its word.
import type { Column, Flow, ItemKind, ItemState, Org, Pass, Publication, Site, Submission } from '../api/client'

export type Tone = 'plain' | 'info' | 'warn' | 'ok' | 'bad'
export interface Word {
  label: string
  tone: Tone
}

export const ITEM_STATE: Record<ItemState, Word> = {
  draft: { label: '草稿', tone: 'plain' },
  in_review: { label: '审核中', tone: 'warn' },
  returned: { label: '已退回', tone: 'bad' },
  approved: { label: '待发布', tone: 'info' },
  released: { label: '已发布', tone: 'ok' },
  withdrawn: { label: '已撤下', tone: 'bad' },
}

export const ITEM_KIND: Record<ItemKind, string> = {
  article: '信息',
  notice: '通知公告',
  policy: '政策文件',
  interpretation: '政策解读',
  leader: '领导信息',
  institution: '机构职能',
  page: '单页',
}

export const PUBLICATION_STATE: Record<Publication['state'], Word> = {
  scheduled: { label: '定时待发', tone: 'info' },
  live: { label: '在线', tone: 'ok' },
  expired: { label: '已到期', tone: 'plain' },
  withdrawn: { label: '已撤下', tone: 'bad' },
}

export const FLOW_STATE: Record<Flow['state'], Word> = {
  open: { label: '审核中', tone: 'warn' },
  approved: { label: '已通过', tone: 'ok' },
  returned: { label: '已退回', tone: 'bad' },
  taken_back: { label: '已撤回', tone: 'plain' },
}

export const VERDICT: Record<Pass['verdict'], Word> = {
  approve: { label: '通过', tone: 'ok' },
  return: { label: '退回', tone: 'bad' },
  take_back: { label: '撤回送审', tone: 'plain' },
  later_review: { label: '事后补审', tone: 'info' },
}

export const SUBMISSION_STATE: Record<Submission['state'], Word> = {
  pending: { label: '待处理', tone: 'warn' },
  accepted: { label: '已采用', tone: 'ok' },
  returned: { label: '已退稿', tone: 'bad' },
}

export const VALIDITY = { valid: '有效', expired: '失效', repealed: '废止', amended: '已修改' } as const

export const INTERPRETATION_FORM = {
  text: '文字解读',
  chart: '图表图解',
  video: '视频',
  animation: '动漫',
  scene: '场景演示',
  press: '新闻发布会',
} as const

export const SITE_KIND: Record<Site['kind'], string> = { portal: '政府门户网站', department: '部门网站' }

export const SITE_STATE: Record<NonNullable<Site['state']>, Word> = {
  preparing: { label: '筹备中', tone: 'info' },
  running: { label: '运行中', tone: 'ok' },
  temp_offline: { label: '临时下线', tone: 'warn' },
  closing: { label: '关停中', tone: 'warn' },
  closed: { label: '已关停', tone: 'plain' },
  archived: { label: '已归档', tone: 'plain' },
}

export const COLUMN_KIND: Record<Column['kind'], string> = {
  list: '信息列表',
  page: '单页',
  leaders: '领导信息',
  institutions: '机构职能',
  channel: '频道（汇总下级栏目）',
}

export const ORG_KIND: Record<Org['kind'], string> = {
  government: '人民政府',
  office: '办公室',
  department: '工作部门',
  township: '乡镇（街道）',
  institution: '事业单位',
}

export const ORG_LEVEL: Record<Org['level'], string> = { province: '省级', city: '市级', county: '县级', township: '乡级' }

export const DUTY: Record<string, string> = {
  principal: '第一责任人',
  deputy: '直接责任人',
  security: '安全责任人',
  content: '内容编辑责任人',
  ops: '技术运维责任人',
  reading: '读网值班',
}

export const GATES = [
  { key: 'political', name: '政治关', ask: '政治方向、表述和立场正确，领导人姓名、职务、排序无误' },
  { key: 'legal', name: '法律关', ask: '内容合法，不侵犯著作权、肖像权，不泄露个人信息' },
  { key: 'policy', name: '政策关', ask: '与现行政策一致，口径、数据与来源相符' },
  { key: 'secrecy', name: '保密关', ask: '已作保密审查，不含国家秘密、工作秘密和敏感信息' },
  { key: 'wording', name: '文字关', ask: '文字、标点、日期、名称、链接和附件无错漏' },
] as const

/** The classes of columns that the page tags know (47号 附件). */
export const COLUMN_TYPES = [
  '概况信息', '机构职能', '负责人信息', '动态要闻', '通知公告', '政策文件', '政策解读', '回应关切', '政府信息公开指南',
  '政府信息公开目录', '政府信息公开年报', '依申请公开', '人事信息', '规划计划', '统计信息', '财政信息', '重大项目', '行政许可',
  '应急管理', '民生信息', '办事服务', '互动交流', '咨询投诉', '调查征集', '在线访谈', '数据开放', '专题专栏', '网站工作年度报表', '其他',
]

export const ABILITY: Record<string, string> = {
  'library.read': '查看稿件',
  'library.write': '撰写稿件',
  'library.contribute': '投稿',
  'library.accept': '采用投稿',
  'review.proofread': '校对',
  'review.first': '初审',
  'review.second': '复审',
  'review.final': '终审',
  'review.emergency': '应急发布',
  'review.chains': '设置审核流程',
  'release.publish': '发布',
  'release.withdraw': '撤下',
  'site.read': '查看网站设置',
  'site.manage': '管理网站与栏目',
  'org.read': '查看机构与人员',
  'org.manage': '管理机构',
  'staff.manage': '管理账号',
  'staff.grant': '授权',
  'audit.read': '查看审计',
  'supervise.read': '督查监管',
}

export const options = <T extends string>(words: Record<T, string | Word>) =>
  (Object.entries(words) as [T, string | Word][]).map(([value, word]) => ({
    value,
    label: typeof word === 'string' ? word : word.label,
  }))
