/** What is said of names that can not be used and of caps that were exceeded, alike in every clause. */
import { nearestName } from '../../metadata/nearest.ts'
import type { Problem } from '../../metadata/problem.ts'
import { said, type Said, type Sentence } from '../../metadata/said.ts'

/** The one answer for names that do not exist and names the caller may not know. */
export function unknownName(name: string, pointer: string, known: readonly string[]): Problem {
  const nearest = nearestName(name, known)
  return nameProblem(
    name.slice(0, 60),
    pointer,
    'VALIDATE_UNKNOWN_NAME',
    'There is no "{name}" here.',
    nearest === undefined ? undefined : { sentence: 'Did you mean "{nearest}"?', values: { nearest } },
  )
}

/** What is wrong with the use of a name. */
export function nameProblem(name: string, pointer: string, code: string, sentence: Sentence, hint?: Said): Problem {
  return said({ pointer, code, params: { name } }, { sentence, values: { name } }, hint)
}

/** A hint that lists names; none where there are none. */
export function listing(sentence: Sentence, names: readonly string[]): Said | undefined {
  return names.length === 0 ? undefined : { sentence, values: { names: names.join(', ') } }
}

/** A cap of the policy or profile that a query went over, and the way out. */
export function capExceeded(cap: string, limit: number, pointer: string, hint: Said = askForLess(limit)): Problem {
  return said(
    { pointer, code: 'VALIDATE_CAP', params: { cap, limit } },
    { sentence: 'This goes over the limit {cap} = {limit}.', values: { cap, limit } },
    hint,
  )
}

function askForLess(limit: number): Said {
  return { sentence: 'Ask for at most {limit}.', values: { limit } }
}

/** What is wrong where no name is to blame. */
export function plainProblem(pointer: string, code: string, sentence: Sentence): Problem {
  return said({ pointer, code }, { sentence })
}
