/** Answers for: what holds of every field type alike, tried with random values. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareCodePoints } from '../../metadata/fold.ts'
import { OPERATORS_OF_KIND } from '../../metadata/operators.ts'
import { evaluate, parsePredicate } from '../../metadata/predicate.ts'
import { isLinearPattern, validatorOf } from '../kernel/schema.ts'
import { CELL_SCOPES, ENGLISH, MOMENT, SAMPLES, type Sample } from '../test/harness/field-samples.ts'
import type { JsonSchema, Wire } from './field-type.ts'
import { REFUSAL_MESSAGES } from './refusal.ts'
import { FIELD_TYPES } from './registry.ts'

const RUNS = { numRuns: 100 }
const ENV = { user: null, now: MOMENT.now, timeZone: 'UTC', weekStart: 1 } as const

/** The canonical forms among a sample's values. */
function stored({ values, type, field }: Sample): fc.Arbitrary<Wire> {
  return values
    .map(value => type.canonical(value, field, MOMENT))
    .filter(read => read.ok)
    .map(read => (read.ok ? read.value : null))
}

test('has samples of every type', () => {
  expect([...new Set(SAMPLES.map(({ field }) => field.type))].sort()).toEqual(FIELD_TYPES.map(type => type.type).sort())
})

describe.each(SAMPLES.map(sample => [`${sample.field.type} ${sample.field.key}`, sample] as const))('%s', (_, sample) => {
  const { type, field } = sample
  const schema = type.recordSchema(field, ENGLISH)

  test('keeps a canonical value as it is', () => {
    fc.assert(
      fc.property(stored(sample), value => {
        expect(type.canonical(value, field, MOMENT)).toEqual({ ok: true, value })
      }),
      RUNS,
    )
  })

  test('has its value back from its slot, where the slot keeps it', () => {
    fc.assert(
      fc.property(stored(sample), value => {
        const slot = type.slotKey?.(value, field) ?? type.slotOperand(value, field)
        if (type.wireOf !== undefined && slot !== null) expect(type.wireOf(String(slot), field)).toEqual(value)
      }),
      RUNS,
    )
  })

  test('has a schema that canonical values fit and that says no less than the canonical form', () => {
    const validate = validatorOf({ ...schema })
    fc.assert(
      fc.property(stored(sample), value => {
        expect(retired(value) ? [] : validate(value)).toEqual([])
      }),
      RUNS,
    )
    const refusedAllTheSame = new Set([
      'VALIDATE_TEXT',
      'VALIDATE_EMPTY',
      'VALIDATE_MINIMUM',
      'VALIDATE_COUNTRY',
      'VALIDATE_PHONE',
      'VALIDATE_URL',
      'VALIDATE_MIN_LENGTH',
      'VALIDATE_MAX_LENGTH',
      'VALIDATE_EMAIL',
      'VALIDATE_JSON',
    ])
    fc.assert(
      fc.property(sample.values, value => {
        const read = type.canonical(value, field, MOMENT)
        if (validate(value).length === 0 && !read.ok) expect(refusedAllTheSame).toContain(read.code)
      }),
      RUNS,
    )
  })

  test('throws at no JSON and refuses it with a place and a sentence', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.anything({ values: [fc.constant(undefined), fc.string({ unit: 'binary' }), fc.double()] })),
        value => {
          const read = type.canonical(value, field, MOMENT)
          if (!read.ok) {
            const wanted = [...REFUSAL_MESSAGES[read.code].matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
            expect(Object.keys(read.params)).toEqual(expect.arrayContaining(wanted))
            expect(read.pointer).toMatch(/^(\/.+)?$/)
          }
          for (const scope of CELL_SCOPES) type.parseCell(typeof value === 'string' ? value : 'x', field, scope)
        },
      ),
      RUNS,
    )
  })

  test('reads back from a cell what it wrote into one', () => {
    fc.assert(
      fc.property(stored(sample), fc.constantFrom(...CELL_SCOPES), (value, scope) => {
        const cell = type.formatCell(value, field, scope)
        if (cell !== '') expect(type.parseCell(cell, field, scope), cell).toEqual({ ok: true, value })
      }),
      RUNS,
    )
  })

  test('orders its slot as the language orders its values', () => {
    const kind = type.kindOf(field)
    const slot = type.slot(field)
    if (slot === null || !OPERATORS_OF_KIND[kind].includes('lt')) return
    const options = 'options' in field ? { options: field.options.map(option => option.value) } : {}
    const scope = {
      lookup: (name: string) => (name === 'it' ? { field: { kind, operators: OPERATORS_OF_KIND[kind], ...options } } : undefined),
    }
    fc.assert(
      fc.property(stored(sample), stored(sample), (value, operand) => {
        for (const operator of ['lt', 'lte', 'gt', 'gte'] as const) {
          const parsed = parsePredicate({ it: { [operator]: dollars(operand) } }, scope)
          if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
          const inSlot = type.slotKey?.(value, field) ?? type.slotOperand(value, field)
          const rounding = operator === 'lt' || operator === 'gte' ? 'ceil' : 'floor'
          expect(compares(operator, order(inSlot, type.slotOperand(operand, field, rounding), slot))).toBe(
            evaluate(parsed.test, { it: value }, ENV),
          )
        }
      }),
      RUNS,
    )
  })

  test('has only patterns that run in linear time', () => {
    for (const pattern of patternsIn(schema)) expect(isLinearPattern(pattern), pattern).toBe(true)
  })

  function retired(value: Wire): boolean {
    return type.isRetired?.(value, field) === true
  }
})

function dollars(operand: Wire): Wire {
  return typeof operand === 'string' && operand.startsWith('$') ? `$${operand}` : operand
}

function order(a: string | number | null, b: string | number | null, slot: string): number {
  if (slot === 'i') return BigInt(a ?? 0) < BigInt(b ?? 0) ? -1 : BigInt(a ?? 0) > BigInt(b ?? 0) ? 1 : 0
  return compareCodePoints(String(a), String(b))
}

function compares(operator: 'lt' | 'lte' | 'gt' | 'gte', sign: number): boolean {
  return { lt: sign < 0, lte: sign <= 0, gt: sign > 0, gte: sign >= 0 }[operator]
}

function patternsIn(schema: JsonSchema): string[] {
  return Object.entries(schema).flatMap(([keyword, value]) => {
    if (keyword === 'pattern') return [String(value)]
    return typeof value === 'object' && value !== null ? patternsIn({ ...value }) : []
  })
}
