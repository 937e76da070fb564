// A first password: 14 characters of four kinds, none that people mistake for another (0O, 1lI).
const KINDS = ['abcdefghjkmnpqrstuvwxyz', 'ABCDEFGHJKMNPQRSTUVWXYZ', '23456789', '@#%+=?']

export function randomPassword(length = 14): string {
  const below = (n: number) => {
    // Without the remainder's bias.
    const limit = 256 - (256 % n)
    for (;;) {
      const byte = crypto.getRandomValues(new Uint8Array(1))[0]!
      if (byte < limit) return byte % n
    }
  }
  const all = KINDS.join('')
  const from = (set: string) => set[below(set.length)]!
  const out = [...KINDS.map(from), ...Array.from({ length: length - KINDS.length }, () => from(all))]
  for (let i = out.length - 1; i > 0; i--) {
    const j = below(i + 1)
    ;[out[i], out[j]] = [out[j]!, out[i]!]
  }
  return out.join('')
}
