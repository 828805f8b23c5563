/**
 * A deal from beginning to end without a mouse: made with its lines on another tab of the form, moved to its next stage, found again, left
 * for the list. The address remembers the tab.
 */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { follow, hasChromium, openBrowser, signInto } from '../harness/browser.ts'
import { PASSWORD, startLiveWorld } from '../harness/live.ts'

const engine = hasChromium ? await startLiveWorld() : null
const browser = hasChromium ? await openBrowser() : null
/** Longer than any form has stops for Tab. */
const MANY_TABS = 60

const idOf = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.id ?? '')
const textOf = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '')
const tabOf = (page: Page): string | null => new URL(page.url()).searchParams.get('tab')

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

/** Presses Tab until the element of this id has the focus. */
async function tabTo(page: Page, id: string): Promise<void> {
  for (let stops = 0; stops < MANY_TABS; stops += 1) {
    if ((await idOf(page)) === id) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`No Tab leads to ${id}.`)
}

/** Types into the picker that has the focus and takes the first it finds. */
async function pick(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text)
  await page.getByRole('option', { name: text }).first().waitFor()
  await press(page, 'ArrowDown', 'Enter')
}

test.runIf(hasChromium)('a deal is made with its lines, moved on, found and left by keys', { timeout: 90_000 }, async () => {
  if (engine === null || browser === null) return
  const rep = await engine.signIn(`rep@${engine.tenant}.test`)
  const [customer] = await rep.call<{ name: string }[]>('POST', '/api/records/customer/query', { select: ['name'], limit: 1 })
  const [product] = await rep.call<{ name: string }[]>('POST', '/api/records/product/query', { select: ['name'], limit: 1 })
  const { page, errors } = await browser.visit(engine.origin)
  await signInto(page, engine.tenant, `rep@${engine.tenant}.test`, PASSWORD)
  await follow(page, '/records/deal')
  await page.locator('[data-row="0"]').waitFor()

  await press(page, 'c')
  await page.locator('main form').waitFor()
  await expect.poll(() => idOf(page)).toBe('root_name')
  await page.keyboard.type('Loading ramp, by keys')
  await tabTo(page, 'root_customer')
  await pick(page, customer?.name ?? '')

  await press(page, ...Array<string>(8).fill('Shift+Tab'))
  await tabTo(page, 'tab-general')
  await press(page, 'ArrowRight')
  expect(await idOf(page)).toBe('tab-lines')
  await expect.poll(() => tabOf(page)).toBe('lines')
  for (let stops = 0; (await textOf(page)) !== 'Add a line'; stops += 1) {
    expect(stops).toBeLessThan(MANY_TABS)
    await press(page, 'Tab')
  }
  await press(page, 'Enter')
  await expect.poll(() => idOf(page)).toBe('root_line_items_0_product')
  await pick(page, product?.name ?? '')
  await tabTo(page, 'root_line_items_0_quantity')
  await page.keyboard.type('3')
  await tabTo(page, 'root_line_items_0_unit_price')
  await page.keyboard.type('120')
  await press(page, 'Control+s')

  await page.getByRole('heading', { name: 'Loading ramp, by keys' }).waitFor()
  await page.locator('main dl').first().waitFor()
  const id = new URL(page.url()).pathname.split('/').at(-1)
  const made = await rep.call<{ stage: string; lines_total: string }>('GET', `/api/records/deal/${id}`)
  expect([made.stage, Number(made.lines_total)]).toEqual(['lead', 360])

  await press(page, 'e')
  await page.locator('main form').waitFor()
  await tabTo(page, 'root_stage')
  await press(page, 'ArrowDown')
  await page.getByRole('option', { name: 'Qualified' }).waitFor()
  await press(page, 'ArrowDown', 'Enter', 'Control+s')
  await expect.poll(async () => (await rep.call<{ stage: string }>('GET', `/api/records/deal/${id}`)).stage).toBe('qualified')
  await page.locator('main dl').first().waitFor()

  await press(page, 'Escape')
  await page.locator('[data-row="0"]').waitFor()
  await press(page, '/')
  await page.keyboard.type('by keys')
  await expect.poll(() => page.locator('[data-row]').count()).toBe(1)
  await press(page, 'ArrowDown', 'Enter')
  await page.getByRole('heading', { name: 'Loading ramp, by keys' }).waitFor()
  expect(new URL(page.url()).pathname).toBe(`/records/deal/${id}`)
  expect(errors).toEqual([])
})

test.runIf(hasChromium)(
  'what is wrong on another tab is counted there, and its line in the list leads to it',
  { timeout: 60_000 },
  async () => {
    if (engine === null || browser === null) return
    const { page, errors } = await browser.visit(engine.origin)
    await signInto(page, engine.tenant, `rep@${engine.tenant}.test`, PASSWORD)
    await follow(page, '/records/deal/new?tab=more')
    await page.getByRole('tab', { name: 'More', selected: true }).waitFor()
    expect(await page.locator('#root_name').isVisible()).toBe(false)
    await press(page, 'Control+s')
    await page.getByRole('tab', { name: /^General.*1 field needs attention$/ }).waitFor()
    await page.getByRole('alert').getByRole('button', { name: /^Name/ }).press('Enter')
    expect(await idOf(page)).toBe('root_name')
    await expect.poll(() => tabOf(page)).toBe('general')
    // A tab is no page of its own: nothing asks before it is changed, and nothing typed is lost.
    await page.keyboard.type('Half typed')
    await page.getByRole('tab', { name: /^General/ }).press('End')
    await expect.poll(() => tabOf(page)).toBe('more')
    await page.getByRole('tab', { name: 'More' }).press('Home')
    expect(await page.locator('#root_name').inputValue()).toBe('Half typed')
    expect(errors).toEqual([])
  },
)
