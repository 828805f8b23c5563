/**
 * Decides for the rows of one chunk what each asks for: a new record, a change, nothing, or a refusal. Reads under the caller's grants, writes nothing.
 */
import { accessErrors } from '../access/index.ts'
import type { Moment } from '../field-types/index.ts'
import type { EngineError } from '../kernel/errors.ts'
import { isId } from '../kernel/ids.ts'
import { type BulkOperation, environmentOf, momentOf, newRecordId, type RecordContext } from '../records/index.ts'
import { fieldProblem } from '../validate/index.ts'
import { nameValue, type NameBook, type Named } from './look-up-names.ts'
import type { ColumnPlan, ImportPlan, LookupPlan } from './plan-import.ts'
import { canonicalValue, type Names, type RowReader, type RowReading } from './read-cells.ts'
import type { RawRow } from './read-rows.ts'
import { type Existing, matchKey, recogniseRecords } from './recognise-rows.ts'
import { fromProblem, labelOf, rowProblem, type RowProblem } from './row-words.ts'

/** A field's value before and after, as people read it. */
export interface ShownChange {
  readonly field: string
  readonly old: unknown
  readonly new: unknown
}

/** Names that may belong to records of the same file: linked once all rows are in. */
export interface Link {
  readonly column: string
  readonly texts: readonly string[]
}

/** What a row asks for. */
export interface Decision {
  readonly row: number
  readonly cells: readonly string[]
  /** Refused where there are any. */
  readonly problems: readonly RowProblem[]
  /** Null where nothing is to be written, or the row is refused. */
  readonly operation: Exclude<BulkOperation, { op: 'delete' }> | null
  /** The record that was recognised. */
  readonly existing: Existing | null
  readonly changes: readonly ShownChange[]
  readonly links: readonly Link[]
  /** The match values as text: two rows with one key are about one record. */
  readonly key: string | null
}

/** What is known of the file beyond the chunk. */
export interface FileKnowledge {
  /** Rows further up by match key. */
  earlier(keys: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Whether a row of the file gives itself this name. */
  bears(lookup: LookupPlan, value: unknown): boolean
}

/** Decides for a chunk. */
export async function decideRows(
  ctx: RecordContext,
  plan: ImportPlan,
  reader: RowReader,
  book: NameBook,
  file: FileKnowledge,
  rows: readonly RawRow[],
): Promise<Decision[]> {
  const decider = new Decider(ctx, plan)
  const readings = rows.map(row => reader.read(row))
  const wanted = readings.flatMap(reading =>
    reading.names.flatMap(each => each.texts.map(text => ({ lookup: requireLookup(each.column), text }))),
  )
  const resolve = await book.resolve(ctx, wanted)
  const links = new Map(readings.map(reading => [reading, decider.resolveNames(reading, resolve, file)]))
  for (const reading of readings) decider.fillDefaults(reading)
  const keyed = readings.map(reading => ({ reading, values: decider.matchValues(reading) }))
  const keys = keyed.map(each => (each.values === null ? null : matchKey(each.values)))
  const earlier = new Map(await file.earlier(keys.filter(key => key !== null)))
  for (const [at, { reading }] of keyed.entries()) decider.refuseTwins(reading, keys[at] ?? null, earlier)
  const sound = keyed.filter(each => each.values !== null && each.reading.problems.length === 0)
  const found = await recogniseRecords(
    ctx,
    plan,
    sound.flatMap(each => (each.values === null ? [] : [each.values])),
  )
  return keyed.map(({ reading }, at) => decider.decide(reading, keys[at] ?? null, found, links.get(reading) ?? []))
}

class Decider {
  readonly #ctx: RecordContext
  readonly #plan: ImportPlan
  readonly #at: Moment
  readonly #matchLabel: string

  constructor(ctx: RecordContext, plan: ImportPlan) {
    this.#ctx = ctx
    this.#plan = plan
    this.#at = momentOf(ctx)
    this.#matchLabel = plan.match.map(field => labelOf(ctx, field)).join(', ')
  }

