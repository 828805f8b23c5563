/**
 * The main screens as assistive technology meets them: axe finds nothing to complain of, in light and dark, on a desk and on a phone, and no
 * screen is wider than the phone that shows it.
 */
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { default as Axe } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { follow, hasChromium, type Look, openBrowser, signInto } from '../harness/browser.ts'
import { PASSWORD, startLiveWorld } from '../harness/live.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const engine = hasChromium ? await startLiveWorld() : null
const browser = hasChromium ? await openBrowser() : null

/** Screens by name: where they are, and what tells that they are there. */
interface Screen {
  readonly name: string
  readonly path: string
  readonly there: string
  /** What opens it once the page is there. */
  readonly open?: (page: Page) => Promise<void>
}

const screensOf = (deal: string): readonly Screen[] => [
  { name: 'list', path: '/records/deal', there: '[data-row], main li a' },
  { name: 'empty list', path: '/records/deal?q=nothing+is+called+so', there: 'main h2' },
  { name: 'board', path: '/records/deal?view=deal_board', there: 'main article' },
  { name: 'calendar', path: '/records/task?view=task_calendar', there: 'main time, main h2' },
  { name: 'record', path: `/records/deal/${deal}`, there: 'main dl' },
  { name: 'record with lines', path: `/records/deal/${deal}?tab=lines`, there: 'main dl table' },
  { name: 'related records', path: `/records/deal/${deal}?tab=tasks`, there: 'main [aria-current="page"]' },
  { name: 'form', path: `/records/deal/${deal}/edit`, there: 'main form [role="tabpanel"] input' },
  { name: 'form with lines', path: `/records/deal/${deal}/edit?tab=lines`, there: 'main form table' },
  {
    name: 'form with errors',
    path: '/records/deal/new',
    there: 'main form',
    open: async page => {
      await page.locator('main footer button[type="submit"]').click()
      await page.locator('[aria-invalid="true"]').first().waitFor()
    },
  },
  {
    name: 'currencies',
    path: '/records/deal/new',
    there: '#root_currency',
    open: async page => {
      await page.locator('#root_currency').click()
      await page.getByRole('option').first().waitFor()
    },
  },
  { name: 'nowhere', path: '/nowhere', there: 'main h1' },
  {
    name: 'filter',
    path: '/records/customer',
    there: '[data-row], main li a',
    open: async page => {
      await page.getByRole('button', { name: 'Filter' }).click()
      const apply = page.getByRole('button', { name: 'Apply' }).getByText('Apply')
      await apply.waitFor()
      // A tool is its icon alone on a phone; what its panel holds is read.
      expect((await apply.boundingBox())?.width).toBeGreaterThan(20)
      await page.getByRole('combobox', { name: 'Field' }).click()
      const option = page.getByRole('option').first()
      await option.waitFor()
      const box = await option.boundingBox()
      const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
      expect(box !== null && box.x >= 0 && box.x + box.width <= width && box.y >= 0 && box.y + box.height <= height).toBe(true)
    },
  },
  {
    name: 'palette',
    path: '/records/product',
    there: '[data-row], main li a',
    open: async page => {
      await page.keyboard.press('Control+k')
      await page.getByRole('option').first().waitFor()
    },
  },
]

test.runIf(hasChromium).each<[string, Look]>([
  ['in light', {}],
  ['in dark', { dark: true }],
  ['on a phone', { phone: true }],
])('the main screens have no finding %s', { timeout: 120_000 }, async (_name, look) => {
  if (engine === null || browser === null) return
  const rep = await engine.signIn(`rep@${engine.tenant}.test`)
  const deals = await rep.call<{ id: string; line_items: unknown[] }[]>('POST', '/api/records/deal/query', {
    select: ['name', { line_items: { select: ['description'] } }],
  })
  const deal = deals.find(each => each.line_items.length > 0)?.id ?? ''
  const { page, errors } = await browser.visit(engine.origin, look)
  await page.locator('form input').first().waitFor()
  expect(await findings(page), 'sign-in').toEqual([])
  await signInto(page, engine.tenant, `rep@${engine.tenant}.test`, PASSWORD)
  for (const { name, path, there, open } of screensOf(deal)) {
    await follow(page, path)
    await page.locator(there).first().waitFor()
    await open?.(page)
    expect(await findings(page), name).toEqual([])
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      `${name} is wider than the window`,
    ).toBeLessThanOrEqual(0)
    await page.keyboard.press('Escape')
  }
  expect(errors).toEqual([])
})

test.runIf(hasChromium)('what has no name is found', async () => {
  if (engine === null || browser === null) return
  const { page } = await browser.visit(engine.origin)
  await page.locator('form input').first().waitFor()
  await page.evaluate(() => document.querySelector('form')?.append(document.createElement('button'), document.createElement('select')))
  expect((await findings(page)).map(finding => finding.split(':')[0])).toEqual(expect.arrayContaining(['button-name', 'select-name']))
})

/** What axe finds, each with the first element it is about. */
async function findings(page: Page): Promise<string[]> {
  // A screen that is still fading in has other colours than the one that stays.
  await page.evaluate(() => Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => undefined))))
  // Evaluated by the debugger, which the content security policy does not bind.
  await page.evaluate(AXE)
  return page.evaluate(async rules => {
    const { axe } = window as unknown as { axe: typeof Axe }
    const { violations } = await axe.run(document, { runOnly: rules })
    return violations.map(each => `${each.id}: ${each.help} ${each.nodes[0]?.html ?? ''} ${each.nodes[0]?.failureSummary ?? ''}`)
  }, RULES)
}
