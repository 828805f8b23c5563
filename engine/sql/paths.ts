/**
 * The ways from a plan to its rows (storage rule 6): along an index that has the order, or to the rows of a selective condition and then
 * sorting them. Which is shorter depends on how many rows the conditions have; that is asked once and kept by whoever runs the plan.
 * Knows the indexes of `nexus.record` and nothing of how often a value stands there.
 */
import { foldText } from '../../metadata/fold.ts'
import { perObject } from '../kernel/per-object.ts'
import type { Condition, ReadPlan } from '../plan/types.ts'
import type { Statement } from '../platform/types.ts'
import { comparable, hasSlot } from './field-sql.ts'
import { changedMinutes, complementOf, hasIds, isReached, renderIds, renderReached, renderServed } from './render-served.ts'
import { number, type SqlCast, SqlText } from './sql-text.ts'

/** Rows that are still sorted quickly; a condition that has more of them is left to the walk. */
export const FETCH_MOST = 5_000
/** How far the rows of an entity are counted. */
const WHOLE_MOST = 50_000
/** A fetch may look at so many times the rows that the walk is thought to: it is sure of them, a walk is not. */
const FETCH_WORTH = 3
/** What a row costs that is looked up by its id, in rows of an index: measured 4 µs for a hit of a word, 0.4 to 0.7 for a row walked past. */
const LOOKED_UP = 4
/** Walks side by side: one for each value of an `in`, or pair of values. */
const MERGE_MOST = 64

/** Indexes over more than one column, and those of system columns; every slot has one of its own. The id follows everywhere. */
const INDEXES: readonly (readonly string[])[] = [
  ['t1', 'i1'],
  ['t1', 'd1'],
  ['r1', 'd1'],
  ['owner_id'],
  ['owner_id', 't1', 'i1'],
  ['owner_id', 'd1'],
  ['org_unit_id'],
  ['org_unit_id', 't1', 'i1'],
]

/** One of several values a walk is made for. */
export interface Merge {
  readonly column: string
  readonly cast: SqlCast
  readonly values: readonly unknown[]
  /** Whether rows without a value belong to it. */
  readonly orNull: boolean
}

/** How a statement goes to its rows. `filters` are conditions, by their place, that no index is to serve on this way. */
export type Path =
  | {
      readonly kind: 'walk'
      readonly filters: ReadonlySet<number>
      readonly merged: readonly Merge[]
      /** Keys of the order that the index has: rows alike in them are sorted by the others. */
      readonly covered: number
      /** Along the minutes of last changes. */
      readonly recent: boolean
    }
  | {
      readonly kind: 'fetch'
      readonly filters: ReadonlySet<number>
      /** Whether its rows were counted and are few; else it may find any number of them. */
      readonly counted: boolean
    }

/** What can be chosen from: the walk, or null where no index has the order, and a fetch for each set of conditions that one index serves. */
export interface Paths {
  readonly walk: Extract<Path, { kind: 'walk' }> | null
  /** True where the walk leaves nothing to filter that another index could have served. */
  readonly walkServesAll: boolean
  readonly fetches: readonly {
    readonly path: Extract<Path, { kind: 'fetch' }>
    readonly parts: readonly Condition[] /** Whether the walk goes through these rows alone. */
    readonly onWalk: boolean
  }[]
}

/** The conditions that all have to hold, each with a place of its own. */
export function conjuncts(plan: Pick<ReadPlan, 'where'>): readonly Condition[] {
  return plan.where.kind === 'true' ? [] : plan.where.kind === 'all' ? plan.where.of : [plan.where]
}

interface Use {
  readonly at: number
  readonly condition: Condition
  /** The column it compares, null where the condition has an index of its own (ids, single values, links, words). */
  readonly column: string | null
  /** `empty` is as good as a value where an index has rows without one, and a set with `orNull` too. */
  readonly how: 'eq' | 'empty' | 'set' | 'set or empty' | 'range' | 'own'
}

/** The ways of a plan. */
export const pathsOf = perObject(findPaths)

