import { expect, test } from 'vitest'
import { ALL_PHRASES, phraseIn } from './phrases.ts'

const namesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort()
const codeIn = (text: string): string[] => [...text.matchAll(/`[^`]+`/g)].map(([code]) => code).sort()

test('every language names the same things and quotes the same code', () => {
  for (const [english, translations] of Object.entries(ALL_PHRASES))
    for (const text of translations) expect([english, namesIn(text), codeIn(text)]).toEqual([english, namesIn(english), codeIn(english)])
})

test('each phrase is said in the letters of its language, and not in English', () => {
  const unchanged = new Set(['{label}', 'A JSON Schema'])
  for (const [english, [ru, uk, es]] of Object.entries(ALL_PHRASES)) {
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
