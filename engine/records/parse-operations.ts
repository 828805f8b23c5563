/** Reads the operations of a bulk body. Knows their form, nothing of the values in them. */
import { pointerOf, type Problem } from '../../metadata/problem.ts'
import { isId } from '../kernel/ids.ts'
import { plainProblem, queryFailed, unknownName } from '../validate/index.ts'
import type { BulkOperation } from './bulk-records.ts'
import { recordErrors } from './errors.ts'
import { newRecordId } from './record-id.ts'

const MEMBERS = ['op', 'id', 'version', 'values']

/** The operations, with ids for what is to be created. A record may be named once. Throws RECORDS_TOO_MANY_OPERATIONS, VALIDATE_QUERY_FAILED. */
export function parseOperations(input: readonly unknown[], limit: number): BulkOperation[] {
  if (input.length > limit) throw recordErrors.TOO_MANY_OPERATIONS({ limit })
  const problems: Problem[] = []
  const seen = new Set<string>()
  const operations = input.flatMap((each, index) => {
    const at = pointerOf('operations', index)
    const operation = parseOperation(each, at, problems)
    if (operation === null) return []
    if (seen.has(operation.id)) problems.push(plainProblem(at, 'VALIDATE_DUPLICATE', 'A record can be named once.'))
    seen.add(operation.id)
    return [operation]
  })
  if (problems.length > 0) throw queryFailed(problems)
  return operations
}

function parseOperation(input: unknown, at: string, problems: Problem[]): BulkOperation | null {
  const { op, id, version, values, ...rest } = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>
  for (const key of Object.keys(rest)) problems.push(unknownName(key, `${at}${pointerOf(key)}`, MEMBERS))
  if (op === 'create' && id === undefined && version === undefined) return { op, id: newRecordId(values), values }
  if (isId(id) && typeof version === 'number' && Number.isSafeInteger(version)) {
    if (op === 'update') return { op, id, version, values }
    if (op === 'delete' && values === undefined) return { op, id, version }
  }
  problems.push(plainProblem(at, 'VALIDATE_OPERATION', FORM))
  return null
}

const FORM = 'An operation is {"op":"create","values"}, {"op":"update","id","version","values"} or {"op":"delete","id","version"}.'