function findPaths(plan: ReadPlan): Paths {
  if (plan.trash) return { walk: trashWalk(plan), walkServesAll: true, fetches: [] }
  const conditions = conjuncts(plan)
  const uses = conditions.flatMap((condition, at) => useOf(condition, at))
  const accesses = accessesOf(uses)
  // What is compared and not served is kept from every index; questions about other records are left to Postgres unless they can be served.
  const compared = conditions.flatMap((condition, at) => (condition.kind === 'compare' || uses.some(use => use.at === at) ? [at] : []))
  const without = (served: ReadonlySet<number>): Set<number> => new Set(compared.filter(at => !served.has(at)))
  const way = walkOf(plan, uses)
  return {
    walk:
      way === null ? null : { kind: 'walk', filters: without(way.served), merged: way.merged, covered: way.covered, recent: way.recent },
    walkServesAll: way !== null && uses.every(use => way.served.has(use.at)),
    fetches: accesses.map(served => ({
      path: { kind: 'fetch', filters: without(new Set(served)), counted: true },
      parts: uses.filter(use => served.includes(use.at)).map(use => use.condition),
      onWalk: way !== null && served.every(at => way.served.has(at)),
    })),
  }
}

/** The trash has an index of its own, by the time of deletion. Ids are sorted without a limit, they are no key of anybody's. */
function trashWalk({ order }: ReadPlan): Paths['walk'] {
  const key = order[0]?.field.key
  if (key !== undefined && key !== ID && key !== 'created_at' && key !== 'deleted_at') return null
  return { kind: 'walk', filters: new Set(), merged: [], covered: key === 'deleted_at' ? 1 : order.length, recent: false }
}

/** How many rows there are: in the entity, and for each fetch (at most FETCH_MOST + 1 are counted). */
export interface SizesFound {
  readonly whole: number
  readonly fetches: readonly number[]
}

/** The shorter way. */
export function choosePath(paths: Paths, limit: number, sizes: SizesFound): Path {
  const { walk, fetches } = paths
  let best = -1
  for (const [at, size] of sizes.fetches.entries()) if (size <= FETCH_MOST && (best < 0 || size < (sizes.fetches[best] ?? 0))) best = at
  const fetch = fetches[best]
  if (fetch === undefined) return walk ?? { kind: 'fetch', filters: new Set(), counted: false }
  if (walk === null) return fetch.path
  const worth = FETCH_WORTH / (fetch.parts.some(part => hasIds(part)) ? LOOKED_UP : 1)
  return fetch.onWalk || (sizes.fetches[best] ?? 0) > worth * walkedRows(paths, limit, sizes) ? walk : fetch.path
}

/** Rows a walk is likely to look at before it has its page, as if conditions had nothing to do with each other. */
function walkedRows({ fetches }: Paths, limit: number, sizes: SizesFound): number {
  const onWalk = fetches.flatMap((fetch, at) => (fetch.onWalk ? [{ parts: fetch.parts, size: sizes.fetches[at] ?? 0 }] : []))
  const along = Math.min(sizes.whole, ...onWalk.map(each => each.size))
  const used = new Set<Condition>()
  let share = 1
  for (const [at, fetch] of [...fetches.entries()].toSorted(([a], [b]) => (sizes.fetches[a] ?? 0) - (sizes.fetches[b] ?? 0))) {
    if (fetch.onWalk || fetch.parts.some(part => used.has(part))) continue
    for (const part of fetch.parts) used.add(part)
    const isAlong = onWalk.some(each => each.parts.some(part => fetch.parts.includes(part)))
    share *= Math.min(1, (sizes.fetches[at] ?? 0) / Math.max(1, isAlong ? along : sizes.whole))
  }
  return Math.min(along, (limit + 1) / share)
}

/** Whether only rows with a value in the first key fulfil the plan's conditions. */
export function provesFirstKey(plan: ReadPlan): boolean {
  const key = plan.order[0]?.field.key
  return conjuncts(plan).some(condition => {
    const how = condition.kind === 'compare' && condition.field.key === key ? comparedColumn(condition)?.how : undefined
    return how === 'eq' || how === 'set' || how === 'range'
  })
}

/** Whether there is anything to choose. */
export function needsSizes(paths: Paths): boolean {
  return !paths.walkServesAll && paths.fetches.length > 0
}

/** One statement that counts: the rows of the entity, or of fetches up to one more than may be fetched. Its columns are `n0`, `n1` … */
export function renderSizes(plan: ReadPlan, asked: readonly (Paths['fetches'][number] | 'whole')[]): Statement {
  const sql = new SqlText(plan.tenantId)
  const counts = asked.map(
    (each, at) => `(${each === 'whole' ? countRows(sql, plan, sql.alias(), '', WHOLE_MOST) : sizeOf(sql, plan, each.parts)}) as n${at}`,
  )
  return sql.statement(`select ${counts.join(', ')} from (select ${sql.tenant}) tenant`)
}

