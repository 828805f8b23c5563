import { beforeAll, expect, test } from 'vitest'
import { hasChromium, openBrowser } from '../harness/browser.ts'
import { type LiveEngine, PASSWORD, startLiveEngine } from '../harness/live.ts'

if (!hasChromium) console.log('!!! There is no Chromium on this machine: the client in a page is NOT tried.')

let live: LiveEngine
let visit: Awaited<ReturnType<typeof openBrowser>>['visit']
beforeAll(async () => {
  if (!hasChromium) return
  live = await startLiveEngine()
  visit = (await openBrowser()).visit
}, 120_000)

test.skipIf(!hasChromium)(
  'the client that is handed out works in a page: it signs in, walks pages, and goes on after the page is loaded again',
  async () => {
    for (const name of ['Acme', 'Birch', 'Cedar']) await live.admin.call('POST', '/api/records/customer', { name })
    const { page, errors } = await visit(live.origin)
    expect(await page.evaluate(firstVisit(live.tenant))).toEqual(['Acme', 'Birch', 'Cedar'])
    await page.reload()
    expect(await page.evaluate(SECOND_VISIT)).toEqual([true, ['/name']])
    expect(errors).toEqual([])
  },
  60_000,
)

// Scripts of the page as text: what is compiled for the test would import by the test's own loader.
const firstVisit = (tenant: string): string => `(async () => {
  const { createClient } = await import('/api/client.js')
  const client = createClient()
  await client.signIn(${JSON.stringify({ tenant, email: 'admin@demo.test', password: PASSWORD })})
  const names = []
  for await (const customer of client.list('customer', { select: ['name'], sort: ['name'], limit: 2 })) names.push(customer.name)
  return names
})()`

const SECOND_VISIT = `(async () => {
  const { createClient, Problem } = await import('/api/client.js')
  const client = createClient({ locale: () => 'es' })
  const isResumed = await client.resume()
  const refusal = await client.create('customer', { name: '' }).catch(error => error)
  return [isResumed, refusal instanceof Problem ? refusal.errors.map(({ pointer }) => pointer) : String(refusal)]
})()`
