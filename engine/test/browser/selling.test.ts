/**
 * What selling asks of the app beyond lists and forms: a lead becomes a customer, a contact and a deal, offered to whoever may and where the
 * record allows it; and a deal is shown the stages of its own process.
 */
import { expect, test } from 'vitest'
import { follow, hasChromium, openBrowser, signInto } from '../harness/browser.ts'
import { PASSWORD, startLiveWorld } from '../harness/live.ts'

const engine = hasChromium ? await startLiveWorld() : null
const browser = hasChromium ? await openBrowser() : null
const LABEL = 'Convert to customer and deal'

test.runIf(hasChromium)('a lead is converted by its button, and by nobody who may not', { timeout: 90_000 }, async () => {
  if (engine === null || browser === null) return
  const rep = await engine.signIn(`rep@${engine.tenant}.test`)
  const lead = await rep.call<{ id: string; version: number }>('POST', '/api/records/lead', {
    name: 'Cold store',
    company: 'Eismeer',
    contact_name: 'Ida Frost',
    email: 'ida@eismeer.example',
  })
  const { page, errors } = await browser.visit(engine.origin)
  await signInto(page, engine.tenant, `rep@${engine.tenant}.test`, PASSWORD)
  await follow(page, `/records/lead/${lead.id}`)
  await page.getByRole('heading', { name: 'Cold store' }).waitFor()
  await page.locator('main dl').first().waitFor()
  // A lead that nobody has worked on is not ready yet.
  expect(await page.getByRole('button', { name: LABEL }).count()).toBe(0)

  await rep.call('PATCH', `/api/records/lead/${lead.id}`, { status: 'working' }, { 'if-match': `"${lead.version}"` })
  await page.reload()
  await page.getByRole('button', { name: LABEL }).click()
  const dialog = page.getByRole('dialog', { name: LABEL })
  expect(await dialog.getByLabel('Contact').inputValue()).toBe('Ida Frost')
  // What the engine refuses is said beside the name it is about.
  await dialog.getByLabel('Customer').fill('E'.repeat(500))
  await dialog.getByRole('button', { name: 'Convert' }).click()
  await expect.poll(() => dialog.getByLabel('Customer').getAttribute('aria-invalid')).toBe('true')
  await dialog.getByLabel('Customer').fill('Eismeer Logistik')
  await dialog.getByRole('button', { name: 'Convert' }).click()
  await page.getByRole('dialog', { name: 'Converted' }).getByRole('link', { name: 'Eismeer Logistik' }).click()
  await page.getByRole('heading', { name: 'Eismeer Logistik' }).waitFor()

  const { status, converted_customer: made } = await rep.call<{ status: string; converted_customer: string }>(
    'GET',
    `/api/records/lead/${lead.id}`,
  )
  expect([status, new URL(page.url()).pathname]).toEqual(['converted', `/records/customer/${made}`])
  await follow(page, `/records/lead/${lead.id}`)
  await page.locator('main dl').first().waitFor()
  expect(await page.getByRole('button', { name: LABEL }).count()).toBe(0)
  expect(errors).toEqual([])

  // An auditor reads the same lead in the same state, and is offered nothing.
  const other = await rep.call<{ id: string }>('POST', '/api/records/lead', {
    name: 'Warm store',
    company: 'Golf',
    contact_name: 'Uwe Sommer',
    email: 'uwe@golf.example',
  })
  await rep.call('PATCH', `/api/records/lead/${other.id}`, { status: 'working' }, { 'if-match': '"1"' })
  const auditor = await browser.visit(engine.origin)
  await signInto(auditor.page, engine.tenant, `auditor@${engine.tenant}.test`, PASSWORD)
  await follow(auditor.page, `/records/lead/${other.id}`)
  await auditor.page.locator('main dl').first().waitFor()
  expect(await auditor.page.getByText(LABEL).count()).toBe(0)
  expect(auditor.errors).toEqual([])
})

test.runIf(hasChromium)('a board has the columns of its process, and a form offers its stages', { timeout: 60_000 }, async () => {
  if (engine === null || browser === null) return
  const { page, errors } = await browser.visit(engine.origin)
  await signInto(page, engine.tenant, `rep@${engine.tenant}.test`, PASSWORD)
  await follow(page, '/records/deal?view=deal_board')
  await page.locator('main article').first().waitFor()
  const columns = await page.locator('main section').evaluateAll(all => all.map(column => column.getAttribute('aria-label')))
  expect(columns).toEqual(['Lead', 'Qualified', 'Proposal', 'Negotiation', 'Won', 'Lost'])

  await follow(page, '/records/deal/new')
  const stagesOffered = async (): Promise<string[]> => {
    await page.locator('#root_stage').click()
    const offered = await page.getByRole('option').allInnerTexts()
    await page.keyboard.press('Escape')
    return offered
  }
  await page.locator('#root_stage').waitFor()
  expect(await stagesOffered()).toEqual(columns)
  await page.locator('#root_sales_process').click()
  await page.getByRole('option', { name: 'Field sales' }).click()
  const ofFieldSales = await stagesOffered()
  expect(ofFieldSales).toContain('Prospecting')
  expect(ofFieldSales).not.toContain('Negotiation')
  expect(errors).toEqual([])
})
