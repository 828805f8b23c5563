import { expect, test } from 'vitest'
import { traceOf } from './trace.ts'

const ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

test('a trace sent by the caller is continued under a span of our own', () => {
  const trace = traceOf(`00-${ID}-${SPAN}-01`)
  expect(trace.traceId).toBe(ID)
  expect(trace.traceparent).toMatch(new RegExp(`^00-${ID}-[0-9a-f]{16}-01$`))
  expect(trace.traceparent).not.toContain(SPAN)
})

test('an unsampled trace stays unsampled', () => {
  expect(traceOf(`00-${ID}-${SPAN}-00`).traceparent.endsWith('-00')).toBe(true)
})

test('a later version of the header is read as far as we know it', () => {
  expect(traceOf(`01-${ID}-${SPAN}-01-more`).traceId).toBe(ID)
})

test.each([
  undefined,
  '',
  'garbage',
  `00-${ID}-${SPAN}`,
  `ff-${ID}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${ID}-${'0'.repeat(16)}-01`,
  `00-${ID}-${SPAN}-01-more`,
  `00-${ID.toUpperCase()}-${SPAN}-01`,
  ` 00-${ID}-${SPAN}-01`,
  `00-${ID}-${SPAN}-01\n`,
  `01-${ID}-${SPAN}-01-${'x'.repeat(500)}`,
])('begins a trace of its own for %j', header => {
  const { traceId } = traceOf(header)
  expect(traceId).toMatch(/^[0-9a-f]{32}$/)
  expect(traceId).not.toBe(ID)
})

test('no two traces are alike', () => {
  expect(new Set(Array.from({ length: 5000 }, () => traceOf().traceId)).size).toBe(5000)
})

test('a step that nobody tells of begins no trace twice: who is behind our own client is the first', () => {
  const sent = (state?: string, flags = '01') => traceOf(`00-${ID}-${SPAN}-${flags}`, state)
  expect(sent()).toMatchObject({ traceId: ID, parentId: SPAN })
  expect(sent(`nexus=${SPAN}`)).toMatchObject({ traceId: ID, parentId: null })
  expect(sent(`rojo=1, nexus=${SPAN} ,congo=2`)).toMatchObject({ parentId: null })
  // A proxy has named a step of its own; somebody else's word; a header of no known form.
  for (const state of ['nexus=0000000000000001', `other=${SPAN}`, `nexus=${SPAN}0`, 'nexus', '', `nexus=${SPAN},${'x'.repeat(600)}`])
    expect([state, sent(state).parentId]).toEqual([state, SPAN])
  // Who spares his trace goes on sparing it.
  expect(sent(`nexus=${SPAN}`, '00')).toMatchObject({ parentId: SPAN })
  expect(traceOf(undefined, `nexus=${SPAN}`).parentId).toBeNull()
})
