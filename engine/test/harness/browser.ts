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

/** How somebody looks at a page. */
export interface Look {
  readonly dark?: boolean
  readonly phone?: boolean
  readonly locale?: string
}

/** A browser that visits addresses, each as a person who was never there. */
export interface TestBrowser {
  visit(address: string, look?: Look): Promise<VisitedPage>
}

/** Runs in every page: what the content security policy stops is an error, wherever the browser would mention it. */
const TELL_VIOLATIONS = `document.addEventListener('securitypolicyviolation', event =>
  console.error('Stopped by the content security policy: ' + event.violatedDirective + ' ' + event.blockedURI))`

/** Opens a browser for the test file. */
export async function openBrowser(): Promise<TestBrowser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('There is no Chromium on this machine.')
  const browser: Browser = await chromium.launch({ executablePath, args: SWITCHES })
  afterAll(() => browser.close())
  return {
    async visit(address, { dark = false, phone = false, locale = 'en' } = {}) {
      const context = await browser.newContext({
        viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
        isMobile: phone,
        hasTouch: phone,
        colorScheme: dark ? 'dark' : 'light',
        locale,
      })
      await context.addInitScript(TELL_VIOLATIONS)
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

/** Signs somebody in as a person does, and waits until he is. */
export async function signInto(page: Page, tenant: string, email: string, password: string): Promise<void> {
  const fields = page.locator('form input')
  await fields.nth(0).fill(tenant)
  await fields.nth(1).fill(email)
  await fields.nth(2).fill(password)
  await page.keyboard.press('Enter')
  await page.locator('#content').waitFor()
}

/** Goes to another address of the app as a link inside of it does, without loading it anew. */
export async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate(address => history.pushState(null, '', address), path)
}
