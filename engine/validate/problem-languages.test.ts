/** What problems say in every language: every sentence keeps what stands in it, and no language tells of more than another. */
import { expect, test } from 'vitest'
import { movedTo, spoken } from '../../metadata/said.ts'
import { SENTENCES } from '../../metadata/sentences/every.ts'
import { translate } from '../../metadata/translate.ts'
import { parsePredicate } from '../../metadata/predicate.ts'
import { wrongType } from '../field-types/refusal.ts'
import { definitionValidator } from '../kernel/schema.ts'
import { capExceeded, listing, nameProblem, unknownName } from './name-problems.ts'
import { refusalWords } from './refusal-words.ts'

const LOCALES = ['ru', 'uk', 'es'] as const

test('each sentence names in every language what it names in English', () => {
  const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).toSorted()
  for (const [english, translations] of Object.entries(SENTENCES))
    for (const text of translations) expect([text, placeholders(text)]).toEqual([text, placeholders(english)])
})

test('no sentence is left in English, and Ukrainian is not Russian', () => {
  for (const [english, [ru, uk, es]] of Object.entries(SENTENCES)) {
    expect(new Set([english, ru, uk, es]).size, english).toBe(4)
    expect([uk, /[ыэъё]/i.test(uk)]).toEqual([uk, false])
  }
})

test('a problem is told in the reader’s language with its hint, pointer, code and parameters as they were', () => {
  const problem = movedTo(unknownName('stge', '/sort/0', ['stage']), { pointer: '/query/sort/0' })
  expect(spoken(problem, 'en', translate)).toBe(problem)
  expect(LOCALES.map(locale => spoken(problem, locale, translate))).toEqual(
    [
      ['Имени «stge» здесь нет.', 'Возможно, имелось в виду «stage»?'],
      ['Назви «stge» тут немає.', 'Можливо, малося на увазі «stage»?'],
      ['Aquí no existe «stge».', '¿Quiso decir «stage»?'],
    ].map(([message, hint]) => ({
      pointer: '/query/sort/0',
      code: 'VALIDATE_UNKNOWN_NAME',
      params: { name: 'stge' },
      message,
      hint,
    })),
  )
})

test('a name with braces in it stays the name it is', () => {
  const problem = nameProblem(
    '{names}',
    '/sort/0',
    'VALIDATE_NOT_SORTABLE',
    '"{name}" can not be used for sorting.',
    listing('Sort by {names}.', ['a']),
  )
  expect(problem).toMatchObject({ message: '"{names}" can not be used for sorting.', hint: 'Sort by a.' })
  expect(spoken(problem, 'es', translate)).toMatchObject({
    message: 'No se puede ordenar por «{names}».',
    hint: 'Se puede ordenar por: a.',
  })
})

test('predicates and schemas, which know no reader, are told in his language too', () => {
  const scope = {
    lookup: (name: string) => (name === 'n' ? { field: { kind: 'integer' as const, operators: ['eq' as const] } } : undefined),
  }
  const parsed = parsePredicate({ n: { eq: 'x' }, m: {} }, scope)
  expect(parsed.ok ? [] : parsed.problems.map(each => spoken(each, 'ru', translate).message)).toEqual([
    'Ожидается целое число.',
    'Такого имени здесь нет.',
  ])
  const shape = definitionValidator('Query')({ limit: 'x' }, { prefix: 'VALIDATE' })
  expect(shape.map(each => spoken(each, 'uk', translate).message).join()).toMatch(/ціле число/)
  expect(spoken(capExceeded('max_page_size', 5, '/limit'), 'uk', translate).hint).toBe('Запитайте не більше 5.')
})

test('a value of another JSON type is told of as a person would', () => {
  expect([wrongType('string').message, refusalWords(wrongType('integer'), 'en'), wrongType('array').params]).toEqual([
    'Must be a text, in quotation marks.',
    'Must be a whole number, without quotation marks.',
    { expected: 'array' },
  ])
  expect((['ru', 'uk', 'es'] as const).map(locale => refusalWords(wrongType('string'), locale))).toEqual([
    'ожидается текст в кавычках.',
    'очікується текст у лапках.',
    'se espera un texto entre comillas.',
  ])
  const amount = wrongType('string', '1250.50')
  expect([amount.message, amount.params]).toEqual([
    'Must be a text, in quotation marks, such as "1250.50".',
    { expected: 'string', example: '1250.50' },
  ])
  expect((['en', 'ru', 'uk', 'es'] as const).map(locale => refusalWords(amount, locale))).toEqual([
    'Must be a text, in quotation marks, such as "1250.50".',
    'ожидается текст в кавычках, например "1250.50".',
    'очікується текст у лапках, наприклад "1250.50".',
    'se espera un texto entre comillas, por ejemplo "1250.50".',
  ])
})
