/**
 * A bad day of the network and of the session: a slow link, answers that get lost on their way, no link at all, a session that ends in the
 * middle of a form. What is on its way shows, nothing is made twice, and nothing typed or saved is lost.
 */
import type { Page, Route } from 'playwright-core'
import { expect, test } from 'vitest'
import { follow, hasChromium, openBrowser, signInto } from '../harness/browser.ts'
import { PASSWORD, startLiveWorld } from '../harness/live.ts'

const engine = hasChromium ? await startLiveWorld() : null
const browser = hasChromium ? await openBrowser() : null
/** What networks call 3G at its worst: 400 ms there and back, 400 kbit/s. */
const SLOW = { offline: false, latency: 400, downloadThroughput: 50 * 1024, uploadThroughput: 50 * 1024 }

/** The rep's page, signed in, and his hands on the API. */
async function repAt(path: string) {
  if (engine === null || browser === null) throw new Error('There is no Chromium on this machine.')
  const email = `rep@${engine.tenant}.test`
  const { page, errors } = await browser.visit(engine.origin)
  await signInto(page, engine.tenant, email, PASSWORD)
  await follow(page, path)
  return { page, errors, email, rep: await engine.signIn(email), admin: engine.admin }
}

type Rep = Awaited<ReturnType<typeof repAt>>['rep']

interface Note {
  readonly id: string
  readonly version: number
  readonly body: string
}

const notesOf = (rep: Rep, subject: string): Promise<Note[]> =>
  rep.call<Note[]>('POST', '/api/records/note/query', { select: ['subject', 'body'], where: { subject: { eq: subject } } })

async function writeNote(page: Page, subject: string, body: string): Promise<void> {
  await page.locator('#root_subject').fill(subject)
  await page.locator('#root_body').fill(body)
}

/** Lets the first request of a method reach the engine and loses its answer; tells how often it was sent, and under which keys. */
async function loseFirstAnswer(page: Page, method: string): Promise<(string | undefined)[]> {
  const sent: (string | undefined)[] = []
  await page.route('**/api/records/**', async (route: Route) => {
    if (route.request().method() !== method || route.request().url().endsWith('/query')) return route.continue()
    sent.push(route.request().headers()['idempotency-key'])
    if (sent.length > 1) return route.continue()
    await route.fetch()
    return route.abort('connectionreset')
  })
  return sent
}

test.runIf(hasChromium)(
  'on a slow link what is coming shows at once, and a form sent twice makes one record',
  { timeout: 90_000 },
  async () => {
    const { page, errors, rep } = await repAt('/records/deal')
    await page.locator('[data-row="0"]').waitFor()
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Network.emulateNetworkConditions', SLOW)
    await follow(page, '/records/note')
    const bones = page.locator('main .mantine-Skeleton-root')
    await bones.first().waitFor()
    await page.locator('[data-row="0"]').waitFor()
    expect(await bones.count()).toBe(0)
    await page.keyboard.press('c')
    // The part of the app that has forms is on its way as well.
    await bones.first().waitFor()
    await page.locator('#root_subject').waitFor({ timeout: 30_000 })
    await writeNote(page, 'Slow but sure', 'Sent by an impatient hand')
    await page.keyboard.press('Control+s')
    await page.keyboard.press('Control+s')
    await page.locator('main footer button[type="submit"]').click({ force: true })
    // What would be typed now could not be saved any more.
    expect(await page.locator('#root_body').isEditable()).toBe(false)
    await page.getByRole('heading', { name: 'Slow but sure' }).waitFor()
    expect(await notesOf(rep, 'Slow but sure')).toHaveLength(1)
    expect(errors).toEqual([])
  },
)

test.runIf(hasChromium)(
  'an answer that gets lost is asked for again: one record, one change, no conflict',
  { timeout: 60_000 },
  async () => {
    const { page, rep } = await repAt('/records/note/new')
    await page.locator('#root_subject').waitFor()
    const created = await loseFirstAnswer(page, 'POST')
    await writeNote(page, 'Lost and found', 'First words')
    await page.keyboard.press('Control+s')
    await page.getByRole('heading', { name: 'Lost and found' }).waitFor()
    await page.locator('main dl').first().waitFor()
    expect(created.length).toBe(2)
    expect(created[0]).toBe(created[1])
    const [note, ...others] = await notesOf(rep, 'Lost and found')
    expect(others).toEqual([])

    await page.unroute('**/api/records/**')
    await page.keyboard.press('e')
    await page.locator('#root_body').waitFor()
    const changed = await loseFirstAnswer(page, 'PATCH')
    await page.locator('#root_body').fill('Second words')
    await page.keyboard.press('Control+s')
    await page.locator('main dl').getByText('Second words').waitFor()
    // Time enough for a third to come after all.
    await page.waitForTimeout(1_000)
    expect(changed.length).toBe(2)
    expect(await page.locator('dialog[open]').count()).toBe(0)
    expect(await notesOf(rep, 'Lost and found')).toMatchObject([{ id: note?.id, body: 'Second words', version: (note?.version ?? 0) + 1 }])
  },
)

test.runIf(hasChromium)('without a link the form keeps what was typed, and saves it once there is one', { timeout: 60_000 }, async () => {
  const { page, rep } = await repAt('/records/note/new')
  await page.locator('#root_subject').waitFor()
  await page.context().setOffline(true)
  await page.locator('main > [role="status"]').first().waitFor()
  await writeNote(page, 'From the tunnel', 'Typed without a link')
  await page.keyboard.press('Control+s')
  await page.getByRole('alert').getByText('What you entered stays here').waitFor()
  expect(await page.locator('#root_body').inputValue()).toBe('Typed without a link')
  await page.context().setOffline(false)
  await page.keyboard.press('Control+s')
  await page.getByRole('heading', { name: 'From the tunnel' }).waitFor()
  expect(await notesOf(rep, 'From the tunnel')).toHaveLength(1)
})

test.runIf(hasChromium)(
  'a session that ends in the middle of a form is taken up again with what was typed',
  { timeout: 60_000 },
  async () => {
    const { page, email, admin } = await repAt('/records/note/new')
    await page.locator('#root_subject').waitFor()
    await writeNote(page, 'Typed before the end', 'And kept')
    const [user] = await admin.call<{ id: string }[]>('POST', '/api/records/user/query', { where: { email: { eq: email } } })
    const sessions = await admin.call<{ id: string }[]>('GET', `/api/admin/sessions?user_id=${user?.id}`)
    expect(sessions.length).toBeGreaterThan(0)
    for (const session of sessions) await admin.call('DELETE', `/api/admin/sessions/${session.id}`)
    // The end of a session is noticed everywhere within a second.
    await new Promise(resolve => setTimeout(resolve, 1_100))
    await page.keyboard.press('Control+s')
    const again = page.locator('dialog[open]')
    await again.waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('password')
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Typed before the end' }).waitFor()
    await page.locator('main dl').getByText('And kept').waitFor()
    expect(await again.count()).toBe(0)
  },
)
