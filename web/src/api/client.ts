// The one way to the server: types from the contract, the session's cookie, the CSRF token, and
// refusals as exceptions.
import createClient from 'openapi-fetch'
import type { components, paths } from './schema'
import { ApiError, NetworkError, problemFrom } from './problem'

type Schemas = components['schemas']
export type Session = Schemas['Session']
export type OwnSession = Schemas['OwnSession']
export type User = Schemas['User']
export type UserDetail = Schemas['UserDetail']
export type UserInput = Schemas['UserInput']
export type Role = Schemas['Role']
export type Grant = Schemas['Grant']
export type GrantInput = Schemas['GrantInput']
export type Org = Schemas['Org']
export type OrgInput = Schemas['OrgInput']
export type SiteSummary = Schemas['SiteSummary']
export type Site = Schemas['Site']
export type SiteInput = Schemas['SiteInput']
export type Column = Schemas['Column']
export type ColumnInput = Schemas['ColumnInput']
export type Target = Schemas['Target']
export type Attachment = Schemas['Attachment']
export type Content = Schemas['Content']
export type Item = Schemas['Item']
export type ItemDetail = Schemas['ItemDetail']
export type ItemKind = Item['kind']
export type ItemState = Item['state']
export type VersionHead = Schemas['VersionHead']
export type Version = Schemas['Version']
export type StoredFile = Schemas['StoredFile']
export type Recognised = Schemas['Recognised']
export type Submission = Schemas['Submission']
export type Comment = Schemas['Comment']
export type Gates = Schemas['Gates']
export type Proof = Schemas['Proof']
export type Level = Schemas['Level']
export type Pass = Schemas['Pass']
export type Flow = Schemas['Flow']
export type FlowDetail = Schemas['FlowDetail']
export type Chain = Schemas['Chain']
export type ChainInput = Schemas['ChainInput']
export type Publication = Schemas['Publication']
export type ReleaseResult = Schemas['ReleaseResult']
export type Todo = Schemas['Todo']
export type Workbench = Schemas['Workbench']
export type AuditRecord = Schemas['AuditRecord']
export type AuditVerification = Schemas['AuditVerification']

let csrfToken = ''
let onSignedOut: () => void = () => {}

export function setCsrfToken(token: string) {
  csrfToken = token
}

/** Called when the server no longer knows who we are. */
export function whenSignedOut(handler: () => void) {
  onSignedOut = handler
}

export const csrfHeaders = (): Record<string, string> => (csrfToken ? { 'X-CSRF-Token': csrfToken } : {})

export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '', credentials: 'same-origin' })

api.use({
  onRequest({ request }) {
    if (request.method !== 'GET') for (const [k, v] of Object.entries(csrfHeaders())) request.headers.set(k, v)
    return request
  },
  onResponse({ response, schemaPath }) {
    // A wrong password is a 401 as well, and so is the question for the one-time code.
    if (response.status === 401 && schemaPath !== '/api/session') onSignedOut()
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === 'AbortError') return error
    return new NetworkError()
  },
})

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** Data, or an ApiError. */
export function must<T>(answer: Answer<T>): T {
  if (!answer.response.ok) throw new ApiError(problemFrom(answer.error, answer.response.status))
  return answer.data as T
}

/** Uploads one file with progress: fetch can't tell how far it has come. */
export function upload<T>(path: '/api/files' | '/api/import', file: File, progress?: (part: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const form = new FormData()
    form.append('file', file, file.name)
    const request = new XMLHttpRequest()
    request.open('POST', path)
    for (const [k, v] of Object.entries(csrfHeaders())) request.setRequestHeader(k, v)
    request.upload.onprogress = (e) => e.lengthComputable && progress?.(e.loaded / e.total)
    request.onerror = () => reject(new NetworkError())
    request.onload = () => {
      let body: unknown
      try {
        body = JSON.parse(request.responseText)
      } catch {
        body = undefined
      }
      if (request.status === 401) onSignedOut()
      if (request.status >= 200 && request.status < 300) resolve(body as T)
      else reject(new ApiError(problemFrom(body, request.status)))
    }
    request.send(form)
  })
}
