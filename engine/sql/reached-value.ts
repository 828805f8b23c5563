/**
 * Values of a record and of records behind its to-one references, as SQL: each reference that is followed becomes one left join, whatever
 * uses it, so that a statement over many rows looks no row up twice. What is not seen is null.
 */
import type { CompiledField } from '../model/types.ts'
import type { Hop, Reached, Seen } from '../plan/types.ts'
import { comparable, dataText, slotSqlOfOriginal } from './field-sql.ts'
import { renderCondition } from './render-condition.ts'
import { number, type SqlCast, type SqlText } from './sql-text.ts'

/** An expression of a value, the cast its operands need, and the conditions under which it may be looked at. */
export interface ReachedSql {
  readonly value: string
  readonly cast: SqlCast
  /** Conditions that hold too where a reference on the way leads nowhere: there the value is null for everybody. */
  readonly guards: readonly string[]
  /** The record that holds the field. */
  readonly alias: string
}

export class Joins {
  private readonly sql: SqlText
  private readonly root: string
  private readonly made = new Map<string, { readonly alias: string; readonly text: string }>()

  constructor(sql: SqlText, root: string) {
    this.sql = sql
    this.root = root
  }

  /** `left join …` of everything reached so far. */
  get text(): string {
    return [...this.made.values()].map(join => ` ${join.text}`).join('')
  }

  reach({ hops, field, seen, when, original }: Reached): ReachedSql {
    const guards: string[] = []
    let alias = this.root
    let path = ''
    for (const hop of hops) {
      if (hop.when !== null) guards.push(this.guard(alias, renderCondition(this.sql, alias, hop.when)))
      path = `${path}.${hop.reference.key}`
      alias = this.join(path, alias, hop)
    }
    if (when !== null) guards.push(this.guard(alias, renderCondition(this.sql, alias, when)))
    if (seen !== null) {
      const target = this.join(`${path}.${field.key}`, alias, { reference: field, seen, when: null })
      return { value: `${target}.id`, cast: 'uuid', guards, alias }
    }
    return { ...valueOf(alias, field, original), guards, alias }
  }

  private guard(alias: string, condition: string): string {
    return alias === this.root ? condition : `(${alias}.id is null or ${condition})`
  }

  private join(path: string, from: string, { reference, seen }: Hop): string {
    const known = this.made.get(path)
    if (known !== undefined) return known.alias
    const alias = this.sql.alias()
    const text = `left join nexus.record ${alias} on ${alias}.tenant_id = ${this.sql.tenant} and ${alias}.entity_no = ${number(seen.entity.no)} and ${alias}.id = ${comparable(from, reference).sql} and ${alias}.deleted_at is null${this.visible(alias, seen)}`
    this.made.set(path, { alias, text })
    return alias
  }

  private visible(alias: string, seen: Seen): string {
    return seen.where.kind === 'true' ? '' : ` and ${renderCondition(this.sql, alias, seen.where)}`
  }
}

/** The form in which values are told apart and put in order: the slot's, or the text itself where a slot keeps only a key of it. */
function valueOf(alias: string, field: CompiledField, original: boolean): { value: string; cast: SqlCast } {
  const { sql, cast } = comparable(alias, field)
  if (original) return { value: slotSqlOfOriginal(alias, field), cast }
  if (field.storage.kind === 'system' || field.type.wireOf !== undefined) return { value: sql, cast }
  return { value: dataText(alias, field), cast: 'text' }
}
