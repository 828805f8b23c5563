/** Station 7 of a read: plan → one statement whose columns become a page of JSON text with the keys of its last row. */
import { perObject } from '../kernel/per-object.ts'
import type { DataRow } from '../platform/index.ts'
import type { Statement } from '../platform/types.ts'
import type { Condition, Order, ReadPlan } from '../plan/types.ts'
import { conjuncts, type Merge, type Path, provesFirstKey } from './paths.ts'
import { renderCondition } from './render-condition.ts'
import { Columns, renderColumns } from './render-columns.ts'
import { TIED_MOST, type Tied, tiedInside } from './most-tied.ts'
import { keyColumns, keyText, nullable, orderKeySql, renderAfter, renderKeys, renderOrder } from './render-order.ts'
import { changedMinutes, minuteOf, renderIndexed, renderMinutes, renderOpaque } from './render-served.ts'
import { rowsWriter } from './row-text.ts'
import { arrayOf, number, SqlText } from './sql-text.ts'

/** The part of the order a statement serves: rows whose first key has a value, rows where it has none, or both. */
export type Phase = 'values' | 'nulls' | 'all'

/** A statement, and how the texts it answers with are read. */
export interface Reading<T> {
  readonly statement: Statement
  readonly read: (rows: readonly DataRow[]) => T
}

/** What a page statement answers. */
export interface PageShare {
  /** Records with commas between them. */
  readonly text: string
  /** Rows found, at most one more than asked for. */
  readonly rows: number
  /** The last of the page; null without any. */
  readonly lastId: string | null
  readonly lastKeys: readonly (string | null)[]
  /** The tenant's revision at that moment. */
  readonly revision: number | undefined
  /** Set where more rows would have to be sorted than may be. */
  readonly tied: Tied | null
}

/** A single record, and the tenant's revision at that moment. */
export interface OneRow {
  readonly version: number
  readonly text: string
  readonly revision: number
  readonly tied: Tied | null
}

/** The row a count answers with. */
export type CountRow = { readonly n: number; readonly revision: number }

/** The phases of a plan on a path, in order. An index has only rows with a value; whatever is sorted has both. */
export function phasesOf(plan: ReadPlan, path: Path): readonly Phase[] {
  const [first] = plan.order
  if (path.kind === 'fetch' || first === undefined || !nullable(first)) return ['all']
  if (plan.after !== null && plan.after.keys[0] === null) return ['nulls']
  return provesFirstKey(plan) ? ['values'] : ['values', 'nulls']
}

const pagesOf = perObject((_: ReadPlan) => perObject((_: Path) => new Map<string, Reading<PageShare>>()))

/** A page of `limit` rows and whether one more follows (`rows` = limit + 1). The same for the same plan and path. */
export function renderRead(plan: ReadPlan, path: Path, phase: Phase, limit: number, continues: boolean): Reading<PageShare> {
  const made = pagesOf(plan)(path)
  const key = `${phase} ${limit} ${continues}`
  const known = made.get(key)
  if (known !== undefined) return known
  const reading = renderPage(plan, path, phase, limit, continues)
  made.set(key, reading)
  return reading
}

function renderPage(plan: ReadPlan, path: Path, phase: Phase, limit: number, continues: boolean): Reading<PageShare> {
  const sql = new SqlText(plan.tenantId)
  const leading = tiedOver(plan, path, phase)
  const { alias, from, rest } = renderRows(sql, plan, path, phase, limit + 1, continues, leading)
  const columns = new Columns(1)
  const id = columns.place(`${alias}.id`)
  const keys = keyColumns(sql, alias, plan.order).map(({ expression, isTime }) => ({ place: columns.place(expression), isTime }))
  const ties = leading === null ? null : columns.place(`${alias}.ties`)
  // Without an index for the first key, one key has as much to sort as three.
  const tied: Tied = { pointer: '/sort', byOneKey: path.kind === 'walk' }
  const write = rowsWriter(renderColumns(sql, alias, plan.members, columns))
  // The tenant's row stands on the left, so that an empty page tells the revision as well.
  const text = `select t.revision, x.* from nexus.tenant t left join (select ${columns.list} from ${from}${columns.joins} ${rest}) x on true where t.id = ${sql.tenant}`
  return {
    statement: isSettled(plan, path) ? sql.named('page', text) : sql.statement(text),
    read: answered => {
      const found = answered.filter(row => row.has(id))
      const shown = found.length > limit ? found.slice(0, limit) : found
      const last = shown.at(-1)
      const text = write(shown)
      return {
        text,
        rows: found.length,
        lastId: last?.text(id) ?? null,
        lastKeys: last === undefined ? [] : keys.map(({ place, isTime }) => keyText(last.text(place), isTime)),
        revision: answered[0] === undefined ? undefined : Number(answered[0].text(0)),
        tied: ties !== null && found.some(row => Number(row.text(ties)) > TIED_MOST) ? tied : tiedInside(plan.members, text),
      }
    },
  }
}