function countRows(sql: SqlText, plan: ReadPlan, row: string, where: string, most: number): string {
  return `select count(*)::int from (select 1 from nexus.record ${row} where ${row}.tenant_id = ${sql.tenant} and ${row}.entity_no = ${number(plan.entity.no)} and ${row}.deleted_at is null${where} limit ${number(most)}) x`
}

function sizeOf(sql: SqlText, plan: ReadPlan, parts: readonly Condition[]): string {
  const [only] = parts
  const either = only === undefined ? null : only.kind === 'any' ? only : complementOf(only)
  if (either !== null && parts.length === 1) return either.of.map(branch => `(${sizeOf(sql, plan, [branch])})`).join(' + ')
  const ids = only === undefined ? null : renderIds(sql, only, FETCH_MOST + 1)
  if (ids !== null) return `select count(*)::int from (${ids}) x`
  const row = sql.alias()
  const count = (where: string): string => countRows(sql, plan, row, ` and ${where}`, FETCH_MOST + 1)
  if (only === undefined || !isReached(only)) return count(parts.map(part => renderServed(sql, row, part)).join(' and '))
  const targets = sql.alias()
  return `select case when cardinality(${targets}.ids) > ${number(FETCH_MOST)} then ${number(FETCH_MOST + 1)} else (${count(`${comparable(row, only.reference).sql} = any(${targets}.ids)`)}) end from (select array(${renderReached(sql, only, FETCH_MOST + 1)}) as ids) ${targets}`
}

function useOf(condition: Condition, at: number): Use[] {
  const column = comparedColumn(condition)
  if (column !== null) return [{ at, condition, ...column }]
  const own = condition.kind === 'any' ? condition.of.every(isServable) : hasIds(condition) || isReached(condition)
  return own ? [{ at, condition, column: null, how: 'own' }] : []
}

/** Whether an index serves a branch of an `or`: then all of them together find the rows. */
function isServable(branch: Condition): boolean {
  if (branch.kind === 'all') return branch.of.some(each => comparedColumn(each) !== null)
  return comparedColumn(branch) !== null || hasIds(branch) || isReached(branch)
}

/** The column an index can look the condition up in. */
function comparedColumn(condition: Condition): { column: string; how: Exclude<Use['how'], 'own'> } | null {
  if (condition.kind !== 'compare' || condition.negated) return null
  const { field, operator, operand } = condition
  if (complementOf(condition) !== null && field.storage.kind === 'slot') return { column: field.storage.column, how: 'set or empty' }
  const stored =
    field.storage.kind === 'slot' ? hasSlot(field) : field.storage.kind === 'system' && INDEXED_SYSTEM.has(field.storage.column)
  if (!stored || field.kind === 'presence') return null
  const column =
    field.key === 'created_at' ? 'id' : field.storage.kind === 'slot' || field.storage.kind === 'system' ? field.storage.column : ''
  if (operator === 'is_null') return operand.shape === 'flag' && operand.flag && KEEPS_EMPTY.has(column) ? { column, how: 'empty' } : null
  if (operand.shape === 'ids') return { column, how: 'set' }
  if (operator === 'eq' && field.key !== 'created_at') return { column, how: 'eq' }
  if (operator === 'in' && field.key !== 'created_at') return { column, how: 'set' }
  return RANGES.has(operator) && !(operator === 'starts_with' && foldText(String(operand.shape === 'one' ? operand.value : '')) === '')
    ? { column, how: 'range' }
    : null
}

const INDEXED_SYSTEM: ReadonlySet<string> = new Set(['id', 'owner_id', 'org_unit_id', 'created_at'])
/** Columns at the head of an index that has rows without a value too. */
const KEEPS_EMPTY: ReadonlySet<string> = new Set(['t1', 'r1', 'owner_id', 'org_unit_id'])
const RANGES: ReadonlySet<string> = new Set([
  'eq',
  'in',
  'lt',
  'lte',
  'gt',
  'gte',
  'between',
  'in_last',
  'in_next',
  'in_period',
  'starts_with',
])

/** Sets of conditions that one index serves together, none part of another. */
function accessesOf(uses: readonly Use[]): number[][] {
  const columns = new Set(uses.flatMap(use => (use.column === null ? [] : [use.column])))
  const found = [...INDEXES, ...[...columns].map(column => [column])].map(index => servedBy(uses, index))
  const own = uses.filter(use => use.how === 'own').map(use => [use.at])
  const all = [...found, ...own].filter(served => served.length > 0)
  return all.filter(
    (served, at) =>
      !all.some(
        (other, place) => place !== at && served.every(each => other.includes(each)) && (other.length > served.length || place < at),
      ),
  )
}