  /** Puts ids where names stood; answers the names to be linked later. */
  resolveNames(reading: RowReading, resolve: (lookup: LookupPlan, text: string) => Named, file: FileKnowledge): Link[] {
    const links: Link[] = []
    for (const { column, texts } of reading.names) {
      const lookup = requireLookup(column)
      const found = texts.map(text => ({ text, named: resolve(lookup, text) }))
      const missing = found.filter(each => each.named.kind === 'none')
      const mayCome = (text: string): boolean => lookup.self && file.bears(lookup, nameValue(this.#ctx, lookup, text))
      for (const { text } of found.filter(each => each.named.kind === 'several'))
        reading.problems.push(lookupProblem(this.#ctx, 'LOOKUP_AMBIGUOUS', column, text))
      if (missing.length > 0 && missing.every(each => mayCome(each.text))) links.push({ column: column.name, texts })
      else if (lookup.optional || missing.length === 0)
        reading.values.set(
          column.field.key,
          referenceValue(
            column,
            found.flatMap(each => (each.named.kind === 'one' ? [each.named.id] : [])),
          ),
        )
      else for (const { text } of missing) reading.problems.push(lookupProblem(this.#ctx, 'LOOKUP_MISSING', column, text))
    }
    return links
  }

  /** Values of fields that rows of the file say nothing of: they count for new records, and where records are recognised by them. */
  fillDefaults(reading: RowReading): void {
    for (const field of this.#plan.match) {
      const given = this.#plan.defaults.find(([each]) => each.key === field.key)
      if (given === undefined || reading.values.get(field.key) != null) continue
      const read = canonicalValue(field, this.#literal(given[1], reading), this.#at)
      if (read.ok) reading.values.set(field.key, read.value)
    }
  }

  /** The values a record is recognised by; null where the row is refused or nothing is matched. */
  matchValues(reading: RowReading): unknown[] | null {
    if (this.#plan.match.length === 0 || reading.problems.length > 0) return null
    const values = this.#plan.match.map(field => reading.values.get(field.key) ?? null)
    // A cell that is no id names no record; asked for, it would spoil the look-up of all other rows.
    if (this.#plan.match.some((field, at) => field.key === 'id' && values[at] !== null && !isId(values[at]))) {
      reading.problems.push(this.#matchProblem('MATCH_MISSING'))
      return null
    }
    if (values.some(value => value !== null)) return values
    reading.problems.push(rowProblem('MATCH_EMPTY', this.#ctx.caller.locale, null, { label: this.#matchLabel }))
    return null
  }

  /** Of two rows about one record the later is refused: which of them is right is not for us to say. */
  refuseTwins(reading: RowReading, key: string | null, earlier: Map<string, number>): void {
    if (key === null) return
    const first = earlier.get(key)
    if (first === undefined) earlier.set(key, reading.row)
    else reading.problems.push(rowProblem('DUPLICATE_ROW', this.#ctx.caller.locale, null, { row: String(first) }))
  }

  decide(reading: RowReading, key: string | null, found: ReadonlyMap<string, readonly Existing[]>, links: readonly Link[]): Decision {
    const known = key === null ? [] : (found.get(key) ?? [])
    const [existing = null, second] = known
    const refused = (problem: RowProblem): Decision => ({ ...this.#decision(reading, key, []), problems: [problem] })
    if (reading.problems.length > 0) return { ...this.#decision(reading, key, links), problems: reading.problems }
    if (second !== undefined) return refused(this.#matchProblem('MATCH_AMBIGUOUS'))
    if (existing !== null && this.#plan.mode === 'create') return refused(this.#matchProblem('MATCH_EXISTS'))
    if (existing === null && (this.#plan.mode === 'update' || this.#plan.match.some(field => field.key === 'id')))
      return refused(this.#matchProblem('MATCH_MISSING'))
    if (existing === null) return this.#create(reading, key, links)
    return this.#update(reading, key, existing, links)
  }

  #create(reading: RowReading, key: string | null, links: readonly Link[]): Decision {
    const values: Record<string, unknown> = {}
    for (const [field, given] of reading.values) if (given !== null && field !== 'id') values[field] = given
    for (const [field, parts] of reading.parts) {
      const merged = withoutNulls(parts)
      if (merged !== null) values[field] = merged
    }
    for (const [field, literal] of this.#plan.defaults) values[field.key] ??= this.#literal(literal, reading)
    const refusal = this.#forbidden('create') ?? this.#partsProblem(reading, values)
    if (refusal !== null) return { ...this.#decision(reading, key, links), problems: [refusal] }
    return { ...this.#decision(reading, key, links), operation: { op: 'create', id: newRecordId(values), values } }
  }

  #update(reading: RowReading, key: string | null, existing: Existing, links: readonly Link[]): Decision {
    const values: Record<string, unknown> = {}
    for (const [field, given] of reading.values) {
      const wanted = keepColumns(existing.values[field], given)
      if (field !== 'id' && !equal(existing.values[field], wanted)) values[field] = wanted
    }
    for (const [field, parts] of reading.parts) {
      const merged = withoutNulls({ ...(existing.values[field] as object | null | undefined), ...parts })
      if (!equal(existing.values[field], merged)) values[field] = merged
    }
    const decision = { ...this.#decision(reading, key, links), existing }
    if (Object.keys(values).length === 0) return decision
    const refusal = this.#forbidden('update') ?? this.#partsProblem(reading, values)
    if (refusal !== null) return { ...decision, problems: [refusal] }
    const changes = Object.keys(values).map(field => this.#shown(reading, existing, field, values[field]))
    return { ...decision, changes, operation: { op: 'update', id: existing.id, version: existing.version, values } }
  }

  /** Old and new as people read them: the names by which the map looks records up, not their ids. */
  #shown(reading: RowReading, existing: Existing, field: string, value: unknown): ShownChange {
    const named = reading.names.find(each => each.column.field.key === field && each.texts.length === 1)
    const old = existing.values[field] ?? null
    return {
      field,
      old: named === undefined ? old : (existing.names[field] ?? null),
      new: named === undefined || value === null ? value : (named.texts[0] ?? null),
    }
  }

  #decision(reading: RowReading, key: string | null, links: readonly Link[]): Decision {
    return {
      row: reading.row,
      cells: reading.cells,
      problems: [],
      operation: null,
      existing: null,
      changes: [],
      links: reading.problems.length > 0 ? [] : links,
      key,
    }
  }

  #matchProblem(word: 'MATCH_AMBIGUOUS' | 'MATCH_EXISTS' | 'MATCH_MISSING'): RowProblem {
    return rowProblem(word, this.#ctx.caller.locale, null, { label: this.#matchLabel })
  }

  #forbidden(operation: 'create' | 'update'): RowProblem | null {
    const { entity, grant } = this.#plan
    return grant.operations.has(operation) ? null : spoken(accessErrors.OPERATION_FORBIDDEN({ operation, entity }), this.#ctx)
  }

  /** Parts were read one by one; as a whole they have to be an address or a name. */
  #partsProblem(reading: RowReading, values: Record<string, unknown>): RowProblem | null {
    const { locale } = this.#ctx.caller
    for (const key of reading.parts.keys()) {
      const column = this.#plan.columns.find(each => each.field.key === key)
      if (column === undefined || values[key] === undefined || values[key] === null) continue
      const read = canonicalValue(column.field, values[key], this.#at)
      if (!read.ok) return fromProblem(fieldProblem(column.field, read, '', locale), this.#columnOf(key, read.pointer.slice(1)), locale)
      values[key] = read.value
    }
    return null
  }

  #columnOf(field: string, part: string): string | null {
    return this.#plan.columns.find(each => each.field.key === field && (each.part ?? '') === part)?.name ?? null
  }

  #literal(value: unknown, reading: RowReading): unknown {
    if (typeof value !== 'string' || !value.startsWith('$')) return value
    if (value.startsWith('$$')) return value.slice(1)
    if (value.startsWith('$record.')) return reading.values.get(value.slice('$record.'.length)) ?? null
    if (value === '$now') return this.#at.now
    if (value === '$today') return this.#at.today
    return value.startsWith('$user.') ? (environmentOf(this.#ctx).user?.[value.slice('$user.'.length)] ?? null) : null
  }
}

/** What is wrong with a name that leads nowhere, or to several records. */
export function lookupProblem(
  ctx: RecordContext,
  word: 'LOOKUP_MISSING' | 'LOOKUP_AMBIGUOUS',
  column: ColumnPlan,
  text: string,
): RowProblem {
  const { target, by } = requireLookup(column)
  return rowProblem(word, ctx.caller.locale, column.name, {
    label: labelOf(ctx, column.field),
    target: labelOf(ctx, target),
    by: labelOf(ctx, by),
    text,
  })
}

/** An error of another room as a problem of a row. */
export function spoken(error: EngineError, ctx: RecordContext): RowProblem {
  return { column: null, code: error.code, message: error.speak(ctx.caller.locale).detail }
}

/** What a column with looked-up names holds. */
export function referenceValue(column: ColumnPlan, ids: readonly string[]): unknown {
  return column.field.kind === 'list' ? ids : (ids[0] ?? null)
}

/** The look-up of a column that has one. */
export function requireLookup(column: Names['column']): LookupPlan {
  if (column.lookup === null) throw new Error(`The column ${column.name} looks nothing up.`)
  return column.lookup
}

function withoutNulls(parts: Readonly<Record<string, unknown>>): Record<string, unknown> | null {
  const kept = Object.entries(parts).filter(([, value]) => value !== null && value !== undefined)
  return kept.length === 0 ? null : Object.fromEntries(kept)
}

/** Links that are there keep what is written on them. */
function keepColumns(old: unknown, ids: unknown): unknown {
  if (!Array.isArray(old) || !Array.isArray(ids)) return ids
  const known = new Map(
    old.flatMap((link: unknown) => (typeof link === 'object' && link !== null && 'id' in link ? [[link.id, link] as const] : [])),
  )
  return ids.map((id: unknown) => known.get(id) ?? id)
}

/** Whether two values of the wire are the same; members of objects have no order, an empty list is nothing. */
export function equal(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(ordered(a)) === JSON.stringify(ordered(b))
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(ordered)
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, ordered(each)]),
  )
}
