/**
 * The sentences of problems that are made where nobody knows the reader's language: written in English, remembered with what stands in them,
 * so that whoever answers the reader can say the same in his. They stand in `sentences/`; one that is not there does not compile.
 */
import type { Problem, Worded } from './problem.ts'
import type { SENTENCES } from './sentences/every.ts'

/** Every such sentence; `{name}` stands for a value. */
export type Sentence = keyof typeof SENTENCES

/** Languages a problem can be told in. */
export type Language = 'en' | 'ru' | 'uk' | 'es'

/** A sentence and what stands in it: names and numbers, or another sentence. */
export interface Said {
  readonly sentence: Sentence
  readonly values?: Readonly<Record<string, string | number | Said>>
}

type Slots<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? (Name extends `"${string}` ? never : Name) | Slots<Rest> : never
type Values<Text> = [Slots<Text>] extends [never] ? [] : [values: Readonly<Record<Slots<Text>, string | number | Said>>]

/** A sentence with a value for every place in it. */
export function words<S extends Sentence>(sentence: S, ...[values]: Values<S>): Said {
  return values === undefined ? { sentence } : { sentence, values }
}

/** Message and hint of a problem in another language. */
export type Speak = (locale: Language) => Pick<Problem, 'message' | 'hint'>

/** Says a sentence in a language. */
export type Translate = (said: Said, locale: Exclude<Language, 'en'>) => string

type Words = { readonly message: Said; readonly hint: Said | undefined } | Speak

const remembered = new WeakMap<Problem, Words>()

/** A problem whose words are listed sentences. */
export function said(where: Omit<Problem, 'message' | 'hint'>, message: Said, hint?: Said): Problem {
  const { pointer, code, params, document } = where
  const problem: Problem = {
    pointer,
    code,
    message: inReadersWords(fill(message)),
    ...(params === undefined ? {} : { params }),
    ...(hint === undefined ? {} : { hint: inReadersWords(fill(hint)) }),
    ...(document === undefined ? {} : { document }),
  }
  remembered.set(problem, { message, hint })
  return problem
}

/** What a text is that stands in the reader's language already: made for his locale, or a label of his tenant's documents. */
export function inReadersWords(text: string): Worded {
  return text as Worded
}

/** Remembers how a problem is worded in other languages. */
export function spokenBy(problem: Problem, speak: Speak): Problem {
  remembered.set(problem, speak)
  return problem
}

/** The same problem at another place or in another document; a plain copy would forget its other languages. */
export function movedTo(problem: Problem, place: Partial<Omit<Problem, 'message' | 'hint'>>): Problem {
  const moved = { ...problem, ...place }
  const known = remembered.get(problem)
  if (known !== undefined) remembered.set(moved, known)
  return moved
}

/** What a problem says, as part of another sentence: its listed sentence, or the words it has. */
export function wordsOf(problem: Problem): Said | string {
  const known = remembered.get(problem)
  return known === undefined || typeof known === 'function' ? problem.message : known.message
}

/** What a problem hints at, for a problem that is made of it. */
export function hintOf(problem: Problem): Said | undefined {
  const known = remembered.get(problem)
  return known === undefined || typeof known === 'function' ? undefined : known.hint
}

/** A problem in the reader's language; one that was written in it stays as it is. */
export function spoken(problem: Problem, locale: Language, translate: Translate): Problem {
  const known = remembered.get(problem)
  if (known === undefined || locale === 'en') return problem
  if (typeof known === 'function') {
    const { message, hint } = known(locale)
    return { ...problem, message, ...(hint === undefined ? {} : { hint }) }
  }
  return {
    ...problem,
    message: inReadersWords(translate(known.message, locale)),
    ...(known.hint === undefined ? {} : { hint: inReadersWords(translate(known.hint, locale)) }),
  }
}

/** Tells a sentence from a name or number that stands in one. */
export function isSaid(value: string | number | Said): value is Said {
  return typeof value === 'object'
}

/** A sentence in English with its values in it. */
export function fill({ sentence, values = {} }: Said): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name] ?? whole
    return isSaid(value) ? fill(value) : String(value)
  })
}