/** Whether the plan of a statement no longer depends on values: the path has taken them into account, and no other records are asked about. */
function isSettled(plan: ReadPlan, path: Path): boolean {
  const asksOthers = (condition: Condition): boolean => {
    if (condition.kind === 'all' || condition.kind === 'any') return condition.of.some(asksOthers)
    return condition.kind === 'one' || condition.kind === 'many'
  }
  return (path.kind === 'walk' || path.filters.size < conjuncts(plan).length) && !plan.trash && !conjuncts(plan).some(asksOthers)
}

/** The keys in which rows can be alike before others sort them; null where an index has the whole order or few rows are sorted anyway. */
function tiedOver(plan: ReadPlan, path: Path, phase: Phase): readonly Order[] | null {
  if (path.kind === 'fetch') return path.counted || plan.order.length === 0 ? null : []
  if (path.covered >= plan.order.length) return null
  return phase === 'nulls' ? [] : orderIn(plan, phase).slice(0, path.covered)
}

/** The order within a phase: the first key is null on every row, or is readable and has a value on every row. */
function orderIn({ order: [first, ...rest] }: ReadPlan, phase: Phase): readonly Order[] {
  if (first === undefined || phase === 'nulls') return rest
  return phase === 'values' ? [{ ...first, when: null }, ...rest] : [first, ...rest]
}

/** The rows of a phase, by what their first key is. */
function inPhase(sql: SqlText, alias: string, { order: [first] }: ReadPlan, phase: Phase): string[] {
  if (first === undefined || phase === 'all') return []
  if (phase === 'nulls') return [`${orderKeySql(sql, alias, first)} is null`]
  const readable = first.when === null ? [] : [renderCondition(sql, alias, first.when)]
  return [...readable, `${orderKeySql(sql, alias, { ...first, when: null })} is not null`]
}

/** Rows under an alias: `from <from> <rest>`, where joins find their place between the two. */
interface Rows {
  readonly alias: string
  readonly from: string
  readonly rest: string
}

