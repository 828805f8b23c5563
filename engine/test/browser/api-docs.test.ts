/** The page that tries the API, in a real browser under the policy it is served with. */
import { expect, test } from 'vitest'
import { hasChromium, openBrowser } from '../harness/browser.ts'
import { PASSWORD, startLiveEngine } from '../harness/live.ts'

test.runIf(hasChromium)('a caller signs in on the page of the API, sees what he may do, and does it', { timeout: 90_000 }, async () => {
  const engine = await startLiveEngine()
  await engine.admin.call('POST', '/api/records/customer', { name: 'Ostsee Brauerei' })
  const browser = await openBrowser()
  const { page, errors } = await browser.visit(`${engine.origin}/api/docs`)

  await page.getByLabel('Tenant').fill(engine.tenant)
  await page.getByLabel('E-mail').fill('admin@demo.test')
  await page.getByLabel('Password').fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page
    .getByRole('alert')
    .filter({ hasText: 'refused' })
    .or(page.getByRole('alert').filter({ hasText: /\w/ }))
    .first()
    .waitFor()

  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('Anna Weiss · Lindwerk').waitFor()
  await page.getByText('Nexus: Lindwerk').waitFor()

  await page.getByLabel('Section').selectOption('customer')
  await page.locator('#operations-customer-list_customer').click()
  const operation = page.locator('#operations-customer-list_customer')
  await operation.getByRole('button', { name: 'Execute' }).click()
  await operation.locator('.live-responses-table').getByText('Ostsee Brauerei').first().waitFor()
  expect(await operation.locator('.live-responses-table tr.response .response-col_status').first().innerText()).toContain('200')

  // Whatever an operation may be answered with fits a phone.
  await page.setViewportSize({ width: 390, height: 844 })
  for (const id of ['update_customer', 'bulk_customer']) {
    await page.locator(`#operations-customer-${id} .opblock-summary`).click()
    await page.locator(`#operations-customer-${id} .responses-table`).first().waitFor()
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)

  // The page leaves nothing behind: no cookie, no token in the browser's stores.
  expect(await page.context().cookies()).toEqual([])
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0])
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('Sign in to see what you may do').waitFor()
  expect(errors).toEqual([])
})
