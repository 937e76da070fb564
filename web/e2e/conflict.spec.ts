// Two editors save the same draft: the second is told, sees both texts, and loses neither.
import { expect, test } from '@playwright/test'
import { accessible, consoleUrl, leave, signIn, write } from './desk'

for (const choice of ['mine', 'theirs'] as const)
  test(`two editors, one draft: keeping ${choice} keeps both as versions`, async ({ browser }) => {
    const one = await signIn(browser, 'yl-bj')
    const two = await signIn(browser, 'yl-bj2')
    const id = await write(one, { title: `冲突 ${choice} ${Date.now() % 100000}`, paragraphs: ['原来的一句。'], targets: [['云岭市人民政府', '通知公告']] })
    await two.goto(consoleUrl(`/items/${id}`))
    await expect(two.getByRole('textbox', { name: '正文' })).toContainText('原来的一句')

    await one.getByRole('textbox', { name: '正文' }).press('Control+End')
    await one.keyboard.insertText('甲加的一句。')
    await one.keyboard.press('Control+s')
    await expect(one.getByText(/第 \d+ 版|已保存/).first()).toBeVisible()

    await two.getByRole('textbox', { name: '正文' }).press('Control+End')
    await two.keyboard.insertText('乙加的一句。')
    await two.keyboard.press('Control+s')
    const dialog = two.getByRole('dialog', { name: '有人先保存了这篇稿件' })
    await expect(dialog).toContainText('甲加的一句')
    await expect(dialog).toContainText('乙加的一句')
    await accessible(two, '冲突')
    await dialog.getByRole('button', { name: choice === 'mine' ? /采用我的/ : /采用对方的/ }).click()
    await expect(dialog).toBeHidden()
    await expect(two.getByRole('textbox', { name: '正文' })).toContainText(choice === 'mine' ? '乙加的一句' : '甲加的一句')

    const answer = await two.request.get(`${process.env.HUABIAO_URL}/api/items/${id}/versions`)
    const heads = (await answer.json()) as { number: number }[]
    const bodies = await Promise.all(
      heads.map(async (h) => {
        const version = await two.request.get(`${process.env.HUABIAO_URL}/api/items/${id}/versions/${h.number}`)
        return ((await version.json()) as { content: { body_html: string } }).content.body_html
      }),
    )
    expect(bodies.some((b) => b.includes('甲加的一句'))).toBe(true)
    expect(bodies.some((b) => b.includes('乙加的一句'))).toBe(true)
    expect(bodies[0]).toContain(choice === 'mine' ? '乙加的一句' : '甲加的一句')

    await two.goto(consoleUrl(`/items/${id}/versions`))
    await expect(two.locator('.diff ins, .diff del').first()).toBeVisible()
    await accessible(two, '版本历史')
    await leave(one)
    await leave(two)
  })

test('what was typed when the session ended comes back after signing in again', async ({ browser }) => {
  const page = await signIn(browser, 'yl-bj')
  const id = await write(page, { title: `失效 ${Date.now() % 100000}`, paragraphs: ['已保存的一句。'], targets: [] })
  await page.context().clearCookies()
  await page.getByRole('textbox', { name: '正文' }).press('Control+End')
  await page.keyboard.insertText('没来得及保存的一句。')
  await page.waitForTimeout(2000)
  await page.keyboard.press('Control+s')
  await expect(page).toHaveURL(/\/login/)
  await page.getByLabel('账号', { exact: true }).fill('yl-bj')
  await page.getByLabel('口令', { exact: true }).fill(process.env.HUABIAO_PASSWORD ?? 'Huabiao-2019')
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page).toHaveURL(new RegExp(`/items/${id}$`))
  await page.getByRole('button', { name: '恢复到编辑框' }).click()
  await expect(page.getByRole('textbox', { name: '正文' })).toContainText('没来得及保存的一句')
  await page.context().close()
})