/** Records of a phase in the plan's order, at most `most`. */
function renderRows(
  sql: SqlText,
  plan: ReadPlan,
  path: Path,
  phase: Phase,
  most: number,
  continues: boolean,
  leading: readonly Order[] | null,
): Rows {
  const inner = sql.alias()
  const order = orderIn(plan, phase)
  const where = [...basics(sql, inner, plan, path), ...inPhase(sql, inner, plan, phase)]
  if (plan.after !== null && continues) {
    const position = phase === 'nulls' ? { keys: plan.after.keys.slice(1), id: plan.after.id } : plan.after
    where.push(renderAfter(sql, inner, order, plan.idDescending, position, phase === 'values'))
  }
  const sorted = (alias: string, before = ''): string =>
    `order by ${before}${renderOrder(sql, alias, order, plan.idDescending, phase === 'values')} limit ${number(most)}`
  const again = sql.alias()
  const sortedAgain = `order by ${renderOrder(sql, again, order, plan.idDescending, phase === 'values')}`
  /** Rows that are found first: what is looked up for each of them leaves them in their order. */
  const foundFirst = (rows: string): Rows => ({ alias: again, from: `(${rows}) ${again}`, rest: sortedAgain })
  if (path.kind === 'walk' && path.recent)
    return foundFirst(renderRecent(sql, plan, inner, where, continues, most, leading !== null, sorted))
  // Groups before the last of a page have no more rows than the page: of the last, one row more than may be sorted is looked at.
  const alongIndex = (found: string): string => {
    if (leading === null) return `${found} ${sorted(inner)}`
    const row = sql.alias()
    const inOrder = (alias: string): string =>
      leading.length === 0 ? '' : ` order by ${renderKeys(sql, alias, leading, phase === 'values')}`
    // Ordered as the rows come, or Postgres sorts them all to count them.
    const alike = leading.length === 0 ? '' : `partition by ${leading.map(key => orderKeySql(sql, row, key)).join(', ')}${inOrder(row)}`
    return `select ${row}.*, count(*) over (${alike}) as ties from (${found}${inOrder(inner)} limit ${number(TIED_MOST + most)}) ${row} ${sorted(row)}`
  }
  if (path.kind === 'walk' && path.merged.length === 0)
    return leading === null
      ? { alias: inner, from: `nexus.record ${inner}`, rest: `where ${where.join(' and ')} ${sorted(inner)}` }
      : foundFirst(alongIndex(`select * from nexus.record ${inner} where ${where.join(' and ')}`))
  const outer = sql.alias()
  if (path.kind === 'fetch' && leading !== null)
    return foundFirst(alongIndex(`select * from nexus.record ${inner} where ${where.join(' and ')}`))
  // The fence keeps Postgres from taking the order for the way in.
  if (path.kind === 'fetch')
    return foundFirst(`select * from (select * from nexus.record ${inner} where ${where.join(' and ')} offset 0) ${outer} ${sorted(outer)}`)
  const walks = branches(path.merged).map(branch => {
    const values = branch.filter(each => !each.empty).map(each => renderValues(sql, each.merge))
    const empty = branch.filter(each => each.empty).map(each => `${inner}.${each.merge.column} is null`)
    const pinned = [...values.map(each => `${inner}.${each.column} = ${each.alias}.value`), ...empty]
    const found = `select * from nexus.record ${inner} where ${[...where, ...pinned].join(' and ')}`
    // Behind an empty column Postgres sees no order: the few rows without a value are fetched.
    const walk = empty.length === 0 || leading !== null ? alongIndex(found) : `select * from (${found} offset 0) ${outer} ${sorted(outer)}`
    return values.length === 0
      ? `(${walk})`
      : `select ${outer}.* from ${values.map(each => each.text).join(' cross join ')} cross join lateral (${walk}) ${outer}`
  })
  // No value is left that a row could have.
  if (walks.length === 0)
    return foundFirst(`select *${leading === null ? '' : ', 0 as ties'} from nexus.record ${inner} where ${where.join(' and ')} and false`)
  return foundFirst(`select * from (${walks.join(' union all ')}) ${outer} ${sorted(outer)}`)
}

/** Along the minutes of last changes, and within a minute by the time itself; by other keys too where a minute has few enough rows. */
function renderRecent(
  sql: SqlText,
  plan: ReadPlan,
  inner: string,
  where: readonly string[],
  continues: boolean,
  most: number,
  counts: boolean,
  sorted: (alias: string, before: string) => string,
): string {
  const recent = sql.alias()
  const descending = plan.order[0]?.descending === true
  const begin = plan.after !== null && continues ? plan.after.keys[0] : null
  const bounds = [
    ...conjuncts(plan).flatMap(condition => changedMinutes(condition) ?? []),
    ...(begin === null || begin === undefined
      ? []
      : [{ from: descending ? null : minuteOf(begin), to: descending ? minuteOf(begin) : null }]),
  ]
  const along = `${recent}.tenant_id = ${sql.tenant} and ${recent}.entity_no = ${number(plan.entity.no)}${bounds.map(each => renderMinutes(sql, recent, each)).join('')}`
  const row = sql.alias()
  const direction = descending ? ' desc' : ''
  // The fence has the records looked up one by one along the minutes, instead of all of them at once.
  const found = `from nexus.record_recent ${recent} cross join lateral (select * from nexus.record ${inner} where ${where.join(' and ')} and ${inner}.id = ${recent}.id offset 0) ${row} where ${along}`
  if (!counts) return `select ${row}.* ${found} ${sorted(row, `${recent}.updated_at${direction}, `)}`
  const each = sql.alias()
  const minute = `${each}.minute${direction}`
  return `select ${each}.*, count(*) over (partition by ${each}.minute order by ${minute}) as ties from (select ${row}.*, ${recent}.updated_at as minute ${found} order by ${recent}.updated_at${direction} limit ${number(TIED_MOST + most)}) ${each} ${sorted(each, `${minute}, `)}`
}

