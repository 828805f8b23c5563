/** What is said of names that can not be used and of caps that were exceeded, alike in every clause. */
import { nearestName } from '../../metadata/nearest.ts'
import type { Problem } from '../../metadata/problem.ts'

/** The one answer for names that do not exist and names the caller may not know. */
export function unknownName(name: string, pointer: string, known: readonly string[]): Problem {
  const near = nearestName(name, known)
  return {
    pointer,
    code: 'VALIDATE_UNKNOWN_NAME',
    message: `There is no "${name.slice(0, 60)}" here.`,
    params: { name: name.slice(0, 60) },
    ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
  }
}

/** A cap of the policy or profile that a query went over. */
export function capExceeded(cap: string, limit: number, pointer: string): Problem {
  return {
    pointer,
    code: 'VALIDATE_CAP',
    message: `This goes over the limit ${cap} = ${limit}.`,
    params: { cap, limit },
    hint: `Ask for at most ${limit}.`,
  }
}
