// Bytes over the wire of each page, gzipped, from the build's manifest: what its chunks import, all of it.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

const dist = resolve(import.meta.dirname, '../../build/web')
const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'))
const sizes = new Map()
const size = (file) => {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(join(dist, file)), { level: 9 }).length)
  return sizes.get(file)
}

function files(entries) {
  const seen = new Set()
  const out = new Set()
  const visit = (key) => {
    if (seen.has(key)) return
    seen.add(key)
    const chunk = manifest[key]
    out.add(chunk.file)
    for (const css of chunk.css ?? []) out.add(css)
    for (const next of chunk.imports ?? []) visit(next)
  }
  entries.forEach(visit)
  return out
}

const LIMITS = { 'src/pages/login/login.vue': 130, 'src/pages/content/edit.vue': 400 }
let over = 0
for (const page of Object.keys(manifest).filter((k) => k.startsWith('src/pages/')).sort()) {
  const inside = page.startsWith('src/pages/login/') ? [] : ['src/shell/layout.vue']
  const bytes = [...files(['index.html', ...inside, page])].reduce((sum, f) => sum + size(f), size('index.html'))
  const limit = LIMITS[page] ?? 220
  if (bytes > limit * 1024) over++
  console.log(`${(bytes / 1024).toFixed(1).padStart(7)} KB of ${limit}  ${page}${bytes > limit * 1024 ? '  OVER' : ''}`)
}
process.exit(over ? 1 : 0)
