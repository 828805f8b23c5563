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

/** What is left of a series' last block. */
interface Block {
  next: bigint
  end: bigint
  readonly size: number
  readonly reservedAt: number
}

/** A block is as long as a series needs at the pace of its last one for this time: who creates by hand reserves one by one. */
const BLOCK_LASTS_MS = 2_000
// At 32 a create at full speed reserves for every thirtieth record; longer blocks leave longer gaps when a process ends.
const LONGEST_BLOCK = 32
const MOST_SERIES = 10_000
/** Blocks by series, of each database a process works on. */
const blocksOf = new WeakMap<Database, Map<string, Block>>()

async function takeNumbers(ctx: RecordContext, field: CompiledField, count: number): Promise<bigint[]> {
  const series = seriesOf(ctx, field)
  // What a trial reserves is taken back with it: it must neither stay in a block nor come out of one.
  if (ctx.trial === true) {
    const first = await ctx.db.writeAs(ctx.caller.tenant.id, connection => reserve(connection, field, series, count))
    return Array.from({ length: count }, (_, index) => first + BigInt(index))
  }
  const blocks = blocksOf.get(ctx.db) ?? new Map<string, Block>()
  blocksOf.set(ctx.db, blocks)
  const key = `${ctx.caller.tenant.id}/${field.entityNo}/${field.no}/${series.period}`
  const numbers = takeFrom(blocks.get(key), count)
  const missing = count - numbers.length
  if (missing === 0) return numbers
  const last = blocks.get(key)
  const size = last === undefined ? 1 : sizeAfter(last, performance.now())
  const length = Math.max(size, missing)
  const first = await ctx.db.writeAs(ctx.caller.tenant.id, async connection => {
    // Not waited for on disk: whatever uses one of these numbers commits later, and takes the reservation to the disk with it.
    connection.commitAfterThis()
    const unhurried = { name: 'unhurried', text: `select set_config('synchronous_commit', 'off', true)`, values: [] }
    const [reserved] = await Promise.all([reserve(connection, field, series, length), connection.run(unhurried)])
    return reserved
  })
  const block: Block = { next: first, end: first + BigInt(length), size: length, reservedAt: performance.now() }
  numbers.push(...takeFrom(block, missing))
  // Where two reserved at once, the longer rest is kept.
  const rest = blocks.get(key)
  if (rest === undefined || rest.end - rest.next <= block.end - block.next) blocks.set(key, block)
  const oldest = blocks.keys().next()
  if (blocks.size > MOST_SERIES && oldest.done !== true) blocks.delete(oldest.value)
  return numbers
}

function sizeAfter({ size, reservedAt }: Block, now: number): number {
  return Math.max(1, Math.min(LONGEST_BLOCK, Math.floor((size * BLOCK_LASTS_MS) / Math.max(now - reservedAt, 1))))
}

function takeFrom(block: Block | undefined, count: number): bigint[] {
  const numbers: bigint[] = []
  while (block !== undefined && block.next < block.end && numbers.length < count) numbers.push(block.next++)
  return numbers
}

async function reserve(connection: TenantConnection, field: CompiledField, series: Series, count: number): Promise<bigint> {
  const statement = renderReserveNumbers(connection.tenantId, field.entityNo, Number(field.no), series.period, series.start, count)
  const [row] = await connection.run<{ first: string }>(statement)
  if (row === undefined) throw new Error('A series of numbers did not answer.')
  return BigInt(row.first)
}
