import { expect, test } from 'vitest'
import { currentSpan, spanned } from '../kernel/spans.ts'
import { type Cause, type KeptSpan, MOST_CAUSES, MOST_SPANS, tellSteps } from './told-steps.ts'

/** Collects the traces whose id begins with an even digit. */
function listen() {
  const told: { step: KeptSpan; causes: readonly Cause[] }[] = []
  const steps = tellSteps({
    collects: id => Number.parseInt(id[0] ?? '', 16) % 2 === 0,
    tell: (step, causes) => void told.push({ step, causes }),
  })
  return { told, steps }
}

const traceparent = (digit: string, flags = '01'): string => `00-${digit.repeat(32)}-${'b'.repeat(16)}-${flags}`

test('a step that only looked is told to nobody, nor what it looked with', async () => {
  const { told, steps } = listen()
  const found = await steps.run({ job: 'look' }, () => spanned('SELECT', {}, async () => 0))
  expect([found, told]).toEqual([0, []])
})

test('a step that did something is told with what lay within it', async () => {
  const { told, steps } = listen()
  await steps.run({ job: 'seal', tenantId: 't', jobId: 'j' }, async step => {
    await spanned('SELECT', { a: 1 }, async () => undefined)
    step.did({ rows: 2 })
  })
  const [{ step } = { step: null }] = told
  expect(step).toMatchObject({
    name: 'job seal',
    attributes: { 'nexus.job': 'seal', 'nexus.tenant_id': 't', 'nexus.job_id': 'j', rows: 2 },
    failure: null,
    children: [{ name: 'SELECT', attributes: { a: 1 } }],
  })
  expect(step !== null && step.began <= step.ended && Math.abs(step.ended - Date.now()) < 60_000).toBe(true)
})

test('a step that failed is told, by a kind of ours', async () => {
  const { told, steps } = listen()
  const failing = steps.run({ job: 'fill' }, () => Promise.reject(Object.assign(new Error('Ivanov'), { kind: 'lock_timeout' })))
  await expect(failing).rejects.toThrow('Ivanov')
  expect(told.map(({ step }) => step.failure)).toEqual(['lock_timeout'])
})

test('names only causes whose traces are collected; where none is, the step is not told', async () => {
  const { told, steps } = listen()
  const run = (...traceparents: string[]): Promise<void> =>
    steps.run({ job: 'relay', causedBy: traceparents[0] }, async step => {
      step.causedBy(traceparents)
      step.did()
    })
  await run(traceparent('2'), traceparent('2'), traceparent('3'), traceparent('4', '00'), 'garbage')
  await run(traceparent('3'))
  await run(traceparent('4', '00'))
  await run('')
  expect(told.map(({ causes }) => causes.map(cause => cause.traceId[0]))).toEqual([['2'], []])
})

test('is bounded, whatever a step does', async () => {
  const { told, steps } = listen()
  await steps.run({ job: 'large' }, async step => {
    step.causedBy(Array.from({ length: 500 }, (_, n) => `00-2${String(n).padStart(31, '0')}-${'b'.repeat(16)}-01`))
    for (let n = 0; n < MOST_SPANS + 5; n++) await spanned('SELECT', {}, async () => undefined)
    step.did()
  })
  expect(told.map(({ step, causes }) => [step.children.length, causes.length, step.attributes['nexus.spans_left_out']])).toEqual([
    [MOST_SPANS, MOST_CAUSES, 5],
  ])
  expect(currentSpan()).toBeUndefined()
})
