/** Whatever the engine refuses, it says so in every language of the product: the types demand the words, this looks at what they are. */
import { describe, expect, test } from 'vitest'
import { accessErrors } from '../access/index.ts'
import { LOCALES } from '../kernel/context.ts'
import { listErrorCodes } from '../kernel/errors.ts'
import { loadCatalogues } from './problem-reference.ts'

await loadCatalogues()
const codes = listErrorCodes()
const CYRILLIC = /\p{Script=Cyrillic}/u

test('every room that refuses something has been read', () => {
  for (const prefix of ['ACCESS', 'AUTHORING', 'HTTP', 'IDENTITY', 'MODEL', 'PLAN', 'RECORDS', 'TRANSFER', 'VALIDATE'])
    expect(codes.some(({ code }) => code.startsWith(`${prefix}_`))).toBe(true)
})

test('a refusal names entity and operation in the language it is read in', () => {
  const entity = { key: 'lead', labels: { en: 'Lead', ru: 'Лид', es: 'Prospecto' } }
  const { speak } = accessErrors.OPERATION_FORBIDDEN({ operation: 'delete', entity })
  expect(speak('ru').detail).toBe('Ваша роль не разрешает для «Лид» операцию «удаление».')
  expect(speak('uk').detail).toBe('Ваша роль не дозволяє для «Lead» операцію «видалення».')
  expect(speak('es').detail).toBe('Su rol no permite la operación «eliminar» en «Prospecto».')
})

describe.each(codes)('$code', ({ words }) => {
  test('has a title of its own in every language', () => {
    const [english, russian, ukrainian, spanish] = words
    expect(words).toHaveLength(LOCALES.length)
    for (const each of [russian, ukrainian]) expect(each?.title).toMatch(CYRILLIC)
    for (const each of [english, spanish]) expect(each?.title).not.toMatch(CYRILLIC)
    expect(new Set(words.map(each => each.title)).size).toBeGreaterThan(2)
    expect(spanish?.title).not.toBe(english?.title)
  })

  test('gives its hint in every language or in none', () => {
    expect(new Set(words.map(each => each.hint === undefined)).size).toBe(1)
  })
})
