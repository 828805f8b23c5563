/**
 * A day without a mouse: into the list and back to the same row, search, filter, board, palette, a new record; whatever has the focus shows
 * it, Escape closes what is open and gives the focus back, and nothing moves for whoever asked for no motion.
 */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { follow, hasChromium, openBrowser, signInto } from '../harness/browser.ts'
import { PASSWORD, startLiveWorld } from '../harness/live.ts'

const engine = hasChromium ? await startLiveWorld() : null
const browser = hasChromium ? await openBrowser() : null
/** Longer than any page has stops for Tab. */
const MANY_TABS = 80

/** A page of the manager's, at an address. */
async function signedInAt(path: string): Promise<{ page: Page; errors: string[] }> {
  if (engine === null || browser === null) throw new Error('There is no Chromium on this machine.')
  const { page, errors } = await browser.visit(engine.origin)
  await signInto(page, engine.tenant, `manager@${engine.tenant}.test`, PASSWORD)
  await follow(page, path)
  return { page, errors }
}

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement } = document
    if (activeElement === document.body) return ''
    return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? ''
  })
const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
/** Presses Tab until what is called so has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let stops = 0; stops < MANY_TABS; stops += 1) {
    await page.keyboard.press('Tab')
    if (name.test(await focused(page))) return
  }
  throw new Error(`No Tab leads to ${name}.`)
}
const row = (page: Page, place: number): Promise<string> => page.locator(`[data-row="${place}"]`).innerText()

test.runIf(hasChromium)(
  'a list is entered, walked and left by keys, and the way back leads to the same row',
  { timeout: 60_000 },
  async () => {
    const { page, errors } = await signedInAt('/records/customer?sort=-name')
    await page.locator('[data-row="2"]').waitFor()
    const [first, second, third] = [await row(page, 0), await row(page, 1), await row(page, 2)]
    await press(page, 'j')
    expect(await focused(page)).toBe(first)
    await press(page, 'ArrowDown', 'j', 'k')
    expect(await focused(page)).toBe(second)
    await press(page, 'Enter')
    await page.locator('main dl').first().waitFor()
    expect(await page.locator('main h1').innerText()).toBe(second)
    await press(page, 'Escape')
    await expect.poll(() => focused(page)).toBe(second)
    expect(new URL(page.url()).search).toBe('?sort=-name')
    await press(page, 'ArrowDown', 'Home', 'End', 'Home', 'ArrowDown', 'ArrowDown')
    expect(await focused(page)).toBe(third)

    // One Tab leaves the rows, however many there are.
    await press(page, 'Tab')
    expect(await page.evaluate(() => document.activeElement?.closest('tbody') === null)).toBe(true)
    await press(page, '/')
    expect(await focused(page)).toBe('Search')
    await page.keyboard.type(first)
    await expect.poll(() => page.locator('[data-row]').count()).toBe(1)
    await press(page, 'ArrowDown')
    expect(await focused(page)).toBe(first)
    await press(page, '/', 'Escape')
    await page.locator('[data-row="2"]').waitFor()
    await press(page, 'Escape', 'c')
    await page.locator('main form').waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('root_name')
    expect(errors).toEqual([])
  },
)

test.runIf(hasChromium)('a record is made and changed by keys alone', { timeout: 60_000 }, async () => {
  const { page, errors } = await signedInAt('/records/note/new')
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('root_subject')
  await page.keyboard.type('Gate code')
  await press(page, 'Control+Enter')
  // What is missing is named above the form; Enter on its line leads to the field.
  await page.getByRole('button', { name: /^Text/ }).waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true)
  await tabTo(page, /^Text/)
  await press(page, 'Enter')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('root_body')
  await page.keyboard.type('4711, ring twice')
  await press(page, 'Control+s')
  await page.getByRole('heading', { name: 'Gate code' }).waitFor()
  await page.locator('main dl').first().waitFor()
  await press(page, 'e')
  await page.locator('main form').waitFor()
  await press(page, 'Escape')
  await page.locator('main dl').first().waitFor()
  await tabTo(page, /^More$/)
  await press(page, 'Enter')
  await expect.poll(() => focused(page)).toBe('Copy link')
  await press(page, 'End')
  expect(await focused(page)).toBe('Delete')
  await press(page, 'Escape')
  expect(await focused(page)).toBe('More')
  expect(errors).toEqual([])
})

test.runIf(hasChromium)('a card is moved on a board by its menu', { timeout: 60_000 }, async () => {
  const { page, errors } = await signedInAt('/records/task?view=task_board')
  await page.locator('main article').first().waitFor()
  await tabTo(page, /^Move to: /)
  const card = (await focused(page)).replace('Move to: ', '')
  const column = await page.evaluate(() => document.activeElement?.closest('section')?.getAttribute('aria-label') ?? '')
  await press(page, 'Enter', 'ArrowDown')
  const target = await focused(page)
  expect(target).not.toBe(column)
  await press(page, 'Enter')
  await page.getByText(`Moved to ${target}`).waitFor()
  await page.getByRole('region', { name: target }).getByRole('link', { name: card }).waitFor()
  expect(errors).toEqual([])
})

test.runIf(hasChromium)(
  'palette, shortcuts and panels open by keys, close by Escape and give the focus back',
  { timeout: 60_000 },
  async () => {
    const { page, errors } = await signedInAt('/records/deal')
    await page.locator('[data-row="0"]').waitFor()
    await press(page, 'j')
    const here = await focused(page)
    for (const key of ['?', 'Control+k']) {
      await press(page, key)
      await page.locator('dialog[open]').waitFor()
      await press(page, 'Escape')
      await expect.poll(() => page.locator('dialog[open]').count()).toBe(0)
      expect(await focused(page), key).toBe(here)
    }
    await press(page, 'Control+k')
    await page.locator('dialog[open] input').waitFor()
    await page.keyboard.type('produ')
    await expect.poll(() => page.locator('[role="option"][aria-selected="true"]').innerText()).toMatch(/^Products/)
    await press(page, 'Enter')
    await page.getByRole('heading', { name: 'Products', level: 1 }).waitFor()

    await tabTo(page, /^Filter$/)
    await press(page, 'Enter')
    await page.getByRole('dialog', { name: 'Filter' }).getByRole('button', { name: 'Apply' }).waitFor()
    await tabTo(page, /^Apply$/)
    await press(page, 'Escape')
    await expect.poll(() => focused(page)).toBe('Filter')
    expect(errors).toEqual([])
  },
)

test.runIf(hasChromium)('every stop of Tab shows that it has the focus', { timeout: 60_000 }, async () => {
  const { page } = await signedInAt('/records/deal')
  await page.locator('[data-row="0"]').waitFor()
  const blind: string[] = []
  for (let stops = 0; stops < MANY_TABS; stops += 1) {
    await press(page, 'Tab')
    if (await page.evaluate(() => document.activeElement === document.body)) break
    const shows = await page.evaluate(async () => {
      const element = document.activeElement as HTMLElement
      // Also what stands around it may show the focus: the frame of an input, the row of a link.
      const around = [element, element.parentElement, element.closest('td')].filter(each => each !== null)
      const look = (): string =>
        JSON.stringify(
          around.map(each => {
            const { outlineStyle, outlineColor, outlineWidth, boxShadow, borderColor, backgroundColor, textDecorationLine } =
              getComputedStyle(each)
            return [outlineStyle === 'none' ? '' : outlineColor + outlineWidth, boxShadow, borderColor, backgroundColor, textDecorationLine]
          }),
        )
      const settle = (): Promise<unknown> => Promise.all(document.getAnimations().map(each => each.finished.catch(() => undefined)))
      await settle()
      const withFocus = look()
      element.blur()
      await settle()
      const without = look()
      element.focus()
      return withFocus !== without
    })
    if (!shows) blind.push(await focused(page))
  }
  expect(blind).toEqual([])
})

test.runIf(hasChromium)('nothing moves for whoever asked for no motion', async () => {
  const { page } = await signedInAt('/records/deal')
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.locator('[data-row="0"]').waitFor()
  await press(page, '?')
  await page.locator('dialog[open]').waitFor()
  const slow = await page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter(element => {
        const { animationDuration, transitionDuration } = getComputedStyle(element)
        return [animationDuration, transitionDuration].some(all => all.split(', ').some(each => Number.parseFloat(each) > 0.001))
      })
      .map(element => element.className),
  )
  expect(slow).toEqual([])
})