/** One walk for the values of every merge, and one for the rows without a value where these belong to it. */
function branches(merged: readonly Merge[]): { readonly merge: Merge; readonly empty: boolean }[][] {
  return merged.reduce<{ readonly merge: Merge; readonly empty: boolean }[][]>(
    (found, merge) =>
      found.flatMap(branch => [
        ...(merge.values.length === 0 ? [] : [[...branch, { merge, empty: false }]]),
        ...(merge.orNull ? [[...branch, { merge, empty: true }]] : []),
      ]),
    [[]],
  )
}

function renderValues(sql: SqlText, merge: Merge): { alias: string; column: string; text: string } {
  const alias = sql.alias()
  return { alias, column: merge.column, text: `unnest(${sql.bind(merge.values, arrayOf(merge.cast))}) ${alias}(value)` }
}

/** One record by id with the plan's members, rows of the plan's filter only. Of one plan only the id differs. */
export function renderOne(plan: ReadPlan, id: string): Reading<OneRow | null> {
  const { statement, read, place } = byIdOf(plan)
  return { statement: { ...statement, values: statement.values.with(place, id) }, read }
}

/** Stands where the id will. */
const NO_ID = '00000000-0000-0000-0000-000000000000'

/** The statement for any id, and the place of the id among its values. */
const byIdOf = perObject((plan: ReadPlan): Reading<OneRow | null> & { readonly place: number } => {
  const sql = new SqlText(plan.tenantId)
  const row = sql.alias()
  const where = basics(sql, row, plan)
  const bound = sql.bind(NO_ID, 'uuid')
  const columns = new Columns()
  const revision = columns.place(sql.revision)
  const version = columns.place(`${row}.version`)
  const write = rowsWriter(renderColumns(sql, row, plan.members, columns))
  const text = `select ${columns.list} from nexus.record ${row}${columns.joins} where ${[...where, `${row}.id = ${bound}`].join(' and ')}`
  return {
    statement: sql.named('get', text),
    place: Number(/\d+/.exec(bound)?.[0]) - 1,
    read: ([found]) => {
      if (found === undefined) return null
      const text = write([found])
      return { version: Number(found.text(version)), text, revision: Number(found.text(revision)), tied: tiedInside(plan.members, text) }
    },
  }
})

/** How many rows the plan's filter accepts; capped ones stop looking at the cap. */
export function renderCount(plan: ReadPlan, path: Path): Statement {
  const sql = new SqlText(plan.tenantId)
  const row = sql.alias()
  const from = `from nexus.record ${row} where ${basics(sql, row, plan, path.kind === 'fetch' ? path : undefined).join(' and ')}`
  if (plan.count.kind === 'capped')
    return sql.statement(
      `select count(*)::int as n, ${sql.revision} as revision from (select 1 ${from} limit ${sql.bind(plan.count.cap + 1, 'int4')}) x`,
    )
  return sql.statement(`select count(*)::int as n, ${sql.revision} as revision ${from}`)
}

/** The tenant's revision, where a statement found no row to tell it with. */
export function renderRevision(tenantId: string): Statement {
  const sql = new SqlText(tenantId)
  return sql.named('revision', `select ${sql.revision} as revision`)
}

/** Tenant, entity, trash and the plan's condition; on a path, as the path has it. */
export function basics(sql: SqlText, alias: string, plan: Pick<ReadPlan, 'entity' | 'trash' | 'where'>, path?: Path): string[] {
  const merged = path?.kind === 'walk' ? path.merged.map(merge => merge.column) : []
  return [
    `${alias}.tenant_id = ${sql.tenant}`,
    `${alias}.entity_no = ${number(plan.entity.no)}`,
    `${alias}.deleted_at is ${plan.trash ? 'not ' : ''}null`,
    ...conjuncts(plan).map((condition, at) => {
      // Words and single values of a record go with it: the tables of these know nothing of the trash.
      if (path === undefined || plan.trash) return renderCondition(sql, alias, condition)
      if (path.filters.has(at) || merged.some(column => isOn(condition, column))) return renderOpaque(sql, alias, condition)
      return path.kind === 'fetch' ? renderIndexed(sql, alias, condition) : renderCondition(sql, alias, condition)
    }),
  ]
}

function isOn(condition: Condition, column: string): boolean {
  return (
    condition.kind === 'compare' &&
    (condition.field.storage.kind === 'slot' || condition.field.storage.kind === 'system') &&
    condition.field.storage.column === column
  )
}
