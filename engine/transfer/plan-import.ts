/**
 * An import map in the hands of one caller: its columns become fields he may write, its look-ups and matches fields he may compare.
 * Names he can not see are names that do not exist. Pure; reads no file and no row.
 */
import { isDeepStrictEqual } from 'node:util'
import type { ImportColumn, ImportMap } from '../../metadata/generated/types.ts'
import { pointerOf, type Problem } from '../../metadata/problem.ts'
import { said, type Said, words } from '../../metadata/said.ts'
import { decideAccess, type Grant, grantOver } from '../access/index.ts'
import { isDateFormat } from '../field-types/index.ts'
import type { CompiledEntity, CompiledField, ModelContext } from '../model/types.ts'
import { allowedOperators, canWrite, comparableField, fieldProblem, HISTORY_FIELDS, unknownName } from '../validate/index.ts'
import { transferErrors } from './errors.ts'

/** How a record is found by a field of it. */
export interface LookupPlan {
  readonly target: CompiledEntity
  readonly by: CompiledField
  /** The target is the imported entity: what is looked up may stand in the same file. */
  readonly self: boolean
  /** An unknown name leaves the field empty instead of refusing the row. */
  readonly optional: boolean
}

/** One column of the file and where it goes. */
export interface ColumnPlan {
  readonly name: string
  readonly field: CompiledField
  /** A part of an address or of a person's name. */
  readonly part: string | null
  readonly lookup: LookupPlan | null
  readonly definition: ImportColumn
  /** An empty cell clears the field of a record that is there. */
  readonly clears: boolean
}

/** What an import does, decided for one caller and one model. */
export interface ImportPlan {
  readonly map: ImportMap
  readonly entity: CompiledEntity
  readonly grant: Grant
  readonly mode: 'create' | 'update' | 'upsert'
  readonly columns: readonly ColumnPlan[]
  /** Fields that recognise a record; none where every row is a new one. */
  readonly match: readonly CompiledField[]
  readonly defaults: readonly (readonly [field: CompiledField, value: unknown])[]
}

/** Decides what a map means for the caller. Throws TRANSFER_MAP_INVALID with every problem, or ACCESS_OPERATION_FORBIDDEN. */
export function planImport(ctx: ModelContext, map: ImportMap): ImportPlan {
  const grant = grantOver(ctx.model, ctx.caller.profiles, map.entity)
  if (grant === null) throw invalid([unknownName(map.entity, '/entity', visibleEntities(ctx))])
  const mode = map.mode ?? (map.match === undefined ? 'create' : 'upsert')
  if (mode === 'update' || (mode === 'upsert' && !grant.operations.has('create'))) decideAccess(ctx, map.entity, 'update')
  else decideAccess(ctx, map.entity, 'create')
  const problems: Problem[] = []
  const reader = new MapReader(ctx, grant, map, problems)
  const columns = Object.entries(map.columns).flatMap(([name, column]) => reader.column(name, column))
  const defaults = Object.entries(map.defaults ?? {}).flatMap(([key, value]) => reader.default(key, value))
  const match = mode === 'create' && map.match === undefined ? [] : (map.match ?? []).flatMap((key, at) => reader.match(key, at))
  if (map.match === undefined && mode !== 'create')
    problems.push(
      said(
        { pointer: '/mode', code: 'MODEL_MATCH' },
        words('“{mode}” must know which records are there already.', { mode }),
        words('Name the fields that recognise them: "match": ["…"].'),
      ),
    )
  if (problems.length > 0) throw invalid(isKept(ctx, map) ? unnamed(problems) : problems)
  return { map, entity: grant.entity, grant, mode, columns, match, defaults }
}

/** Whether the map is one of the tenant's own, and not what the caller wrote himself. */
function isKept(ctx: ModelContext, map: ImportMap): boolean {
  return isDeepStrictEqual(ctx.model.importMaps.get(map.key), map)
}

/** What others have written into a map must not tell the caller of names that do not exist for him, nor how many of them there are. */
function unnamed(problems: readonly Problem[]): Problem[] {
  const told = problems.filter(problem => problem.code !== 'VALIDATE_UNKNOWN_NAME')
  if (told.length === problems.length) return [...problems]
  return [...told, said({ pointer: '', code: 'VALIDATE_UNKNOWN_NAME' }, words('The map names something that is not here.'))]
}

/** The refusal of a map with what is wrong in it. */
export function invalid(problems: readonly Problem[]): Error {
  return transferErrors.MAP_INVALID({ count: problems.length }, { errors: problems })
}

function visibleEntities(ctx: ModelContext): string[] {
  return [...ctx.model.entities.keys()].filter(key => grantOver(ctx.model, ctx.caller.profiles, key) !== null)
}

class MapReader {
  readonly #ctx: ModelContext
  readonly #grant: Grant
  readonly #map: ImportMap
  readonly #problems: Problem[]
  readonly #filled = new Set<string>()

  constructor(ctx: ModelContext, grant: Grant, map: ImportMap, problems: Problem[]) {
    this.#ctx = ctx
    this.#grant = grant
    this.#map = map
    this.#problems = problems
  }

