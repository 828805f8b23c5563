/**
 * Renders the members of an answer's row as plain columns, and says how the row's JSON is put together from them: Postgres sends values as
 * they are, which costs it a third of printing them as JSON. What may be absent on a row, and what lies deeper, still comes as JSON text.
 */
import type { ComparisonKind } from '../../metadata/operators.ts'
import type { CompiledField } from '../model/types.ts'
import type { Projection } from '../plan/types.ts'
import { comparable, dataJson, dataText } from './field-sql.ts'
import { seenFrom } from './render-condition.ts'
import { isAlwaysThere, renderOptional, renderValue } from './render-members.ts'
import type { Part } from './row-text.ts'
import type { SqlText } from './sql-text.ts'

/** Postgres answers with at most 1,664 columns; members behind a reference beyond this come as one text. */
const MOST_COLUMNS = 1_000

/** The columns of a statement and what they are read from, each expression once. */
export class Columns {
  private readonly places = new Map<string, number>()
  private readonly first: number
  private joined = ''

  /** `first` columns stand before these. */
  constructor(first = 0) {
    this.first = first
  }

  /** Where an expression stands among the columns. */
  place(expression: string): number {
    const place = this.places.get(expression) ?? this.first + this.places.size
    this.places.set(expression, place)
    return place
  }

  /** Joins what is looked up for each row. */
  join(text: string): void {
    this.joined += text
  }

  get size(): number {
    return this.places.size
  }

  /** `select` list; names are given because the same name twice is none. */
  get list(): string {
    return [...this.places].map(([expression, place]) => `${expression} as c${place}`).join(', ')
  }

  get joins(): string {
    return this.joined
  }
}

/** Adds the columns of members, and tells how they become an object. */
export function renderColumns(sql: SqlText, alias: string, members: readonly Projection[], columns: Columns): Part[] {
  return sql.perRow(() => members.map(member => renderPart(sql, alias, member, columns)))
}

function renderPart(sql: SqlText, alias: string, member: Projection, columns: Columns): Part {
  const { name } = member
  if (!isAlwaysThere(member)) return { kind: 'optional', name, place: columns.place(renderOptional(sql, alias, member)) }
  if (member.kind === 'one' && columns.size + countOf(member) <= MOST_COLUMNS) return renderReferenced(sql, alias, member, columns)
  if (member.kind !== 'value') return { kind: 'json', name, place: columns.place(renderValue(sql, alias, member)) }
  const { field, seen } = member
  const plain = plainColumn(alias, field)
  if (seen === null) return { kind: plain.kind, name, place: columns.place(plain.sql) }
  if (seen.where.kind === 'false') return { kind: plain.kind, name, place: columns.place('null::text') }
  const visible = `exists (select 1 ${seenFrom(sql, seen, comparable(alias, field).sql).text}${sql.fence})`
  return { kind: plain.kind, name, place: columns.place(`case when ${visible} then ${plain.sql} end`) }
}

/** The members of the record behind a reference, of one row at most. */
function renderReferenced(sql: SqlText, alias: string, member: Extract<Projection, { kind: 'one' }>, columns: Columns): Part {
  const target = seenFrom(sql, member.seen, comparable(alias, member.reference).sql)
  const row = sql.alias()
  const inner = new Columns()
  const found = inner.place(`${target.alias}.id`)
  const parts = renderColumns(sql, target.alias, member.members, inner)
  // The fence keeps Postgres from looking at all records of the target first.
  columns.join(` left join lateral (select ${inner.list} from ${target.table}${inner.joins} where ${target.where} offset 0) ${row} on true`)
  const outside = (place: number): number => columns.place(`${row}.c${place}`)
  return { kind: 'object', name: member.name, place: outside(found), parts: parts.map(part => movedTo(part, outside)) }
}

function movedTo(part: Part, outside: (place: number) => number): Part {
  const place = outside(part.place)
  return part.kind === 'object' ? { ...part, place, parts: part.parts.map(each => movedTo(each, outside)) } : { ...part, place }
}

/** How many columns a member takes. */
function countOf(member: Projection): number {
  return member.kind === 'one' ? 1 + member.members.reduce((sum, each) => sum + countOf(each), 0) : 1
}

/** Kinds whose values travel as JSON strings. */
export const STRINGS: ReadonlySet<ComparisonKind> = new Set(['text', 'decimal', 'date', 'datetime', 'choice', 'id'])

/** A field's own column, and what stands in it. */
function plainColumn(alias: string, field: CompiledField): { readonly kind: 'text' | 'plain' | 'time' | 'json'; readonly sql: string } {
  const { storage, kind } = field
  if (storage.kind === 'system') {
    const sql = `${alias}.${storage.column}`
    return { kind: storage.column === 'version' ? 'json' : kind === 'datetime' ? 'time' : 'plain', sql }
  }
  if (!STRINGS.has(kind)) return { kind: 'json', sql: dataJson(alias, field) }
  return { kind: 'text', sql: dataText(alias, field) }
}
