// What a clerk does, said once: signing in, writing, reviewing, releasing; and looking at a page with axe.
import AxeBuilder from '@axe-core/playwright'
import { expect, type Browser, type Locator, type Page } from '@playwright/test'

export const PASSWORD = process.env.HUABIAO_PASSWORD ?? 'Huabiao-2019'
export const base = () => process.env.HUABIAO_URL!
export const consoleUrl = (path: string) => `${base()}/console${path}`
/** The demonstration answers at these names on every machine: *.localhost is the machine itself. */
export const portalUrl = (site: string, path: string) => `http://${site}.localhost:${new URL(base()).port}${path}`

const seen = new WeakMap<Page, string[]>()

/** A person at an own machine: own cookies, and a note of everything the browser complained about. */
export async function signIn(browser: Browser, login: string): Promise<Page> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const complaints: string[] = []
  seen.set(page, complaints)
  page.on('pageerror', (e) => complaints.push(e.message))
  // A refusal is no fault of the page, and the preview's frame is meant to run nothing.
  const expected = /status of 4\d\d|Blocked script execution in '[^']*\/preview/
  page.on('console', (m) => m.type() === 'error' && !expected.test(m.text()) && complaints.push(m.text()))
  await page.goto(consoleUrl('/login'))
  await page.getByLabel('账号', { exact: true }).fill(login)
  await page.getByLabel('口令', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('heading', { level: 1, name: '工作台' })).toBeVisible()
  return page
}

/** Closes the machine; nothing may have gone wrong on it unseen. */
export async function leave(page: Page) {
  expect(seen.get(page) ?? []).toEqual([])
  await page.context().close()
}

export async function accessible(page: Page, name: string) {
  const found = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .setLegacyMode(true)
    .exclude('iframe')
    .analyze()
  const said = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`)
  expect(said, `axe: ${name}`).toEqual([])
}

export async function chooseColumn(page: Page, site: string, column: string) {
  const picker = page.getByRole('group', { name: /发布/ }).first()
  await picker.getByLabel('网站', { exact: true }).selectOption({ label: site })
  await picker.getByLabel('查找栏目').fill(column)
  await picker.getByRole('checkbox', { name: column }).first().check()
  await picker.getByLabel('查找栏目').fill('')
}

/** Chooses from a drawn list: its box opens it, the words choose. */
export async function choose(within: Locator, field: string, option: string | RegExp) {
  const label = within.page().locator('label', { hasText: new RegExp(`^${field}`) })
  await within.locator('.field').filter({ has: label }).locator('.el-select__wrapper').click()
  await within.page().getByRole('option', { name: option }).or(within.page().getByRole('treeitem', { name: option })).first().click()
}

export interface Draft {
  title: string
  paragraphs: string[]
  targets: [site: string, column: string][]
}

/** Writes a new item and leaves it saved; gives its number. */
export async function write(page: Page, draft: Draft): Promise<number> {
  await page.goto(consoleUrl('/items/new'))
  await page.getByRole('textbox', { name: /^标题/ }).fill(draft.title)
  await page.getByRole('textbox', { name: '正文' }).click()
  for (const [i, text] of draft.paragraphs.entries()) {
    if (i) await page.keyboard.press('Enter')
    await page.keyboard.insertText(text)
  }
  for (const [site, column] of draft.targets) await chooseColumn(page, site, column)
  await page.getByRole('textbox', { name: /^来源/ }).fill('云岭市人民政府办公室')
  await page.keyboard.press('Control+s')
  await expect(page).toHaveURL(/\/items\/\d+$/)
  await expect(page.getByText('已保存').first()).toBeVisible()
  return Number(/\/items\/(\d+)$/.exec(page.url())![1])
}

export async function submit(page: Page) {
  await page.getByRole('button', { name: '送审' }).click()
  await expect(page.getByText('已送审').first()).toBeVisible()
}

const GATES = ['政治关', '法律关', '政策关', '保密关', '文字关']

/** Opens the item from the inbox, as a reviewer does. */
export async function openReview(page: Page, title: string) {
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: /待审稿件/ }).click()
  await page.getByLabel('标题中的文字').fill(title)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: title }).click()
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
}

export async function approve(page: Page, title: string) {
  await openReview(page, title)
  for (const gate of GATES) await page.getByRole('checkbox', { name: new RegExp(gate) }).check()
  await page.getByRole('checkbox', { name: '我已通读校对一遍' }).check()
  await page.getByRole('button', { name: '通过' }).click()
  await expect(page.getByText(/已通过/).first()).toBeVisible()
}
