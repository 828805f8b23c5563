/** Telling the relay of writes: many are one wake, and it is no step of whoever wrote first. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { currentSpan, runSpan, type Span } from '../kernel/spans.ts'
import { noteWritten, onWritten, WAKE_MS } from './wake.ts'

const span: Span = { child: () => span, rename: () => undefined, set: () => undefined, end: () => undefined }

test('writes of one moment wake once, and outside of the request that wrote first', async () => {
  const seen: (Span | undefined)[] = []
  const unlisten = onWritten(() => seen.push(currentSpan()))
  runSpan(span, () => {
    noteWritten()
    noteWritten()
    expect(currentSpan()).toBe(span)
  })
  await sleep(5 * WAKE_MS)
  expect(seen).toEqual([undefined])
  runSpan(span, noteWritten)
  unlisten()
  await sleep(5 * WAKE_MS)
  expect(seen).toEqual([undefined])
})
