/** Tells problems in the reader's language. Holds every sentence in every language, so whoever only makes problems does not import it. */
import { isSaid, type Language, type Said, spoken } from './said.ts'
import { SENTENCES } from './sentences/every.ts'
import type { Problem } from './problem.ts'

const LANGUAGES: readonly Language[] = ['ru', 'uk', 'es']

/** A sentence in one of the languages besides English, with what stands in it. */
export function translate({ sentence, values = {} }: Said, locale: Exclude<Language, 'en'>): string {
  const text = SENTENCES[sentence][LANGUAGES.indexOf(locale)] ?? sentence
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name] ?? whole
    return isSaid(value) ? translate(value, locale) : String(value)
  })
}

/** Problems in the reader's language. */
export function toldIn(problems: readonly Problem[], locale: Language): Problem[] {
  return problems.map(problem => spoken(problem, locale, translate))
}
