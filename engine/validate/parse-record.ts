/**
 * Station 5 of a write: an unknown body becomes canonical values of fields the caller may write.
 * Knows the writable set and the types; required values, conditions and rules are looked at when the whole record is known.
 */
import type { Problem } from '../../metadata/problem.ts'
import { pointerOf } from '../../metadata/problem.ts'
import type { FieldRight } from '../model/types.ts'
import type { Grant } from '../access/types.ts'
import type { Moment } from '../field-types/index.ts'
import type { Locale } from '../kernel/context.ts'
import { isId } from '../kernel/ids.ts'
import type { CompiledField, CompiledModel } from '../model/types.ts'
import { unknownName } from './name-problems.ts'
import { fieldProblem, wordsOf } from './words.ts'

/** A set of line items as it was sent. */
export interface TableChange {
  readonly create: readonly unknown[]
  readonly update: readonly { readonly id: string; readonly version: number; readonly values: unknown }[]
  readonly delete: readonly string[]
  readonly order: readonly string[] | null
}

export interface ParsedRecord {
  readonly values: ReadonlyMap<string, unknown>
  readonly tables: ReadonlyMap<string, TableChange>
  readonly problems: readonly Problem[]
}

/** What parsing stands on. */
export interface RecordScope {
  readonly model: CompiledModel
  readonly locale: Locale
  readonly moment: Moment
  /** Whether the record's own past may be told: imports of callers who hold data.import_history. */
  readonly history: boolean
}

/** Parses the body of a create or a merge-patch. Names the caller can't see and names that don't exist get the same problem. */
export function parseRecord(scope: RecordScope, grant: Grant, input: unknown, mode: 'create' | 'update', pointer = ''): ParsedRecord {
  const values = new Map<string, unknown>()
  const tables = new Map<string, TableChange>()
  const problems: Problem[] = []
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { values, tables, problems: [{ pointer, code: 'VALIDATE_TYPE', message: wordsOf('OBJECT', scope.locale) }] }
  }
  for (const [key, value] of Object.entries(input)) {
    const at = `${pointer}${pointerOf(key)}`
    const granted = grant.fields.get(key)
    if (granted !== undefined && mode === 'create' && scope.history && HISTORY_FIELDS.has(key)) parseValue(scope, granted.field, value, at, values, problems)
    else if (granted === undefined) problems.push(unknownName(key, at, [...grant.fields.keys()]))
    else if (!canWrite(granted.strongest, mode)) problems.push(fieldProblem(granted.field, 'NOT_WRITABLE', at, scope.locale))
    else if (granted.field.type.type === 'table') parseTable(scope, granted.field, value, mode, at, tables, problems)
    else parseValue(scope, granted.field, value, at, values, problems)
  }
  return { values, tables, problems }
}

/** System fields that an import of a record's past may set. */
export const HISTORY_FIELDS: ReadonlySet<string> = new Set(['created_at', 'created_by', 'updated_at', 'updated_by'])

/** Whether a right lets a value be set in this mode. */
export function canWrite(right: FieldRight['right'], mode: 'create' | 'update'): boolean {
  return right === 'write' || (right === 'create' && mode === 'create')
}

function parseValue(scope: RecordScope, field: CompiledField, value: unknown, pointer: string, values: Map<string, unknown>, problems: Problem[]): void {
  if (value === null) {
    values.set(field.key, null)
    return
  }
  const canonical = field.type.canonical(value, field.definition, scope.moment)
  if (canonical.ok) values.set(field.key, canonical.value)
  else problems.push(fieldProblem(field, canonical, `${pointer}${canonical.pointer}`, scope.locale))
}

const TABLE_MEMBERS: readonly string[] = ['create', 'update', 'delete', 'order']
const MOST_LINES = 500

function parseTable(scope: RecordScope, field: CompiledField, value: unknown, mode: 'create' | 'update', pointer: string, tables: Map<string, TableChange>, problems: Problem[]): void {
  const refuse = (code: 'TABLE_ARRAY' | 'TABLE_OPERATIONS' | 'TABLE_LINE' | 'TABLE_SIZE', at = pointer): void => {
    problems.push(fieldProblem(field, code, at, scope.locale))
  }
  if (Array.isArray(value)) {
    if (mode === 'update') return refuse('TABLE_OPERATIONS')
    if (value.length > MOST_LINES) return refuse('TABLE_SIZE')
    tables.set(field.key, { create: value, update: [], delete: [], order: null })
    return
  }
  if (typeof value !== 'object' || value === null) return refuse(mode === 'create' ? 'TABLE_ARRAY' : 'TABLE_OPERATIONS')
  const given = value as Record<string, unknown>
  for (const key of Object.keys(given)) if (!TABLE_MEMBERS.includes(key)) problems.push(unknownName(key, `${pointer}${pointerOf(key)}`, TABLE_MEMBERS))
  const list = (name: string): unknown[] => {
    const members = given[name] ?? []
    if (Array.isArray(members)) return members
    refuse('TABLE_OPERATIONS', `${pointer}/${name}`)
    return []
  }
  const update: { id: string; version: number; values: unknown }[] = []
  for (const [index, line] of list('update').entries()) {
    const { id, version, ...values } = (typeof line === 'object' && line !== null ? line : {}) as Record<string, unknown>
    if (isId(id) && typeof version === 'number' && Number.isSafeInteger(version)) update.push({ id, version, values })
    else refuse('TABLE_LINE', `${pointer}/update/${index}`)
  }
  const ids = (name: string): string[] => list(name).flatMap((id, index) => {
    if (isId(id)) return [id]
    refuse('TABLE_LINE', `${pointer}/${name}/${index}`)
    return []
  })
  const change = { create: list('create'), update, delete: ids('delete'), order: given['order'] === undefined ? null : ids('order') }
  if (change.create.length + change.update.length + change.delete.length > MOST_LINES) refuse('TABLE_SIZE')
  else tables.set(field.key, change)
}
