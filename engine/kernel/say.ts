/** Writes down what an error says in Russian, Ukrainian and Spanish, one line of words per language. */
import type { ErrorWords } from './errors.ts'

type Sentence<P> = string | ((params: P) => string)
/** Title, sentence and, where there is one, hint. */
type Spoken<P> = readonly [title: string, message: Sentence<P>, hint?: Sentence<P>]

/** The translations of one error. */
export interface Translated<P> {
  readonly ru: ErrorWords<P>
  readonly uk: ErrorWords<P>
  readonly es: ErrorWords<P>
}

/** Words in the three languages besides English. */
export function say<P = unknown>(ru: Spoken<P>, uk: Spoken<P>, es: Spoken<P>): Translated<P> {
  const sentence = (of: Sentence<P>): ((params: P) => string) => (typeof of === 'string' ? () => of : of)
  const one = ([title, message, hint]: Spoken<P>): ErrorWords<P> => ({
    title,
    message: sentence(message),
    ...(hint === undefined ? {} : { hint: sentence(hint) }),
  })
  return { ru: one(ru), uk: one(uk), es: one(es) }
}
