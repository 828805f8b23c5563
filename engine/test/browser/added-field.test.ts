/** The main story in a real browser: an admin adds a field by API, and the rep works with it without a restart of anything. */
import { expect, test } from 'vitest'
import type { AccessProfile, Entity, ListView, QueryPolicy } from '../../../metadata/generated/types.ts'
import { hasChromium, openBrowser } from '../harness/browser.ts'
import { type ApiUser, PASSWORD, startLiveEngine } from '../harness/live.ts'

const LABEL = 'Delivery window'

/** Changes a document as a consultant does: the whole of it is read, edited and put into the draft. */
async function edit<D>(admin: ApiUser, kind: string, key: string, change: (document: D) => unknown): Promise<void> {
  const { document } = await admin.call<{ document: D }>('GET', `/api/studio/documents/${kind}/${key}`)
  change(document)
  await admin.call('PUT', `/api/studio/draft/${kind}/${key}`, document, { 'if-match': '"0"' })
}

test.runIf(hasChromium)('a field that an admin adds by API is in the rep’s list and form at once', { timeout: 90_000 }, async () => {
  const engine = await startLiveEngine()
  const { admin } = engine
  const { user } = await admin.call<{ user: { org_unit_id: string } }>('GET', '/api/me')
  await admin.call('POST', '/api/admin/users', {
    email: 'rep@demo.test',
    name: 'Julia Hoffmann',
    roles: ['rep'],
    org_unit_id: user.org_unit_id,
    password: PASSWORD,
  })
  const rep = await engine.signIn('rep@demo.test')
  const customer = await rep.call<{ id: string }>('POST', '/api/records/customer', { name: 'Ostsee Brauerei' })
  await rep.call('POST', '/api/records/deal', { name: 'Rack protection', customer: customer.id })

  const browser = await openBrowser()
  const { page, errors } = await browser.visit(engine.origin)
  await page.getByLabel('Company').or(page.getByLabel('Workspace')).or(page.getByLabel('Tenant')).first().fill(engine.tenant)
  await page.getByLabel('E-mail').or(page.getByLabel('Email')).first().fill('rep@demo.test')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'Deals', exact: true }).click()
  await page.getByText('Rack protection').first().waitFor()
  expect(await page.getByText(LABEL).count()).toBe(0)

  await edit<Entity>(admin, 'entity', 'deal', deal =>
    deal.fields.push({ key: 'delivery_window', type: 'text', label: { en: LABEL, ru: 'Окно доставки' }, filterable: true, sortable: true }),
  )
  await edit<QueryPolicy>(admin, 'query_policy', 'deal', policy => {
    policy.filter = { ...policy.filter, delivery_window: true }
    policy.sort = [...(policy.sort ?? []), 'delivery_window']
  })
  await edit<AccessProfile>(admin, 'access_profile', 'sales_rep', profile =>
    Object.assign(profile.entities['deal']?.fields ?? {}, { delivery_window: 'write' }),
  )
  await edit<ListView>(admin, 'view', 'deal_list', view => view.columns.splice(1, 0, 'delivery_window'))
  await admin.call('POST', '/api/studio/draft/publish', { note: 'Delivery windows' })

  // Any answer tells the page that the model moved on; it draws the new column without being loaded anew.
  await page.getByRole('link', { name: 'Customers', exact: true }).click()
  await page.getByText('Ostsee Brauerei').first().waitFor()
  await page.getByRole('link', { name: 'Deals', exact: true }).click()
  await page.getByRole('columnheader', { name: LABEL }).waitFor()
  await page.getByText('Rack protection').first().click()
  await page
    .getByRole('link', { name: 'Edit' })
    .or(page.getByRole('button', { name: 'Edit' }))
    .first()
    .click()
  await page.getByLabel(LABEL).fill('Mondays, 6 to 9')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Mondays, 6 to 9').first().waitFor()
  await page.getByRole('link', { name: 'Deals', exact: true }).click()
  await page.getByRole('cell', { name: 'Mondays, 6 to 9' }).waitFor()
  expect(errors).toEqual([])
})
