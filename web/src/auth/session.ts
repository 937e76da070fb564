// Who I am and what I may do. Owned by this browser tab; the server decides again on every request.
import { defineStore } from 'pinia'
import { api, must, setCsrfToken, type Session } from '../api/client'

const NOBODY: Session = { user: null, abilities: [], csrf: '', must_change_password: false }

export const useSession = defineStore('session', {
  state: () => ({ current: NOBODY, loaded: false }),
  getters: {
    signedIn: (s) => s.current.user !== null,
    user: (s) => s.current.user,
    org: (s) => s.current.org ?? null,
    abilities: (s) => new Set(s.current.abilities),
    mustChangePassword: (s) => s.current.must_change_password,
  },
  actions: {
    take(session: Session) {
      this.current = session
      this.loaded = true
      setCsrfToken(session.csrf)
    },
    async load() {
      this.take(must(await api.GET('/api/session')))
    },
    async logIn(login: string, password: string, totp?: string) {
      if (!this.loaded) await this.load()
      this.take(must(await api.POST('/api/session', { body: { login, password, ...(totp ? { totp } : {}) } })))
    },
    async logOut() {
      must(await api.DELETE('/api/session'))
      this.forget()
    },
    /** The server no longer knows us: the next page load asks anew. */
    forget() {
      this.current = NOBODY
      this.loaded = false
    },
    may(ability: string | string[] | undefined): boolean {
      return mayDo(this.abilities, ability)
    },
  },
})

/** Has one of the abilities asked for; nothing asked for means everybody signed in. */
export function mayDo(abilities: ReadonlySet<string>, wanted: string | readonly string[] | undefined): boolean {
  if (wanted === undefined) return true
  const list = typeof wanted === 'string' ? [wanted] : wanted
  return list.length === 0 || list.some((ability) => abilities.has(ability))
}

/** What a person may do with one thing: the server says so with the thing. */
export const maySo = (thing: { may?: string[] } | undefined | null, verb: string) =>
  thing?.may?.includes(verb) ?? false
