/**
 * Gives autonumbers. Numbers come from a counter per (field, period). Writers of a busy series take blocks, reserved in a short transaction
 * of their own, so that they do not wait for each other; what a failed write or an ended process had reserved stays a gap. A gapless
 * series is counted inside the write itself: its writers take turns (storage rule 10).
 */
import { periodOf, renderNumber } from '../field-types/index.ts'
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import type { Database, TenantConnection } from '../platform/types.ts'
import { renderReserveNumbers } from '../sql/index.ts'
import { isEmpty } from '../validate/index.ts'
import type { Draft } from './compute-record.ts'
import { momentOf } from './moment.ts'
import type { RecordContext } from './types.ts'

/** Numbers every draft that has none, but for gapless series. */
export async function assignNumbers(ctx: RecordContext, entity: CompiledEntity, drafts: readonly Draft[]): Promise<void> {
  for (const field of numberFields(entity, false)) {
    const open = drafts.filter(draft => isEmpty(draft.values[field.key]))
    if (open.length === 0) continue
    const numbers = await takeNumbers(ctx, field, open.length)
    give(ctx, field, open, numbers)
  }
}

/** Counts on gapless series inside the transaction; true where something was given. */
export async function assignGapless(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  drafts: readonly Draft[],
): Promise<boolean> {
  let given = false
  for (const field of numberFields(entity, true)) {
    const open = drafts.filter(draft => isEmpty(draft.values[field.key]))
    if (open.length === 0) continue
    const first = await reserve(connection, field, seriesOf(ctx, field), open.length)
    give(
      ctx,
      field,
      open,
      Array.from(open, (_, index) => first + BigInt(index)),
    )
    given = true
  }
  return given
}

function numberFields(entity: CompiledEntity, gapless: boolean): CompiledField[] {
  return [...entity.fields.values()].filter(
    ({ declared, no }) => declared.type === 'autonumber' && no !== null && (declared.gapless === true) === gapless,
  )
}

function give(ctx: RecordContext, field: CompiledField, drafts: readonly Draft[], numbers: readonly bigint[]): void {
  if (field.declared.type !== 'autonumber') return
  const { today } = momentOf(ctx)
  for (const [index, draft] of drafts.entries())
    draft.values[field.key] = renderNumber(field.declared.template, today, numbers[index] ?? 0n)
}

interface Series {
  readonly period: string
  readonly start: number
}

function seriesOf(ctx: RecordContext, { declared }: CompiledField): Series {
  const { today } = momentOf(ctx)
  return declared.type === 'autonumber'
    ? { period: periodOf(declared.template, today), start: declared.start ?? 1 }
    : { period: '', start: 1 }
}

/** What a process holds of a series. */
interface Held {
  /** What is left of the last block. */
  next: bigint
  end: bigint
  /** How long that was, and when it was reserved; null before the first. */
  last: { readonly size: number; readonly at: number } | null
  /** Numbers that are waited for, and the one reservation under way for all who wait. */
  wanted: number
  reserving: Promise<void> | null
}

/** A block is as long as a series needs at the pace of its last one for this time: who creates by hand reserves one by one. */
const BLOCK_LASTS_MS = 2_000
// At 32 a create at full speed reserves for every thirtieth record; longer blocks leave longer gaps when a process ends.
const LONGEST_BLOCK = 32
const MOST_SERIES = 10_000
/** What is held by series, of each database a process works on. */
const heldOf = new WeakMap<Database, Map<string, Held>>()

async function takeNumbers(ctx: RecordContext, field: CompiledField, count: number): Promise<bigint[]> {
  const series = seriesOf(ctx, field)
  // What a trial reserves is taken back with it: it must neither stay in a block nor come out of one.
  if (ctx.trial === true) return reserveExactly(ctx, field, series, count)
  const held = heldFor(ctx.db, `${ctx.caller.tenant.id}/${field.entityNo}/${field.no}/${series.period}`)
  const numbers: bigint[] = []
  for (;;) {
    while (held.next < held.end && numbers.length < count) numbers.push(held.next++)
    const missing = count - numbers.length
    if (missing === 0) return numbers
    const isOwn = held.reserving === null
    held.wanted += missing
    // Whoever comes meanwhile waits for this one and is part of the next: two at once would throw away the rest of one of them.
    held.reserving ??= refill(ctx, field, series, held).finally(() => {
      held.reserving = null
    })
    const failure = await held.reserving.then(
      () => null,
      (cause: unknown) => ({ cause }),
    )
    held.wanted -= missing
    if (failure === null) continue
    if (isOwn) throw failure.cause
    // What failed was another's: whoever waited for it asks once himself, for no more than he needs.
    return [...numbers, ...(await reserveExactly(ctx, field, series, missing))]
  }
}

/** Reserves so many numbers for this write alone. */
async function reserveExactly(ctx: RecordContext, field: CompiledField, series: Series, count: number): Promise<bigint[]> {
  const first = await ctx.db.writeAs(ctx.caller.tenant.id, connection => reserve(connection, field, series, count))
  return Array.from({ length: count }, (_, index) => first + BigInt(index))
}

function heldFor(database: Database, key: string): Held {
  const all = heldOf.get(database) ?? new Map<string, Held>()
  heldOf.set(database, all)
  const held = all.get(key) ?? { next: 0n, end: 0n, last: null, wanted: 0, reserving: null }
  all.delete(key)
  all.set(key, held)
  const oldest = all.keys().next()
  if (all.size > MOST_SERIES && oldest.done !== true) all.delete(oldest.value)
  return held
}

/** Reserves a block in the place of one that is used up. */
async function refill(ctx: RecordContext, field: CompiledField, series: Series, held: Held): Promise<void> {
  const length = Math.max(nextSize(held, performance.now()), held.wanted)
  const first = await ctx.db.writeAs(ctx.caller.tenant.id, async connection => {
    // Not waited for on disk: whatever uses one of these numbers commits later, and takes the reservation to the disk with it.
    connection.commitAfterThis()
    const unhurried = { name: 'unhurried', text: `select set_config('synchronous_commit', 'off', true)`, values: [] }
    const [reserved] = await Promise.all([reserve(connection, field, series, length), connection.run(unhurried)])
    return reserved
  })
  Object.assign(held, { next: first, end: first + BigInt(length), last: { size: length, at: performance.now() } })
}

function nextSize({ last }: Held, now: number): number {
  if (last === null) return 1
  return Math.max(1, Math.min(LONGEST_BLOCK, Math.floor((last.size * BLOCK_LASTS_MS) / Math.max(now - last.at, 1))))
}

async function reserve(connection: TenantConnection, field: CompiledField, series: Series, count: number): Promise<bigint> {
  const statement = renderReserveNumbers(connection.tenantId, field.entityNo, Number(field.no), series.period, series.start, count)
  const [row] = await connection.run<{ first: string }>(statement)
  if (row === undefined) throw new Error('A series of numbers did not answer.')
  return BigInt(row.first)
}
