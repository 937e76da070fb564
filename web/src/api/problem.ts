// What the server says when it says no (RFC 9457), and what we say when it says nothing.
import type { components } from './schema'

export type Problem = components['schemas']['Problem']

/** A refusal of the server. `message` is a sentence for people; `errors` belongs to the fields of the form. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title)
    this.name = 'ApiError'
  }

  get status() {
    return this.problem.status
  }

  get code() {
    return this.problem.code
  }

  get errors(): Record<string, string> {
    return this.problem.errors ?? {}
  }
}

/** The request never got an answer. */
export class NetworkError extends Error {
  constructor() {
    super('连接不上服务器。请检查网络后重试；您填写的内容仍保留在本页。')
    this.name = 'NetworkError'
  }
}

const SENTENCES: Record<number, string> = {
  401: '登录已失效，请重新登录。',
  403: '您没有这项权限。如确需办理，请联系本单位的安全管理员授权。',
  404: '没有找到，可能已被删除，或不在您的权限范围内。请回到列表重新查找。',
  409: '数据刚刚被其他人改动，请刷新后再试。',
  413: '文件太大，请压缩或拆分后再上传。',
  429: '操作过于频繁，请稍等一分钟再试。',
}

/** A problem from whatever came back; an empty or foreign body still becomes a sentence. */
export function problemFrom(body: unknown, status: number): Problem {
  if (body && typeof body === 'object' && typeof (body as Problem).title === 'string')
    return { ...(body as Problem), code: (body as Problem).code ?? '', status }
  const title = SENTENCES[status] ?? `服务器没有正常答复（${status}）。请稍后再试，仍不行请联系管理员。`
  return { title, status, code: '' }
}

export function messageOf(error: unknown): string {
  if (error instanceof ApiError) {
    const id = error.status >= 500 ? error.problem.request_id : undefined
    return id ? `${error.message}（请求编号 ${id}）` : error.message
  }
  if (error instanceof NetworkError) return error.message
  return '页面出了问题，请刷新后重试。'
}

export const hasCode = (error: unknown, code: string): error is ApiError =>
  error instanceof ApiError && error.code === code

/** Errors of fields as the forms want them: "content.title" also answers to "title". */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {}
  const out: Record<string, string> = {}
  for (const [field, message] of Object.entries(error.errors)) {
    out[field] = message
    const bare = field.replace(/^content\./, '')
    out[bare] ??= message
  }
  return out
}
