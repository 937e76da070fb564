// Starts the real server on a temporary data directory with the demonstration government, and stops it at the
// end. HUABIAO_BIN names the program; HUABIAO_URL names a running server with a fresh demo instead.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const freePort = () =>
  new Promise<number>((ok) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => ok(port))
    })
  })

async function ready(url: string, gone: () => boolean) {
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    if (gone()) throw new Error('服务器没能启动，见上面的输出')
    try {
      if ((await fetch(`${url}/api/health`)).ok) return
    } catch {
      // Not yet.
    }
    await new Promise((r) => setTimeout(r, 200))
  }
  throw new Error('服务器 60 秒内没有就绪')
}

export default async function start() {
  if (process.env.HUABIAO_URL) return
  const root = resolve(import.meta.dirname, '../..')
  const program = resolve(root, process.env.HUABIAO_BIN ?? 'build/huabiao')
  if (!existsSync(program)) throw new Error(`没有找到 ${program}：请先构建，或用 HUABIAO_BIN 指明`)
  // The server takes every HUABIAO_… for a setting of its own and refuses those it does not know.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HUABIAO_')))
  const data = mkdtempSync(join(tmpdir(), 'huabiao-e2e-'))
  const port = await freePort()
  execFileSync(program, ['demo', '--data', data], { cwd: root, env, stdio: 'inherit' })
  const server = spawn(program, ['serve', '--data', data, '--port', String(port)], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = new Promise<void>((ok) => server.once('exit', () => ok()))
  process.env.HUABIAO_URL = `http://127.0.0.1:${port}`
  await ready(process.env.HUABIAO_URL, () => server.exitCode !== null)
  return async () => {
    server.kill('SIGTERM')
    await ended
    rmSync(data, { recursive: true, force: true })
  }
}
