/** Station 5 of a conversion: which one, and what the client wants to be different in the records it makes. */
import type { Conversion } from '../../metadata/generated/types.ts'
import { pointerOf, type Problem } from '../../metadata/problem.ts'
import type { CompiledEntity } from '../model/types.ts'
import { queryFailed, requireQuery } from './errors.ts'
import { nameProblem, plainProblem, unknownName } from './name-problems.ts'

/** A conversion with the client's own values by step. */
export interface ParsedConversion {
  readonly conversion: Conversion
  readonly overrides: ReadonlyMap<string, Readonly<Record<string, unknown>>>
}

/** Parses `{conversion, values}`. Throws `VALIDATE_QUERY_FAILED`. */
export function parseConversion(entity: CompiledEntity, key: string, values: Readonly<Record<string, unknown>>): ParsedConversion {
  const conversions = entity.definition.conversions ?? []
  const conversion = conversions.find(each => each.key === key)
  if (conversion === undefined)
    throw queryFailed([
      unknownName(
        key,
        '/conversion',
        conversions.map(each => each.key),
      ),
    ])
  const problems: Problem[] = []
  const steps = conversion.steps.map(step => step.as)
  const overrides = new Map<string, Readonly<Record<string, unknown>>>()
  for (const [as, given] of Object.entries(values)) {
    const pointer = `/values${pointerOf(as)}`
    if (!steps.includes(as)) problems.push(unknownName(as, pointer, steps))
    else if (typeof given !== 'object' || given === null || Array.isArray(given))
      problems.push(plainProblem(pointer, 'VALIDATE_TYPE', 'An object with fields is expected.'))
    else overrides.set(as, given as Readonly<Record<string, unknown>>)
  }
  requireQuery(problems)
  return { conversion, overrides }
}

/** Values for a step that makes nothing this time. */
export function stepLeftOut(as: string): Problem {
  return nameProblem(as, `/values${pointerOf(as)}`, 'VALIDATE_NOT_ALLOWED', '"{name}" is not made of this record.')
}
