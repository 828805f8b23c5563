/**
 * Station 5 of an export: a query like a list's, without pages. Rows are chosen in the vocabulary of reading; what is taken out of them,
 * in that of exporting.
 */
import type { Query as QueryDocument } from '../../metadata/generated/types.ts'
import type { Problem } from '../../metadata/problem.ts'
import { movedTo } from '../../metadata/said.ts'
import type { Grant } from '../access/types.ts'
import { definitionValidator } from '../kernel/schema.ts'
import type { Lens } from './caller-scope.ts'
import { queryFailed, requireQuery } from './errors.ts'
import { capExceeded, plainProblem, unknownName } from './name-problems.ts'
import { parseSearch } from './parse-search.ts'
import { parseSelect, parseWhere } from './parse-select.ts'
import { parseSort } from './parse-sort.ts'
import type { Query } from './types.ts'

const checkQuery = definitionValidator('Query')
const MEMBERS = ['select', 'where', 'sort', 'search', 'limit', 'trash'] as const

/** An export: a query to run page by page, and how many rows at most; null takes all there are. */
export interface ExportQuery {
  readonly query: Query
  readonly rows: number | null
}

/** Parses the query of an export; problems point into the body's member `query`. Throws `VALIDATE_QUERY_FAILED`. */
export function parseExport(lens: Lens, reading: Grant, exporting: Grant, input: unknown): ExportQuery {
  const { limit, ...plain } = isObject(input) ? input : { limit: undefined }
  const shape = checkQuery(isObject(input) ? plain : input, { prefix: 'VALIDATE', pointer: '/query' })
  if (shape.length > 0) throw queryFailed(shape)
  const document = plain as QueryDocument
  const problems: Problem[] = []
  for (const name of Object.keys(document)) if (!MEMBERS.some(each => each === name)) problems.push(unknownName(name, `/${name}`, MEMBERS))
  const query: Query = {
    select: parseSelect(lens, exporting, document.select, '/select', problems),
    where: parseWhere(lens, reading, document.where, '/where', problems),
    sort: parseSort(lens, reading, document.sort, '/sort', problems),
    ...searchOf(lens, reading, document.search, problems),
    limit: reading.caps.maxPageSize,
    after: null,
    count: 'none',
    trash: document.trash === true,
    binding: '',
  }
  if (query.trash && !reading.operations.has('restore'))
    problems.push(plainProblem('/trash', 'VALIDATE_NOT_ALLOWED', 'The trash can not be listed.'))
  const rows = rowsOf(limit, exporting.caps.exportRows, problems)
  requireQuery(problems.map(problem => movedTo(problem, { pointer: `/query${problem.pointer}` })))
  return { query, rows }
}

/** Refuses an export that would be cut short. */
export function exportTooLarge(cap: number): Problem {
  return capExceeded('export_rows', cap, '/query', {
    sentence: 'Filter more, or ask for the first {limit} by "limit".',
    values: { limit: cap },
  })
}

/** A workbook is made as a whole: so many cells take 300 MB and four seconds of a process beside the engine. */
const SHEET_CELLS = 300_000

/** Why rows of so many columns are too many for a workbook; null where they are not. */
export function sheetTooLarge(rows: number, columns: number): Problem | null {
  if (rows * columns <= SHEET_CELLS) return null
  return capExceeded('sheet_cells', SHEET_CELLS, '/query', {
    sentence: 'Ask for at most {rows} rows of these columns by "limit", or for the format csv.',
    values: { rows: Math.floor(SHEET_CELLS / columns) },
  })
}

function searchOf(lens: Lens, grant: Grant, text: string | undefined, problems: Problem[]): Pick<Query, 'search' | 'searchFields'> {
  const search = parseSearch(lens, grant, text, problems)
  return { search: search.text, searchFields: search.fields }
}

function rowsOf(limit: unknown, cap: number, problems: Problem[]): number | null {
  if (limit === undefined) return null
  if (typeof limit !== 'number' || !Number.isSafeInteger(limit) || limit < 1)
    problems.push(plainProblem('/limit', 'VALIDATE_TYPE', '"limit" must be a whole number from 1.'))
  else if (limit > cap) problems.push(capExceeded('export_rows', cap, '/limit'))
  else return limit
  return null
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
