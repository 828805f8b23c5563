import { expect, test } from 'vitest'
import { SHAPE_PHRASES } from '../../shape/phrases.ts'
import { routes } from '../inventory.ts'
import { FIXED_OPERATIONS } from './document.ts'
import { FIXED_SCHEMAS } from './fixed-schemas.ts'
import { inWordsOf } from './own-words.ts'
import { ALL_PHRASES, isPhrase, phraseIn } from './phrases.ts'

const EVERY = { ...ALL_PHRASES, ...SHAPE_PHRASES }

const namesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort()
const codeIn = (text: string): string[] => [...text.matchAll(/`[^`]+`/g)].map(([code]) => code).sort()

test('every language names the same things and quotes the same code', () => {
  for (const [english, translations] of Object.entries(EVERY))
    for (const text of translations) expect([english, namesIn(text), codeIn(text)]).toEqual([english, namesIn(english), codeIn(english)])
})

test('each phrase is said in the letters of its language, and not in English', () => {
  const unchanged = new Set(['{label}', 'A JSON Schema', 'Roles'])
  for (const [english, [ru, uk, es]] of Object.entries(EVERY)) {
    if (unchanged.has(english)) continue
    expect([english, /[ыэъё]/i.test(uk), /[іїєґ]/i.test(ru)]).toEqual([english, false, false])
    for (const text of [ru, uk]) expect([english, /\p{Script=Cyrillic}/u.test(text)]).toEqual([english, true])
    expect([english, /\p{Script=Cyrillic}/u.test(es), es === english]).toEqual([english, false, false])
    // A sentence stays a sentence, and a name a name.
    for (const text of [ru, uk, es]) expect([english, text.endsWith('.')]).toEqual([english, english.endsWith('.')])
  }
})

test('names in braces are filled in, and none is left out', () => {
  expect(phraseIn('List {plural}', 'es', { plural: 'Oportunidades' })).toBe('Listar: Oportunidades')
  expect(() => phraseIn('List {plural}', 'ru')).toThrow('{plural}')
})

/** Words of a schema, wherever in it they stand. */
function wordsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    (name === 'title' || name === 'description') && typeof member === 'string' ? [member] : wordsOf(member),
  )
}

test('no member of a request or an answer that is the same in every tenant is described in English only', () => {
  const own = {
    ...FIXED_SCHEMAS,
    ...Object.fromEntries(routes.map(({ method, path, query, body }) => [`${method} ${path}`, { query, body }])),
    ...Object.fromEntries(Object.values(FIXED_OPERATIONS).map(({ id, body, parameters, answers }) => [id, { body, parameters, answers }])),
  }
  for (const [name, schema] of Object.entries(own)) expect([name, wordsOf(schema).filter(text => !isPhrase(text))]).toEqual([name, []])
  expect(wordsOf(own).length).toBeGreaterThan(200)
})

test('a schema is said in a language as deep as it goes, and what is only named like words stays', () => {
  const schema = {
    title: 'Name',
    examples: [{ title: 'Name' }],
    properties: {
      title: { description: '1 is Monday.' },
      list: { items: { anyOf: [{ description: '1 is Monday.' }, { additionalProperties: { title: 'Note' } }] } },
    },
  }
  expect(inWordsOf(schema, 'es')).toEqual({
    title: 'Nombre',
    examples: [{ title: 'Name' }],
    properties: {
      title: { description: '1 es lunes.' },
      list: { items: { anyOf: [{ description: '1 es lunes.' }, { additionalProperties: { title: 'Nota' } }] } },
    },
  })
  expect(inWordsOf(schema, 'en')).toEqual(schema)
  expect(() => inWordsOf({ properties: { x: { description: 'Nobody translated this.' } } }, 'ru')).toThrow('English only')
})
