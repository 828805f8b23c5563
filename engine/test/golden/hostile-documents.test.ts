/** Answers for: no document, however broken, ends the check; whatever is accepted can be combined again. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkLayers, type RawLayer } from '../../../metadata/check-layers.ts'
import type { JsonValue } from '../../../metadata/generated/types.ts'
import { languageTools } from '../../kernel/schema.ts'
import { readCases } from './read-cases.ts'

const sound = readCases('passing', 'effective.json').map(({ layers }) => layers)
const odd = fc.oneof(
  fc.constantFrom<JsonValue>(
    null,
    '',
    '$',
    '__proto__',
    'constructor',
    'deal',
    'deal/deal',
    0,
    -1,
    1e300,
    true,
    [],
    {},
    [[]],
    [null],
    { eq: null },
    { and: {} },
    'a'.repeat(10_000),
  ),
  fc.jsonValue().map(value => value as JsonValue),
)

/** The document with the value at one of its places replaced. */
function spoil(value: JsonValue, steps: readonly number[], by: JsonValue): JsonValue {
  const [step, ...rest] = steps
  if (step === undefined || typeof value !== 'object' || value === null) return by
  const entries = Object.entries(value)
  const chosen = entries[step % Math.max(1, entries.length)]
  if (chosen === undefined) return by
  const inner = spoil(chosen[1], rest, by)
  if (Array.isArray(value)) return value.map((each, index) => (String(index) === chosen[0] ? inner : each))
  return { ...value, [chosen[0]]: inner }
}

test('answers any JSON with problems', () => {
  fc.assert(
    fc.property(fc.array(odd, { maxLength: 4 }), documents => {
      expect(checkLayers([{ name: 'sales', documents }], languageTools).problems.every(problem => problem.message !== '')).toBe(true)
    }),
    { numRuns: 300 },
  )
})

test('survives every document with one part replaced by something odd', () => {
  fc.assert(
    fc.property(fc.constantFrom(...sound), fc.array(fc.nat(40), { minLength: 1, maxLength: 7 }), odd, (layers, [at = 0, ...steps], by) => {
      const all = layers.flatMap(layer => layer.documents).length
      let position = 0
      const spoilt: RawLayer[] = layers.map(layer => ({
        ...layer,
        documents: layer.documents.map(document => (position++ === at % all ? spoil(document as JsonValue, steps, by) : document)),
      }))
      const { documents, problems } = checkLayers(spoilt, languageTools)
      expect(documents.length + problems.length).toBeGreaterThan(0)
    }),
    { numRuns: 1500 },
  )
})
