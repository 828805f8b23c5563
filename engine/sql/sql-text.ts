/**
 * Writes one statement: text with numbered parameters. The only place where text becomes SQL.
 * Column names, entity and field numbers come from the compiled model; every value is bound. Parameter 1 is always the tenant.
 */
import type { Statement } from '../platform/types.ts'

export type SqlCast =
  | 'text'
  | 'text[]'
  | 'uuid'
  | 'uuid[]'
  | 'int4'
  | 'int4[]'
  | 'int8'
  | 'int8[]'
  | 'float8'
  | 'float8[]'
  | 'numeric'
  | 'numeric[]'
  | 'timestamptz'
  | 'timestamptz[]'
  | 'date'
  | 'boolean'
  | 'jsonb'
  | 'bool[]'

export class SqlText {
  private readonly values: unknown[]
  private aliases = 0
  readonly tenantId: string

  constructor(tenantId: string) {
    this.tenantId = tenantId
    this.values = [tenantId]
  }

  /** The tenant's parameter. */
  readonly tenant = '$1::uuid'

  /** The tenant's revision at the moment the statement looks, so that what was rendered from another is not taken for an answer. */
  readonly revision = '(select t.revision from nexus.tenant t where t.id = $1::uuid)'

  /**
   * Ends a question whether there is a record. Where it is asked for each row of a page, it keeps Postgres from reading all records there are
   * once into a table of its own: it reckons with the rows before the limit.
   */
  fence: '' | ' offset 0' = ''

  /** Renders what is asked for each row that is answered. */
  perRow<T>(render: () => T): T {
    const outside = this.fence
    this.fence = ' offset 0'
    const rendered = render()
    this.fence = outside
    return rendered
  }

  /** Binds a value. */
  bind(value: unknown, cast: SqlCast): string {
    this.values.push(value)
    return `$${this.values.length}::${cast}`
  }

  /** A fresh alias for a table of this statement. */
  alias(): string {
    this.aliases += 1
    return `r${this.aliases}`
  }

  /** The finished statement; unnamed, because its plan may depend on the values (storage rule 6). */
  statement(text: string): Statement {
    return { text, values: this.values }
  }

  /** A statement that Postgres may keep prepared: only for shapes whose plan can't depend on values. */
  named(name: string, text: string): Statement {
    return { text, values: this.values, name }
  }
}

/** An integer of the compiled model, as SQL. */
export function number(no: number | string): string {
  const value = Number(no)
  if (!Number.isSafeInteger(value)) throw new Error('Not a number of the model.')
  return String(value)
}

/** A text literal made of a model's own field number or key. */
export function literal(text: string): string {
  if (!/^[A-Za-z0-9_]+$/.test(text)) throw new Error('Not a name of the model.')
  return `'${text}'`
}

/** The array type of a cast. */
export function arrayOf(cast: SqlCast): SqlCast {
  return `${cast}[]` as SqlCast
}
