/** Parses what may accompany a read by id: a selection, nothing else. */
import { queryFailed } from './errors.ts'
import { plainProblem, unknownName } from './name-problems.ts'

export function parseOneQuery(input: unknown): { readonly select?: unknown } {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw queryFailed([plainProblem('', 'VALIDATE_TYPE', 'An object is expected.')])
  const extra = Object.keys(input).find(key => key !== 'select')
  if (extra !== undefined) throw queryFailed([unknownName(extra, `/${extra}`, ['select'])])
  return input
}
