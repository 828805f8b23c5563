/** Station 5 of a conversion: which one, and what the client wants to be different in the records it makes. */
import type { Conversion } from '../../metadata/generated/types.ts'
import { pointerOf, type Problem } from '../../metadata/problem.ts'
import { queryFailed, requireQuery } from './errors.ts'
import { nameProblem, plainProblem, unknownName } from './name-problems.ts'

/** A conversion with the client's own values by step. */
export interface ParsedConversion {
  readonly conversion: Conversion
  readonly overrides: ReadonlyMap<string, Readonly<Record<string, unknown>>>
}

/** A conversion that exists for the caller, and the steps of it that do. */
interface Offered {
  readonly conversion: Conversion
  readonly steps: readonly { readonly as: string }[]
}

/** Parses `{conversion, values}`; what the caller can not run is unknown to him. Throws `VALIDATE_QUERY_FAILED`. */
export function parseConversion(offered: readonly Offered[], key: string, values: Readonly<Record<string, unknown>>): ParsedConversion {
  const found = offered.find(({ conversion }) => conversion.key === key)
  if (found === undefined)
    throw queryFailed([
      unknownName(
        key,
        '/conversion',
        offered.map(({ conversion }) => conversion.key),
      ),
    ])
  const problems: Problem[] = []
  const steps = found.steps.map(step => step.as)
  const overrides = new Map<string, Readonly<Record<string, unknown>>>()
  for (const [as, given] of Object.entries(values)) {
    const pointer = `/values${pointerOf(as)}`
    if (!steps.includes(as)) problems.push(unknownName(as, pointer, steps))
    else if (typeof given !== 'object' || given === null || Array.isArray(given))
      problems.push(plainProblem(pointer, 'VALIDATE_TYPE', 'An object with fields is expected.'))
    else overrides.set(as, given as Readonly<Record<string, unknown>>)
  }
  requireQuery(problems)
  return { conversion: found.conversion, overrides }
}

/** Values for a step that makes nothing this time. */
export function stepLeftOut(as: string): Problem {
  return nameProblem(as, `/values${pointerOf(as)}`, 'VALIDATE_NOT_ALLOWED', '"{name}" is not made of this record.')
}
