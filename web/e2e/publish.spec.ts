// The main line: five people take an item from a draft to two public sites, and take it down again.
import { expect, test } from '@playwright/test'
import { accessible, approve, choose, chooseColumn, consoleUrl, leave, openReview, portalUrl, signIn, submit, write } from './desk'

const TITLE = `关于开展冬季供水管网巡检的公告（${Date.now() % 100000}）`
const SENTENCE = '市水务部门将于本周起对全市供水管网开展冬季巡检。'
const SITES = ['yunling', 'qingxi'] as const

test.describe.configure({ mode: 'serial' })
let item = 0
const addresses: Record<string, string> = {}

test('the security administrator lets the publisher publish on the county portal as well', async ({ browser }) => {
  const page = await signIn(browser, 'secadmin')
  await page.goto(consoleUrl('/users?q=yl-fb'))
  await page.getByRole('link', { name: '孙一帆' }).click()
  await accessible(page, '人员')
  await page.getByRole('button', { name: '授予角色' }).click()
  const dialog = page.getByRole('dialog', { name: '授予角色' })
  await choose(dialog, '角色', /^发布/)
  await choose(dialog, '网站', '青溪县人民政府')
  await dialog.getByRole('button', { name: '授予', exact: true }).click()
  await expect(page.getByText('已授权')).toBeVisible()
  await expect(page.locator('.grants')).toContainText('青溪县人民政府')
  await leave(page)
})

test('an editor writes it and sends it to review', async ({ browser }) => {
  const page = await signIn(browser, 'yl-bj')
  await accessible(page, '工作台')
  item = await write(page, {
    title: TITLE,
    paragraphs: [SENTENCE, '如有停水情况，将提前 24 小时在本网站公告。'],
    targets: [['云岭市人民政府', '通知公告']],
  })
  await accessible(page, '编辑')
  // Without this no other unit's site may carry it (资源同享, R-062).
  await page.getByRole('button', { name: '更多' }).click()
  await page.getByRole('menuitem', { name: '共享给其他单位' }).click()
  await expect(page.getByText(/^已共享/).first()).toBeVisible()
  await submit(page)
  await leave(page)
})

test('its author can not review it', async ({ browser }) => {
  const page = await signIn(browser, 'yl-bj')
  await expect(page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: /待审稿件/ })).toHaveCount(0)
  await leave(page)
})

test('the first reviewer is held up by an open gate, then approves', async ({ browser }) => {
  const page = await signIn(browser, 'yl-cs')
  await openReview(page, TITLE)
  await expect(page.frameLocator('iframe').getByText(SENTENCE)).toBeVisible()
  await accessible(page, '审核')
  await page.getByRole('button', { name: '通过' }).click()
  await expect(page.getByRole('alert').filter({ hasText: '没有确认' })).toBeVisible()
  await approve(page, TITLE)
  await leave(page)
})

test('the second reviewer returns it with a comment on a passage, and the editor mends it', async ({ browser }) => {
  const reviewer = await signIn(browser, 'yl-fs')
  await openReview(reviewer, TITLE)
  await reviewer.frameLocator('iframe').getByText(SENTENCE).selectText()
  await reviewer.getByRole('button', { name: '批注所选文字' }).click()
  await expect(reviewer.locator('.quoted')).toContainText('冬季巡检')
  await reviewer.getByLabel('批注内容').fill('请写明巡检的起止日期')
  await reviewer.getByRole('button', { name: '加入批注' }).click()
  await reviewer.getByRole('button', { name: '退回作者' }).click()
  await expect(reviewer.getByText('已退回作者')).toBeVisible()
  await leave(reviewer)

  const editor = await signIn(browser, 'yl-bj')
  await editor.goto(consoleUrl(`/items/${item}`))
  await expect(editor.getByText('请写明巡检的起止日期')).toBeVisible()
  await editor.getByRole('button', { name: '在正文中查看' }).click()
  await expect(editor.locator('.ProseMirror .passage')).toContainText('冬季巡检')
  await editor.getByRole('textbox', { name: '正文' }).press('Control+End')
  await editor.keyboard.press('Enter')
  await editor.keyboard.insertText('巡检至 12 月 20 日结束。')
  await submit(editor)
  await leave(editor)

  const first = await signIn(browser, 'yl-cs')
  await approve(first, TITLE)
  await leave(first)
})