/** The conditions an index serves from its first column on: up to the first column that is not pinned to values. */
function servedBy(uses: readonly Use[], index: readonly string[]): number[] {
  const served: number[] = []
  for (const column of index) {
    const here = uses.filter(use => use.column === column)
    served.push(...here.map(use => use.at))
    if (!here.some(use => use.how !== 'range')) break
  }
  return served
}

/** A way along an index, the conditions it serves by their place. */
interface Way {
  readonly served: ReadonlySet<number>
  readonly merged: readonly Merge[]
  readonly covered: number
  readonly recent: boolean
}

/** The index that has the plan's order behind the most pinned columns; null where none has it. */
function walkOf(plan: ReadPlan, uses: readonly Use[]): Way | null {
  const keys = orderColumns(plan)
  const [key] = keys
  if (key === undefined) return null
  if (key === RECENT)
    return {
      served: new Set(uses.filter(use => changedMinutes(use.condition) !== null).map(use => use.at)),
      merged: [],
      covered: 1,
      recent: true,
    }
  let best: (Way & { readonly pinned: number }) | null = null
  for (const index of [...indexesOf(uses, key), ...INDEXES]) {
    const lead = leadOf(index, keys)
    const merged = lead === null ? null : mergesOf(uses, lead)
    if (lead === null || merged === null) continue
    const isBetter = best === null || lead.length > best.pinned || (lead.length === best.pinned && merged.length < best.merged.length)
    if (!isBetter) continue
    const served = uses.filter(use => use.column !== null && (lead.includes(use.column) || use.column === key))
    const covered: number = key === ID ? plan.order.length : index.length - lead.length
    best = { served: new Set(served.map(use => use.at)), merged, covered, recent: false, pinned: lead.length }
  }
  return best
}

/** The columns before those that have the order: the id follows them all, so whatever stands last has to be a key. */
function leadOf(index: readonly string[], keys: readonly string[]): readonly string[] | null {
  if (keys[0] === ID) return index
  for (let tail = 1; tail <= Math.min(index.length, keys.length); tail += 1) {
    if (index.slice(-tail).every((column, at) => column === keys[at])) return index.slice(0, -tail)
  }
  return null
}

/** Indexes of single columns: the primary key and those of slots, which have no rows without a value. */
function indexesOf(uses: readonly Use[], key: string): readonly (readonly string[])[] {
  if (key !== ID) return [[key]]
  const columns = uses.flatMap(use =>
    use.column === null || use.column === ID || use.how === 'empty' || use.how === 'set or empty' ? [] : [use.column],
  )
  return [[], ...[...new Set(columns)].map(column => [column])]
}

const ID = 'id'
/** The column whose minutes stand in a table of their own. */
const RECENT = 'updated_at'

/**
 * The columns whose indexes have the order of the first keys. The first may be readable on some rows only: the phase of its values passes by
 * the others. None for further keys of that kind, and for what stands in no index.
 */
function orderColumns(plan: ReadPlan): string[] {
  const [first] = plan.order
  if (first === undefined || first.field.key === ID || first.field.key === 'created_at') return [ID]
  if (first.when === null && first.field.key === RECENT) return [RECENT]
  const columns: string[] = []
  for (const { field, when, descending } of plan.order) {
    if ((when !== null && columns.length > 0) || descending !== first.descending || field.storage.kind !== 'slot' || !hasSlot(field)) break
    columns.push(field.storage.column)
  }
  return columns
}

/** The values to walk side by side; null where a column has none, or there are too many of them. */
function mergesOf(uses: readonly Use[], lead: readonly string[]): Merge[] | null {
  const merges: Merge[] = []
  for (const column of lead) {
    const here = uses.filter(use => use.column === column)
    // Postgres sees no order behind an empty column, so that alone does not lead anywhere.
    if (here.some(use => use.how === 'eq')) continue
    const set = here.find(use => use.how === 'set') ?? here.find(use => use.how === 'set or empty')
    const complement = set === undefined ? null : complementOf(set.condition)
    const compared = complement?.of[0] ?? set?.condition
    if (compared?.kind !== 'compare') return null
    const { cast, operand } = comparable('', compared.field)
    const values =
      compared.operand.shape === 'ids'
        ? compared.operand.ids
        : compared.operand.shape === 'many'
          ? compared.operand.values.map(value => operand(value))
          : []
    merges.push({ column, cast, values: [...new Set(values)].filter(value => value !== null), orNull: complement !== null })
  }
  const walks = merges.reduce((product, merge) => product * (merge.values.length + Number(merge.orNull)), 1)
  return walks > MERGE_MOST ? null : merges
}
