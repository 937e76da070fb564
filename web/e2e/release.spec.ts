// A double click on "release" is one release.
import { expect, test } from '@playwright/test'
import { approve, consoleUrl, leave, signIn, submit, write } from './desk'

test('a double click, and the same request sent twice, release once', async ({ browser }) => {
  const title = `双击只发布一次 ${Date.now() % 100000}`
  const editor = await signIn(browser, 'yl-bj')
  const id = await write(editor, { title, paragraphs: ['只应出现一次。'], targets: [['云岭市人民政府', '通知公告']] })
  await submit(editor)
  await leave(editor)
  for (const login of ['yl-cs', 'yl-fs', 'yl-zs']) {
    const reviewer = await signIn(browser, login)
    await approve(reviewer, title)
    await leave(reviewer)
  }
  const page = await signIn(browser, 'yl-fb')
  await page.goto(consoleUrl(`/items/${id}/release`))
  const sent: string[] = []
  page.on('request', (r) => r.url().endsWith('/release') && r.method() === 'POST' && sent.push(r.postData() ?? ''))
  await page.getByRole('button', { name: '发布到 1 处' }).dblclick()
  await expect(page.getByText('已发布到 1 处')).toBeVisible()
  expect(new Set(sent.map((body) => (JSON.parse(body) as { key: string }).key)).size).toBe(1)

  // The same request again, as a retrying network would send it.
  const session = (await (await page.request.get(`${process.env.HUABIAO_URL}/api/session`)).json()) as { csrf: string }
  const again = await page.request.post(`${process.env.HUABIAO_URL}/api/items/${id}/release`, {
    headers: { 'X-CSRF-Token': session.csrf, 'Content-Type': 'application/json' },
    data: sent[0]!,
  })
  expect(again.ok()).toBe(true)
  const publications = (await (await page.request.get(`${process.env.HUABIAO_URL}/api/items/${id}/publications`)).json()) as unknown[]
  expect(publications).toHaveLength(1)
  await leave(page)
})
