/**
 * The sentences of problems that are made where nobody knows the reader's language: written in English, remembered with what stands in them,
 * so that whoever answers the reader can say the same in his. A sentence that is not in the list does not compile.
 */
import type { EXPECTED, Expectation } from './predicate-terms.ts'
import type { Problem } from './problem.ts'

/** Every such sentence; `{name}` stands for a value. */
export type Sentence =
  | 'A predicate is an object: fields, and, or, not.'
  | 'Conditions may be nested {limit} levels deep.'
  | '"and" and "or" take a list of predicates.'
  | 'A name takes an object of operators, such as {"eq": …}.'
  | 'This field is still being prepared for filters.'
  | 'Try again in a while.'
  | 'A list may hold {limit} values.'
  | 'Use one of: {names}.'
  | `Expected ${(typeof EXPECTED)[Expectation]}.`
  | 'This can not be asked of this field.'
  | 'There is no such name here.'
  | 'Did you mean “{nearest}”?'
  | 'At most {limit} conditions may be asked at once.'
  | 'There is no "{name}" here.'
  | 'Did you mean "{nearest}"?'
  | 'This goes over the limit {cap} = {limit}.'
  | 'Ask for at most {limit}.'
  | '"{name}" is already a sort key.'
  | '"{name}" is still being prepared for sorting.'
  | '"{name}" can not be used for sorting.'
  | 'Sort by {names}.'
  | 'Records can not be grouped by "{name}".'
  | 'Group by {names}.'
  | '"{use}" can not be taken of "{name}".'
  | 'It can be taken of {names}.'
  | '"{name}" can not be followed here.'
  | '"{name}" can not be included in a query.'
  | '"{name}" stands there twice.'
  | '"{name}" is no date that could be cut into periods.'
  | 'The trash can not be listed.'
  | 'The cursor is not valid for this query any more.'
  | 'An object is expected.'
  | 'An object with fields is expected.'
  | '"{name}" is not made of this record.'
  | 'Filter more, or ask for the first {limit} by "limit".'
  | 'Ask for at most {rows} rows of these columns by "limit", or for the format csv.'
  | '"limit" must be a whole number from 1.'
  | 'Filter more, or sort by one key.'
  | 'There is nothing here that can be searched.'
  | 'A record can be named once.'
  | 'An operation is {"op":"create","values"}, {"op":"update","id","version","values"} or {"op":"delete","id","version"}.'
  | '"{name}" is nothing that you could reveal.'
  | 'What can be revealed: {names}.'
  | '"{name}" holds several records and has no place in a table.'

/** Languages a problem can be told in. */
export type Language = 'en' | 'ru' | 'uk' | 'es'

/** A sentence and what stands in it. */
export interface Said {
  readonly sentence: Sentence
  readonly values?: Readonly<Record<string, string | number>>
}

/** Message and hint of a problem in another language. */
export type Speak = (locale: Language) => Pick<Problem, 'message' | 'hint'>

/** Says a sentence in a language. */
export type Translate = (said: Said, locale: Exclude<Language, 'en'>) => string

type Words = { readonly message: Said; readonly hint: Said | undefined } | Speak

const remembered = new WeakMap<Problem, Words>()

/** A problem whose words are listed sentences. */
export function said(where: Omit<Problem, 'message' | 'hint'>, message: Said, hint?: Said): Problem {
  const { params, ...place } = where
  const problem: Problem = {
    ...place,
    message: fill(message.sentence, message),
    ...(params === undefined ? {} : { params }),
    ...(hint === undefined ? {} : { hint: fill(hint.sentence, hint) }),
  }
  remembered.set(problem, { message, hint })
  return problem
}

/** Remembers how a problem is worded in other languages. */
export function spokenBy(problem: Problem, speak: Speak): Problem {
  remembered.set(problem, speak)
  return problem
}

/** The same problem at another place. */
export function movedTo(problem: Problem, pointer: string): Problem {
  const moved = { ...problem, pointer }
  const words = remembered.get(problem)
  if (words !== undefined) remembered.set(moved, words)
  return moved
}

/** A problem in the reader's language; one that was written in it stays as it is. */
export function spoken(problem: Problem, locale: Language, translate: Translate): Problem {
  const words = remembered.get(problem)
  if (words === undefined || locale === 'en') return problem
  if (typeof words === 'function') return { ...problem, ...words(locale) }
  return {
    ...problem,
    message: translate(words.message, locale),
    ...(words.hint === undefined ? {} : { hint: translate(words.hint, locale) }),
  }
}

/** A sentence with its values in it. */
export function fill(text: string, { values = {} }: Said): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
