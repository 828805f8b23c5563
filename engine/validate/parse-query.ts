/**
 * Station 5 of a read: an unknown body becomes a typed query in the caller's own vocabulary.
 * All problems at once, each with a pointer; knows no SQL and no rows.
 */
import { createHash } from 'node:crypto'
import type { Query as QueryDocument } from '../../metadata/generated/types.ts'
import type { Problem } from '../../metadata/problem.ts'
import type { Grant } from '../access/types.ts'
import { definitionValidator } from '../kernel/schema.ts'
import type { Lens } from './caller-scope.ts'
import { requireQuery, validateErrors } from './errors.ts'
import { parseSelect, parseWhere } from './parse-select.ts'
import { capExceeded, plainProblem } from './name-problems.ts'
import { parseSearch } from './parse-search.ts'
import { checkWithSchema } from './query-gate.ts'
import { parseSort } from './parse-sort.ts'
import type { Query } from './types.ts'

/** Opens what a cursor holds; null when it is not a cursor of this binding. */
export interface CursorReader {
  open(text: string, binding: string): { keys: readonly (string | null)[]; id: string; now: string } | null
}

/** Who asks: cursors are bound to all of it. */
export interface Asker {
  readonly tenantId: string
  readonly userId: string
  readonly profiles: readonly string[]
}

const checkQuery = definitionValidator('Query')

/** Parses a list query. Throws `VALIDATE_QUERY_FAILED` with every problem, or `VALIDATE_CURSOR`. */
export function parseQuery(lens: Lens, grant: Grant, input: unknown, asker: Asker, cursors: CursorReader): Query {
  const gate = checkWithSchema(lens, grant, 'query', input)
  if (gate.refusal !== null) requireQuery(checkQuery(input, { prefix: 'VALIDATE' }))
  const document = input as QueryDocument
  const problems: Problem[] = []
  const select = parseSelect(lens, grant, document.select, '/select', problems)
  const where = parseWhere(lens, grant, document.where, '/where', problems)
  const sort = parseSort(lens, grant, document.sort, '/sort', problems)
  const search = parseSearch(lens, grant, document.search, problems)
  const limit = document.limit ?? Math.min(50, grant.caps.maxPageSize)
  if (limit > grant.caps.maxPageSize) problems.push(capExceeded('max_page_size', grant.caps.maxPageSize, '/limit'))
  const trash = document.trash === true
  if (trash && !grant.operations.has('restore'))
    problems.push(plainProblem('/trash', 'VALIDATE_NOT_ALLOWED', 'The trash can not be listed.'))
  requireQuery(problems)
  gate.requireAgreement()
  const { after: _, ...rest } = document
  const binding = createHash('sha256')
    .update(JSON.stringify([asker, grant.entity.key, lens.model.fingerprint, rest]))
    .digest('base64url')
  const after = document.after === undefined ? null : cursors.open(document.after, binding)
  if (document.after !== undefined && after === null)
    throw validateErrors.CURSOR(
      {},
      { errors: [plainProblem('/after', 'VALIDATE_CURSOR', 'The cursor is not valid for this query any more.')] },
    )
  return {
    select,
    where,
    sort,
    search: search.text,
    searchFields: search.fields,
    limit,
    after,
    count: document.count ?? 'none',
    trash,
    binding,
  }
}
