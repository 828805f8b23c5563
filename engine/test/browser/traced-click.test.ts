/** A click in the app, as a collector sees it: one trace that the browser's id begins, down to the commit, and what it leaves behind linked to it. */
import { expect, test } from 'vitest'
import { follow, hasChromium, openBrowser, signInto } from '../harness/browser.ts'
import { openCollector, type ReceivedSpan, told } from '../harness/collector.ts'
import { PASSWORD, startLiveEngine } from '../harness/live.ts'

const collector = await openCollector()
const engine = hasChromium ? await startLiveEngine({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }) : null
const browser = hasChromium ? await openBrowser() : null

test.runIf(hasChromium)('a click on Create is one trace from the browser to the commit', { timeout: 60_000 }, async () => {
  if (engine === null || browser === null) return
  const { page, errors } = await browser.visit(engine.origin)
  await signInto(page, engine.tenant, `admin@${engine.tenant}.test`, PASSWORD)
  const sent = new Map<string, string>()
  page.on('request', request => {
    const { traceparent } = request.headers()
    if (traceparent !== undefined) sent.set(traceparent, `${request.method()} ${new URL(request.url()).pathname}`)
  })
  const answered = page.waitForResponse(response => response.request().method() === 'POST' && response.url().endsWith('/api/records/task'))
  await follow(page, '/records/task/new')
  // The list that was there before has an input of its own.
  const subject = page.locator('main').getByLabel('Subject')
  await subject.fill('Call the carrier')
  await expect.poll(() => subject.inputValue()).toBe('Call the carrier')
  await page.locator('main').getByRole('button', { name: 'Create', exact: true }).click()
  const [traceparent = ''] = [...sent].find(([, name]) => name === 'POST /api/records/task') ?? [
    (await answered).request().headers()['traceparent'],
  ]
  const traceId = traceparent.split('-')[1]
  expect((await answered).headers()['trace-id']).toBe(traceId)

  const spansOf = (): ReceivedSpan[] => collector.spans().filter(span => span.traceId === traceId)
  const linked = (): ReceivedSpan[] => collector.spans().filter(span => span.links?.some(link => link.traceId === traceId))
  // Spans go out every five seconds.
  await expect.poll(() => [spansOf().length > 0, linked().length > 0], { timeout: 25_000 }).toEqual([true, true])
  const spans = spansOf()
  const ids = new Set(spans.map(span => span.spanId))
  expect(spans.filter(span => !ids.has(span.parentSpanId ?? '')).map(span => [span.name, span.parentSpanId])).toEqual([
    ['POST /api/records/:entity', undefined],
  ])
  expect(spans.map(span => span.name)).toEqual(expect.arrayContaining(['authenticate', 'commitChanges', 'COMMIT']))
  expect(new Set(linked().map(span => told(span, 'nexus.job')))).toEqual(new Set(['relay_events']))
  // Every request of the app is a trace of its own, which the page has named.
  expect(new Set([...sent.keys()].map(each => each.split('-')[1])).size).toBe(sent.size)
  expect(errors).toEqual([])
})
