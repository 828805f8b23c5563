/**
 * Station 5 of a read: an unknown body becomes a typed query in the caller's own vocabulary.
 * All problems at once, each with a pointer; knows no SQL and no rows.
 */
import { createHash } from 'node:crypto'
import type { Query as QueryDocument } from '../../metadata/generated/types.ts'
import type { Problem } from '../../metadata/problem.ts'
import type { Grant } from '../access/types.ts'
import { definitionValidator } from '../kernel/schema.ts'
import type { CompiledField } from '../model/types.ts'
import { comparableField, type Lens } from './caller-scope.ts'
import { queryFailed, requireQuery, validateErrors } from './errors.ts'
import { parseSelect, parseWhere } from './parse-select.ts'
import { capExceeded } from './name-problems.ts'
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

/** A search of more words finds nothing that fewer do not. */
const MOST_WORDS = 10

const checkQuery = definitionValidator('Query')

/** Parses a list query. Throws `VALIDATE_QUERY_FAILED` with every problem, or `VALIDATE_CURSOR`. */
export function parseQuery(lens: Lens, grant: Grant, input: unknown, asker: Asker, cursors: CursorReader): Query {
  const shape = checkQuery(input, { prefix: 'VALIDATE' })
  if (shape.length > 0) throw queryFailed(shape)
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
    problems.push({ pointer: '/trash', code: 'VALIDATE_NOT_ALLOWED', message: 'The trash can not be listed.' })
  requireQuery(problems)
  const { after: _, ...rest } = document
  const binding = createHash('sha256')
    .update(JSON.stringify([asker, grant.entity.key, lens.model.fingerprint, rest]))
    .digest('base64url')
  const after = document.after === undefined ? null : cursors.open(document.after, binding)
  if (document.after !== undefined && after === null)
    throw validateErrors.CURSOR(
      {},
      { errors: [{ pointer: '/after', code: 'VALIDATE_CURSOR', message: 'The cursor is not valid for this query any more.' }] },
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

/** The fields a search of this caller looks into. */
export function searchableFields(lens: Lens, grant: Grant): CompiledField[] {
  const listed = lens.model.policies.get(grant.entity.key)?.search ?? []
  return listed.flatMap(key => {
    const field = comparableField(grant, key)
    return field === undefined || !field.searchable || field.building === true ? [] : [field]
  })
}

/** Parses a search: its text and where it is looked for. */
export function parseSearch(
  lens: Lens,
  grant: Grant,
  text: string | undefined,
  problems: Problem[],
): { text: string | null; fields: Query['searchFields'] } {
  if (text === undefined || text.trim() === '') return { text: null, fields: [] }
  const fields = searchableFields(lens, grant)
  if (fields.length === 0)
    problems.push({ pointer: '/search', code: 'VALIDATE_NOT_SEARCHABLE', message: 'There is nothing here that can be searched.' })
  if (text.trim().split(/\s+/u).length > MOST_WORDS) problems.push(capExceeded('search words', MOST_WORDS, '/search'))
  return { text: text.trim(), fields }
}
