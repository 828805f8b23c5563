/** Does long work of this thread in short slices with rests between them, in which others are served. Knows nothing of the work. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Steps } from '../../metadata/steps.ts'

/** Others wait for a slice and the step that it ends with. */
const SLICE_MS = 8

/** The result of the work; after each slice it rests as many times as long as the slice took. */
export async function inSlices<Result>(steps: Steps<Result>, rests: () => number = () => 0): Promise<Result> {
  for (;;) {
    const began = performance.now()
    let took = 0
    while (took < SLICE_MS) {
      const { done, value } = steps.next()
      if (done === true) return value
      took = performance.now() - began
    }
    const rest = took * rests()
    await (rest < 1 ? nextTurn() : sleep(rest))
  }
}