  column(name: string, column: ImportColumn): ColumnPlan[] {
    const pointer = pointerOf('columns', name)
    const [key = '', part, ...rest] = column.field.split('.')
    const field = this.#writable(key, `${pointer}/field`)
    if (field === null) return []
    if (this.#filled.has(column.field))
      this.#refuse(
        `${pointer}/field`,
        'MODEL_FIELD_TWICE',
        words('“{field}” is filled by another column already.', { field: column.field }),
      )
    this.#filled.add(column.field)
    const parts = partsOf(field)
    if (part !== undefined && (rest.length > 0 || !parts.includes(part)))
      this.#refuse(
        `${pointer}/field`,
        'MODEL_UNKNOWN_FIELD',
        words('“{key}” has no part “{part}”.', { key, part: [part, ...rest].join('.') }),
      )
    if (column.format !== undefined && !isDateFormat(column.format))
      this.#refuse(`${pointer}/format`, 'MODEL_IMPORT_COLUMN', words('A format of days is written like dd.MM.yyyy or yyyy-MM-dd HH:mm.'))
    const lookup = column.lookup === undefined ? null : this.#lookup(field, column.lookup, `${pointer}/lookup`)
    return [{ name, field, part: part ?? null, lookup, definition: column, clears: column.empty !== 'keep' }]
  }

  default(key: string, value: unknown): (readonly [CompiledField, unknown])[] {
    const field = this.#writable(key, pointerOf('defaults', key))
    if (field === null) return []
    const named = typeof value === 'string' && value.startsWith('$record.') ? value.slice('$record.'.length) : null
    const filled = new Set(Object.values(this.#map.columns).map(column => column.field.split('.')[0] ?? ''))
    if (named !== null && !filled.has(named))
      this.#refuse(pointerOf('defaults', key), 'MODEL_UNKNOWN_FIELD', words('No column fills “{key}”.', { key: named }))
    return [[field, value]]
  }

  match(key: string, at: number): CompiledField[] {
    const pointer = pointerOf('match', at)
    const field = comparableField(this.#grant, key)
    if (field === undefined) {
      this.#problems.push(unknownName(key, pointer, [...this.#grant.fields.keys()]))
      return []
    }
    const given = Object.values(this.#map.columns).some(column => column.field === key) || Object.hasOwn(this.#map.defaults ?? {}, key)
    if (!given) this.#refuse(pointer, 'MODEL_MATCH', words('No column fills “{key}”, so no record can be recognised by it.', { key }))
    if (!isSearchable(this.#ctx, field))
      this.#refuse(pointer, 'VALIDATE_NOT_FILTERABLE', words('Records can not be found by “{key}”.', { key }))
    return [field]
  }

  #writable(key: string, pointer: string): CompiledField | null {
    const granted = this.#grant.fields.get(key)
    if (granted === undefined) {
      this.#problems.push(unknownName(key, pointer, [...this.#grant.fields.keys()]))
      return null
    }
    const { field, strongest } = granted
    if (key === 'id' && this.#map.match?.includes('id') === true) return field
    const isPast = HISTORY_FIELDS.has(key) && this.#ctx.caller.capabilities.has('data.import_history')
    const taken = isPast || (canWrite(strongest, 'create') && field.type.type !== 'table')
    if (!taken) this.#problems.push(fieldProblem(field, 'NOT_WRITABLE', pointer, this.#ctx.caller.locale))
    return taken ? field : null
  }

  #lookup(field: CompiledField, lookup: NonNullable<ImportColumn['lookup']>, pointer: string): LookupPlan | null {
    const target = field.target === null ? null : this.#grant.over(field.target)
    const by = target === null ? undefined : comparableField(target, lookup.by)
    if (field.target === null)
      this.#refuse(pointer, 'MODEL_NOT_A_REFERENCE', words('“{key}” leads to no other record.', { key: field.key }))
    else if (target === null || by === undefined)
      this.#problems.push(unknownName(lookup.by, `${pointer}/by`, target === null ? [] : [...target.fields.keys()]))
    else if (!isSearchable(this.#ctx, by))
      this.#refuse(`${pointer}/by`, 'VALIDATE_NOT_FILTERABLE', words('Records can not be found by “{key}”.', { key: lookup.by }))
    else return { target: target.entity, by, self: target.entity.key === this.#grant.entity.key, optional: lookup.missing === 'empty' }
    return null
  }

  #refuse(pointer: string, code: string, message: Said): void {
    this.#problems.push(said({ pointer, code }, message))
  }
}

/** Whether records can be found by a value of the field under the query policy. */
function isSearchable(ctx: ModelContext, field: CompiledField): boolean {
  const operators = allowedOperators(ctx.model.policies.get(field.entity), field)
  return (operators.includes('in') || operators.includes('eq')) && !ctx.building.has(`${field.entity}.${field.key}`)
}

function partsOf(field: CompiledField): string[] {
  const { properties } = field.type.recordSchema(field.definition, { label: (_labels, fallback) => fallback })
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
}
