import { expect, test } from 'vitest'
import { type Dictionary, en } from './en.ts'
import { es } from './es.ts'
import { ru } from './ru.ts'
import { uk } from './uk.ts'

const languages: Readonly<Record<string, Dictionary>> = { ru, uk, es }
const variables = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').sort()

for (const [locale, words] of Object.entries(languages)) {
  test(`every text in ${locale} uses the variables of its English one`, () => {
    const wrong = Object.entries(en).filter(([key, text]) => variables(words[key] ?? '').join() !== variables(text).join())
    expect(wrong.map(([key]) => key)).toEqual([])
  })

  test(`${locale} has every plural form its language counts with`, () => {
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories
    const bases = Object.keys(en).flatMap(key => (key.endsWith('_one') ? [key.slice(0, -4)] : []))
    const missing = bases.flatMap(base => forms.map(form => `${base}_${form}`)).filter(key => words[key] === undefined)
    expect(missing).toEqual([])
  })

  test(`no text in ${locale} is left in English`, () => {
    const same = Object.entries(en).filter(([key, text]) => words[key] === text && /[a-z]{4}/.test(text))
    expect(same.map(([key]) => key)).toEqual(['app.name'])
  })
}
