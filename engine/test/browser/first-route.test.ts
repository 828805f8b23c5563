/** What somebody on a weak link waits for: the scripts that signing in and the first list need, counted as they travel. */
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { hasChromium, openBrowser, signInto } from '../harness/browser.ts'
import { PASSWORD, startLiveEngine } from '../harness/live.ts'

const engine = hasChromium ? await startLiveEngine() : null
const browser = hasChromium ? await openBrowser() : null
const MOST_BYTES = 185 * 1024

test.runIf(hasChromium)('the first list is there with at most 185 KB of script', { timeout: 60_000 }, async () => {
  if (engine === null || browser === null) return
  await engine.admin.call('POST', '/api/records/deal', { name: 'Rack protection' })
  const { page, errors } = await browser.visit('about:blank')
  const scripts = new Map<string, number>()
  const reading: Promise<void>[] = []
  page.on('response', response => {
    if (response.request().resourceType() !== 'script') return
    reading.push(response.body().then(body => void scripts.set(response.url(), gzipSync(body).length)))
  })
  await page.goto(engine.origin)
  await signInto(page, engine.tenant, `admin@${engine.tenant}.test`, PASSWORD)
  await page.locator('[data-row="0"]').waitFor()
  await Promise.all(reading)
  const bytes = [...scripts.values()].reduce((sum, each) => sum + each, 0)
  expect(bytes, [...scripts].map(([url, size]) => `${size} ${url}`).join('\n')).toBeLessThanOrEqual(MOST_BYTES)
  // Nothing counted would be as wrong as too much.
  expect(bytes).toBeGreaterThan(100 * 1024)
  expect(errors).toEqual([])
})
