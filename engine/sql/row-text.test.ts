/** Answers for: a row's JSON says what its columns said, whatever stands in them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MOMENT, SAMPLES } from '../test/harness/field-samples.ts'
import { STRINGS } from './render-columns.ts'
import { type Part, rowWriter } from './row-text.ts'

const rowText = (parts: readonly Part[], row: Parameters<ReturnType<typeof rowWriter>>[0]): string => rowWriter(parts)(row)
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
