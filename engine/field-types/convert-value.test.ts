import { expect, test } from 'vitest'
import type { Field } from '../../metadata/generated/types.ts'
import { convertValue } from './convert-value.ts'
import type { TypedField, Wire } from './field-type.ts'
import { fieldTypeOf } from './registry.ts'

const typed = (definition: Field): TypedField => ({ type: fieldTypeOf(definition.type), definition })
const options = [
  { value: 'low', label: { en: 'Low', ru: 'Низкий' } },
  { value: 'high', label: { en: 'High', ru: 'Высокий' } },
]
const scope = { locale: 'ru', timeZone: 'Europe/Berlin', at: { today: '2026-05-01', now: '2026-05-01T10:00:00.000Z' } }
const fields = {
  text: typed({ key: 'a', type: 'text' }),
  integer: typed({ key: 'a', type: 'integer' }),
  decimal: typed({ key: 'a', type: 'decimal', scale: 2 }),
  money: typed({ key: 'a', type: 'money' }),
  boolean: typed({ key: 'a', type: 'boolean' }),
  date: typed({ key: 'a', type: 'date' }),
  datetime: typed({ key: 'a', type: 'datetime' }),
  choice: typed({ key: 'a', type: 'choice', options }),
  multi_choice: typed({ key: 'a', type: 'multi_choice', options }),
  tags: typed({ key: 'a', type: 'tags' }),
  reference: typed({ key: 'a', type: 'reference', target: 'customer' }),
  user: typed({ key: 'a', type: 'user' }),
} as const
type Name = keyof typeof fields
const LOST = Symbol('lost')
const convert = (value: Wire, from: Name, to: Name): unknown => {
  const read = convertValue(value, fields[from], fields[to], scope)
  return read.ok ? read.value : LOST
}

test.each<[Wire, Name, Name, unknown]>([
  [42, 'integer', 'text', '42'],
  [42, 'integer', 'decimal', '42'],
  [42, 'integer', 'money', '42.00'],
  ['12.50', 'decimal', 'money', '12.50'],
  ['12.5', 'decimal', 'text', '12.5'],
  ['12.50', 'decimal', 'integer', LOST],
  ['12.00', 'money', 'integer', 12],
  ['12,5', 'text', 'decimal', '12.5'],
  ['twelve', 'text', 'decimal', LOST],
  ['7', 'text', 'integer', 7],
  ['Высокий', 'text', 'choice', 'high'],
  ['high', 'text', 'choice', 'high'],
  ['HIGH', 'text', 'choice', 'high'],
  ['middle', 'text', 'choice', LOST],
  ['high', 'choice', 'text', 'Высокий'],
  ['high', 'choice', 'multi_choice', ['high']],
  [['high'], 'multi_choice', 'choice', 'high'],
  [['low', 'high'], 'multi_choice', 'choice', LOST],
  [['low', 'high'], 'multi_choice', 'tags', ['Низкий', 'Высокий']],
  ['yes', 'text', 'boolean', true],
  [true, 'boolean', 'text', 'да'],
  ['2026-05-01', 'date', 'text', '2026-05-01'],
  ['2026-05-01', 'text', 'date', '2026-05-01'],
  ['2026-04-30T22:30:00.000Z', 'datetime', 'date', '2026-05-01'],
  ['2026-05-01', 'date', 'datetime', '2026-04-30T22:00:00.000Z'],
  ['0198a000-0000-7000-8000-000000000001', 'reference', 'user', '0198a000-0000-7000-8000-000000000001'],
  ['0198a000-0000-7000-8000-000000000001', 'text', 'reference', LOST],
  ['0198a000-0000-7000-8000-000000000001', 'reference', 'text', LOST],
])('%j as %s becomes %s %j', (value, from, to, expected) => {
  expect(convert(value, from, to)).toEqual(expected)
})
