import { describe, expect, it } from 'vitest'
import { must } from '../../src/api/client'
import { ApiError, fieldErrors, hasCode, messageOf, NetworkError, problemFrom } from '../../src/api/problem'

const answer = (status: number, error?: unknown) => ({ error, response: new Response(null, { status }) })

describe('a refusal of the server', () => {
  it('becomes an error with its code, sentence and fields', () => {
    let caught: unknown
    try {
      must(answer(422, { title: '标题不能为空', status: 422, code: 'library.invalid', errors: { 'content.title': '标题不能为空' } }))
    } catch (e) {
      caught = e
    }
    expect(hasCode(caught, 'library.invalid')).toBe(true)
    expect(messageOf(caught)).toBe('标题不能为空')
    expect(fieldErrors(caught)).toEqual({ 'content.title': '标题不能为空', title: '标题不能为空' })
  })

  it('is a sentence that says what to do even without a body', () => {
    for (const status of [401, 403, 404, 409, 413, 429, 500, 502]) expect(problemFrom(undefined, status).title).toMatch(/请|重/)
    expect(problemFrom('<html>', 502).title).toContain('502')
  })

  it('names the request when the server broke', () => {
    expect(messageOf(new ApiError({ title: '内部错误', status: 500, code: '', request_id: 'r7' }))).toContain('r7')
  })

  it('a lost connection promises that nothing typed is lost', () => {
    expect(messageOf(new NetworkError())).toContain('仍保留')
  })

  it('an empty answer to a deed is no error', () => {
    expect(must({ response: new Response(null, { status: 204 }) })).toBeUndefined()
  })
})
