// Answers for: the shape in which every parse, check and compile function reports what is wrong.
// It must not know where the problem is shown.

import type { ProblemError } from './generated/types.ts'

declare const worded: unique symbol

/** Words that every reader gets in his language: a plain text is none, see said.ts. */
export type Worded = string & { readonly [worded]: true }

/** One thing that is wrong: where (JSON pointer), what (code, message, params) and what instead (hint). */
export type Problem = Omit<ProblemError, 'message' | 'hint'> & { readonly message: Worded; readonly hint?: Worded }

/** A JSON pointer made of its parts, escaped as RFC 6901 asks. */
export function pointerOf(...parts: (string | number)[]): string {
  return parts.map(part => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The parts of a JSON pointer, unescaped. */
export function partsOf(pointer: string): string[] {
  return pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}