for (const [login, level] of [['yl-fs', 'second'], ['yl-zs', 'final']] as const)
  test(`the ${level} reviewer approves`, async ({ browser }) => {
    const page = await signIn(browser, login)
    await approve(page, TITLE)
    await leave(page)
  })

test('the publisher releases it to two sites at once; both portals and the search show it', async ({ browser }) => {
  const page = await signIn(browser, 'yl-fb')
  await page.goto(consoleUrl(`/items/${item}/release`))
  await accessible(page, '发布')
  // The county's portal is out of the editor's sight; the publisher adds it.
  await chooseColumn(page, '青溪县人民政府', '通知公告')
  await page.getByRole('button', { name: '发布到 2 处' }).click()
  await expect(page.getByText('已发布到 2 处')).toBeVisible()
  const answer = await page.request.get(consoleUrl('').replace('/console', `/api/items/${item}/publications`))
  const publications = (await answer.json()) as { url: string; site_id: number; state: string }[]
  expect(publications.map((p) => p.state)).toEqual(['live', 'live'])
  const sites = (await (await page.request.get(consoleUrl('').replace('/console', '/api/sites'))).json()) as { id: number; code: string }[]
  for (const p of publications) addresses[sites.find((s) => s.id === p.site_id)!.code] = p.url

  const reader = await browser.newPage()
  for (const site of SITES) {
    const got = await reader.goto(portalUrl(site, addresses[site]!))
    expect(got?.status()).toBe(200)
    await expect(reader.getByRole('heading', { level: 1 })).toContainText(TITLE)
    await accessible(reader, `${site} 公开页面`)
    await expect(async () => {
      await reader.goto(portalUrl(site, `/search?q=${encodeURIComponent('冬季供水管网巡检')}`))
      await expect(reader.getByText(TITLE).first()).toBeVisible({ timeout: 500 })
    }).toPass({ timeout: 5000 })
  }
  await reader.close()
  await leave(page)
})

test('withdrawn once, it is gone everywhere: 410 at both addresses, nothing in the search', async ({ browser }) => {
  const page = await signIn(browser, 'yl-fb')
  await page.goto(consoleUrl(`/items/${item}/release`))
  await page.getByRole('button', { name: '在所有网站撤下' }).click()
  const dialog = page.getByRole('dialog', { name: '在所有网站撤下' })
  await expect(dialog).toContainText('将影响 2 处')
  await dialog.getByRole('button', { name: '撤下', exact: true }).click()
  await expect(dialog.getByRole('alert')).toContainText('请写明')
  await dialog.getByLabel(/撤下原因/).fill('巡检计划调整')
  await dialog.getByRole('button', { name: '撤下', exact: true }).click()
  await expect(page.getByText(/^已撤下，/)).toBeVisible()

  const reader = await browser.newPage()
  for (const site of SITES) {
    expect((await reader.goto(portalUrl(site, addresses[site]!)))?.status()).toBe(410)
    await expect(async () => {
      await reader.goto(portalUrl(site, `/search?q=${encodeURIComponent('冬季供水管网巡检')}`))
      await expect(reader.getByText(TITLE)).toHaveCount(0, { timeout: 500 })
    }).toPass({ timeout: 5000 })
  }
  await reader.close()
  await leave(page)
})

test('the auditor finds the whole story and the chain is intact', async ({ browser }) => {
  const page = await signIn(browser, 'auditor')
  await page.getByRole('link', { name: '操作审计' }).click()
  await page.getByLabel('说明中的文字').fill(TITLE.slice(0, 12))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('row').filter({ hasText: '巡检计划调整' }).first()).toBeVisible()
  await accessible(page, '操作审计')
  await page.getByRole('button', { name: '校验完整性' }).click()
  await expect(page.getByText('完整。', { exact: false }).first()).toBeVisible()
  await leave(page)
})
