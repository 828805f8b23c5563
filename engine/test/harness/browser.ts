/** Debian's Chromium, headless, one for a test file; pages that report what went wrong in them. */
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll } from 'vitest'
import { findChromium } from '../needs.ts'

const SWITCHES = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Whether there is a browser on this machine. */
export const hasChromium = findChromium() !== undefined

/** A page of a fresh profile, and everything its console calls an error. */
export interface VisitedPage {
  readonly page: Page
  readonly errors: string[]
}

/** Opens a browser for the test file. */
export async function openBrowser(): Promise<{ visit(address: string): Promise<VisitedPage> }> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('There is no Chromium on this machine.')
  const browser: Browser = await chromium.launch({ executablePath, args: SWITCHES })
  afterAll(() => browser.close())
  return {
    async visit(address) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en' })
      const page = await context.newPage()
      const errors: string[] = []
      page.on('console', message => {
        // A refused request shows in the console by itself; what the page does of it is the test's matter.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(message.text())
      })
      page.on('pageerror', error => errors.push(error.message))
      await page.goto(address)
      return { page, errors }
    },
  }
}
