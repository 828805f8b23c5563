/**
 * Station 5 of a write: an unknown body becomes canonical values of fields the caller may write.
 * Knows the writable set and the types; required values, conditions and rules are looked at when the whole record is known.
 */
import type { RecordValues } from '../../metadata/predicate.ts'
import { pointerOf, type Problem } from '../../metadata/problem.ts'
import type { Grant } from '../access/types.ts'
import type { Moment } from '../field-types/index.ts'
import type { Locale } from '../kernel/context.ts'
import type { CompiledField, FieldRight } from '../model/types.ts'
import { unknownName } from './name-problems.ts'
import { parseTable, type TableChange } from './parse-table.ts'
import { mergePatch } from './values.ts'
import { fieldProblem, wordsOf } from './words.ts'

export interface ParsedRecord {
  readonly values: ReadonlyMap<string, unknown>
  readonly tables: ReadonlyMap<string, TableChange>
  readonly problems: readonly Problem[]
}

/** What parsing stands on. */
export interface RecordScope {
  readonly locale: Locale
  readonly moment: Moment
  /** Whether the record's own past may be told: imports of callers who hold data.import_history. */
  readonly history: boolean
}

/** A body, and the record it is a merge-patch of; null where one is created. */
export interface RecordInput {
  readonly body: unknown
  readonly before: RecordValues | null
  /** JSON pointer of the body in what was sent. */
  readonly pointer: string
}

/** Parses the body of a create or a merge-patch. Names the caller can't see and names that don't exist get the same problem. */
export function parseRecord(scope: RecordScope, grant: Grant, input: RecordInput): ParsedRecord {
  const values = new Map<string, unknown>()
  const tables = new Map<string, TableChange>()
  const problems: Problem[] = []
  const { body, before, pointer } = input
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return { values, tables, problems: [{ pointer, code: 'VALIDATE_TYPE', message: wordsOf('OBJECT', scope.locale) }] }
  }
  const mode = before === null ? 'create' : 'update'
  for (const [key, value] of Object.entries(body)) {
    const at = `${pointer}${pointerOf(key)}`
    const granted = grant.fields.get(key)
    const isPast = mode === 'create' && scope.history && HISTORY_FIELDS.has(key)
    if (granted === undefined) problems.push(unknownName(key, at, [...grant.fields.keys()]))
    else if (!isPast && !canWrite(granted.strongest, mode)) problems.push(fieldProblem(granted.field, 'NOT_WRITABLE', at, scope.locale))
    else if (granted.field.type.type === 'table') {
      const table = parseTable({ field: granted.field, locale: scope.locale, pointer: at, mode }, value, problems)
      if (table !== null) tables.set(key, table)
    } else parseValue(scope, granted.field, before === null ? value : mergePatch(before[key], value), at, values, problems)
  }
  return { values, tables, problems }
}

/** System fields that an import of a record's past may set. */
export const HISTORY_FIELDS: ReadonlySet<string> = new Set(['created_at', 'created_by', 'updated_at', 'updated_by'])

/** Whether a right lets a value be set in this mode. */
export function canWrite(right: FieldRight['right'], mode: 'create' | 'update'): boolean {
  return right === 'write' || (right === 'create' && mode === 'create')
}

function parseValue(
  scope: RecordScope,
  field: CompiledField,
  value: unknown,
  pointer: string,
  values: Map<string, unknown>,
  problems: Problem[],
): void {
  if (value === null) {
    values.set(field.key, null)
    return
  }
  const canonical = field.type.canonical(value, field.definition, scope.moment)
  if (canonical.ok) values.set(field.key, canonical.value)
  else problems.push(fieldProblem(field, canonical, `${pointer}${canonical.pointer}`, scope.locale))
}
