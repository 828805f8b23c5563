/** Answers for: what formulas, lookups and rollups behave as, and what autonumbers look like. */
import { expect, test } from 'vitest'
import type { Field, FormulaField, LookupField, RollupField } from '../../metadata/generated/types.ts'
import { isNumberTemplate, periodOf, renderNumber } from './autonumber.ts'
import { MOMENT } from '../test/harness/field-samples.ts'
import type { TypedField } from './field-type.ts'
import { fieldTypeOf, isDerived, resolveDerived } from './registry.ts'

const price: Field = {
  key: 'price',
  type: 'money',
  scale: 4,
  currency: 'EUR',
  currency_field: 'currency',
  required: true,
  minimum: '0',
  filterable: true,
}
const stage: Field = { key: 'stage', type: 'choice', options: [{ value: 'lead', label: { en: 'Lead' } }], default: 'lead' }
const of = (field: Field): TypedField => ({ type: fieldTypeOf(field.type), definition: field })

test('a plain field is itself', () => {
  expect(resolveDerived(price, null)).toEqual({ type: fieldTypeOf('money'), definition: price })
  expect([isDerived(price), isDerived({ key: 'f', type: 'formula', result: 'text', expression: 'a' })]).toEqual([false, true])
  expect(() => fieldTypeOf('formula')).toThrow()
})

test('a formula behaves as its result, made by the engine', () => {
  const weighted: FormulaField = {
    key: 'weighted',
    type: 'formula',
    result: 'money',
    scale: 3,
    expression: 'amount * probability',
    currency_field: 'currency',
    filterable: true,
    label: { en: 'Weighted' },
  }
  const resolved = resolveDerived(weighted, null)
  expect(resolved?.definition).toEqual({
    key: 'weighted',
    type: 'money',
    scale: 3,
    currency_field: 'currency',
    filterable: true,
    label: { en: 'Weighted' },
  })
  expect(resolved?.type).toMatchObject({ type: 'money', computed: true, widget: 'money' })
  expect(resolved?.type.canonical('1.5', resolved.definition, MOMENT)).toEqual({ ok: true, value: '1.500' })
  const words = resolveDerived({ ...weighted, result: 'text' }, null)
  expect(words?.definition).toMatchObject({ type: 'text', max_length: 2000 })
})

test('models share one computed form of each type', () => {
  const formula: FormulaField = { key: 'a', type: 'formula', result: 'date', expression: 'b' }
  expect(resolveDerived(formula, null)?.type).toBe(resolveDerived({ ...formula, key: 'c' }, null)?.type)
})

test('a rollup counts in integers and sums as the field summed, without its bounds', () => {
  const rollup: RollupField = { key: 'total', type: 'rollup', relation: 'lines', function: 'sum', field: 'price', sortable: true }
  expect(resolveDerived({ ...rollup, function: 'count' }, null)).toMatchObject({
    type: { type: 'integer', computed: true },
    definition: { key: 'total', type: 'integer' },
  })
  expect(resolveDerived(rollup, of(price))?.definition).toEqual({ key: 'total', type: 'money', scale: 4, currency: 'EUR', sortable: true })
  expect(resolveDerived(rollup, null)).toBeNull()
  expect(resolveDerived(rollup, of(stage))).toBeNull()
  expect(resolveDerived({ ...rollup, function: 'max' }, of({ key: 'day', type: 'date' }))?.definition.type).toBe('date')
  expect(resolveDerived(rollup, of({ key: 'day', type: 'date' }))).toBeNull()
})

test('a lookup behaves as the field looked up; a live one has no slot, an overridable one may be written', () => {
  const lookup: LookupField = { key: 'stage_of', type: 'lookup', reference: 'deal', field: 'stage', mode: 'copied' }
  const resolved = resolveDerived(lookup, of(stage))
  expect(resolved?.definition).toEqual({ key: 'stage_of', type: 'choice', options: 'options' in stage ? stage.options : [] })
  expect([resolved?.type.computed, resolved?.type.slot(resolved.definition)]).toEqual([true, 't'])
  const live = resolveDerived({ ...lookup, mode: 'live' }, of(stage))
  expect([live?.type.computed, live?.type.slot(live.definition)]).toEqual([true, null])
  expect(resolveDerived({ ...lookup, overridable: true }, of(stage))?.type).toBe(fieldTypeOf('choice'))
  expect(resolveDerived(lookup, of({ key: 'lines', type: 'table', target: 'line', target_field: 'deal' }))).toBeNull()
})

test('a lookup of a lookup behaves as the field at its end', () => {
  const first = resolveDerived({ key: 'a', type: 'lookup', reference: 'deal', field: 'stage', mode: 'copied' }, of(stage))
  const second = resolveDerived({ key: 'b', type: 'lookup', reference: 'task', field: 'a', mode: 'copied', label: { en: 'B' } }, first)
  expect(second?.definition).toEqual({ key: 'b', type: 'choice', label: { en: 'B' }, options: 'options' in stage ? stage.options : [] })
})

test('an autonumber fills its template on the day of the tenant', () => {
  expect(renderNumber('D-{yyyy}-{seq:5}', '2026-05-04', 42)).toBe('D-2026-00042')
  expect(renderNumber('{yy}{mm}{dd}/{seq}', '2026-05-04', 7n)).toBe('260504/7')
  expect(renderNumber('{seq:2}', '2026-05-04', 12345)).toBe('12345')
})

test('a series lasts as long as the finest date in the template', () => {
  expect(
    ['D-{yyyy}-{seq:5}', '{yy}{mm}-{seq}', '{yyyy}{mm}{dd}{seq}', 'INV-{seq}'].map(template => periodOf(template, '2026-05-04')),
  ).toEqual(['2026', '2026-05', '2026-05-04', ''])
})

test('a template has one counter and no unknown words', () => {
  expect(['{seq}', 'D-{yyyy}-{seq:5}'].map(isNumberTemplate)).toEqual([true, true])
  expect(['D-1', '{seq}{seq}', '{seq:0}', '{seq:40}', '{SEQ}', '{seq} {month}', '{seq', '{{seq}}'].map(isNumberTemplate)).toEqual(
    Array(8).fill(false),
  )
})
