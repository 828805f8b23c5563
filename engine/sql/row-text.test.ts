/** Answers for: a row's JSON says what its columns said, whatever stands in them. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MOMENT, SAMPLES } from '../test/harness/field-samples.ts'
import { dataRowOf } from '../platform/index.ts'
import { STRINGS } from './render-columns.ts'
import { type Part, rowsWriter } from './row-text.ts'

const rowText = (parts: readonly Part[], row: readonly (string | null)[]): string => rowsWriter(parts)([dataRowOf(row)])
const anyText = fc.string({
  unit: fc.oneof(fc.constantFrom('"', '\\', '/', '\n', '\u0000', '\u001f', '\u007f', '\u2028', 'ж', '😀'), fc.string()),
})

test('texts come back as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.option(anyText), { minLength: 1 }), row => {
      const parts = row.map((_, place): Part => ({ kind: 'text', name: `m${place}`, place }))
      const sound = row.map(text => text?.toWellFormed() ?? null)
      expect(Object.values(JSON.parse(rowText(parts, sound)) as object)).toEqual(sound)
    }),
  )
})

test('a row has its members in their order, absent ones leave no gap, and objects without a record are null', () => {
  const of = (name: string, place: number): Part => ({ kind: 'object', name, place, parts: [{ kind: 'plain', name: 'id', place }] })
  const parts: Part[] = [
    { kind: 'optional', name: 'hidden', place: 0 },
    { kind: 'optional', name: 'masked', place: 1 },
    { kind: 'json', name: 'version', place: 2 },
    { kind: 'json', name: 'tags', place: 0 },
    of('customer', 3),
    of('contact', 0),
    { kind: 'time', name: 'created_at', place: 4 },
  ]
  const row = [null, '"••••21"', '7', '0190', '2026-05-01 10:20:30.1239+00']
  expect(rowText(parts, row)).toBe(
    '{"masked":"••••21","version":7,"tags":null,"customer":{"id":"0190"},"contact":null,"created_at":"2026-05-01T10:20:30.123Z"}',
  )
  expect(rowText([{ kind: 'optional', name: 'hidden', place: 0 }], row)).toBe('{}')
})

test('rows stand behind each other, however long they are', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyText, fc.integer({ min: 0, max: 40_000 })), { maxLength: 6 }), rows => {
      const texts = rows.map(([text, times]) => `${text.toWellFormed()}${'"'.repeat(times)}`)
      const json = rowsWriter([{ kind: 'text', name: 'a', place: 0 }])(texts.map(text => dataRowOf([text])))
      expect(JSON.parse(`[${json}]`)).toEqual(texts.map(a => ({ a })))
    }),
  )
})

test('instants have milliseconds, and what is none stays as it is', () => {
  const write = rowsWriter([{ kind: 'time', name: 'at', place: 0 }])
  const told = (text: string): unknown => (JSON.parse(write([dataRowOf([text])])) as { at: unknown }).at
  expect(told('2026-05-01 10:20:30+00')).toBe('2026-05-01T10:20:30.000Z')
  expect(told('2026-05-01 10:20:30.5+00')).toBe('2026-05-01T10:20:30.500Z')
  expect(told('2026-05-01 10:20:30.123987+00')).toBe('2026-05-01T10:20:30.123Z')
  expect(told('infinity')).toBe('infinity')
  expect(told('10026-05-01 10:20:30+00')).toBe('10026-05-01 10:20:30+00')
})

test('a row that lacks a column is a fault, never the value of the row before', () => {
  const write = rowsWriter([{ kind: 'plain', name: 'b', place: 1 }])
  expect(() => write([dataRowOf(['x', 'secret']), dataRowOf(['x'])])).toThrow('A row has 1 columns and not 2.')
})

describe.each(SAMPLES.map(({ field, ...sample }) => [`${field.type} ${field.key}`, { field, ...sample }] as const))('%s', (_, sample) => {
  test('is sent as text only where its values are texts', () => {
    const { type, field, values } = sample
    if (!STRINGS.has(type.kindOf(field))) return
    fc.assert(
      fc.property(values, value => {
        const read = type.canonical(value, field, MOMENT)
        if (read.ok) expect(read.value).toBeTypeOf('string')
      }),
    )
  })
})

test('what is kept to write rows holds no bytes of anybody else', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const heldBytes = (): number => {
    collect()
    return process.memoryUsage().arrayBuffers
  }
  const before = heldBytes()
  // Between one and the next so many small buffers are made that each would hold a slab of its own.
  const writers = Array.from({ length: 300 }, (_, at) => {
    for (let other = 0; other < 100; other += 1) Buffer.from('x'.repeat(1_000))
    return rowsWriter([{ kind: 'text', name: `field_${at}`, place: 0 }])
  })
  expect(heldBytes() - before).toBeLessThan(4 * 1024 * 1024)
  expect(writers).toHaveLength(300)
})
