// Answers for: long work in steps, so that whoever has others to serve can do something else between them.
// It must not know what the work is, nor the clock.

/** Work that can be left off after each step; it gives its result at the end. */
export type Steps<Result> = Generator<undefined, Result, undefined>

/** Does the work in one go. */
export function inOneGo<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}
