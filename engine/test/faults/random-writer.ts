/**
 * A process that writes at random into the sales pack until it has done its share or is killed, and tells on its standard output what was
 * acknowledged, one line each: the ledger is kept by who reads it. `node random-writer.ts '<json>'`, see `WriterTask`.
 */
import { writeSync } from 'node:fs'
import { UNLIMITED } from '../../guard/index.ts'
import { readConfig } from '../../kernel/config.ts'
import { EngineError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { createLog } from '../../kernel/log.ts'
import { SqlFailure } from '../../platform/index.ts'
import {
  bulkRecords,
  createRecord,
  deleteRecord,
  newRecordId,
  type RecordContext,
  restoreRecord,
  updateRecord,
  type Values,
} from '../../records/index.ts'
import { buildEngine } from '../../start/wiring.ts'

/** What the process is told to do. */
export interface WriterTask {
  readonly url: string
  readonly dataDir: string
  readonly tenantId: string
  readonly userId: string
  /** Differs from process to process, so that no two do the same. */
  readonly seed: number
  /** Writers side by side. */
  readonly lanes: number
  readonly writes: number
}

/** A line of the ledger: what the engine said is done, or that it said something it must not say. */
export type LedgerLine =
  | { readonly op: 'create' | 'update' | 'delete' | 'restore'; readonly id: string; readonly version: number }
  | { readonly fault: string }

const task = JSON.parse(process.argv[2] ?? '{}') as WriterTask
const kept = { secret: 'secret-of-the-test-harness-0123456789', operator_token: 'operator-token-of-the-test-harness' }
const { config } = readConfig({ NEXUS_DATA_DIR: task.dataDir, NODE_ENV: 'test' }, () => kept)
if (config === undefined) throw new Error('The settings of the test are wrong.')
const log = createLog({ write: () => undefined })
const wired = await buildEngine({ config, databaseUrl: task.url, redisUrl: undefined, background: false, log, rates: UNLIMITED })

// Mulberry32: small, and good enough to be everywhere once.
let state = task.seed
const random = (): number => {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
}
const below = (limit: number): number => Math.floor(random() * limit)
const one = <T>(list: readonly T[]): T => list[below(list.length)] as T
const chance = (share: number): boolean => random() < share

// Synchronous: what stands in the pipe is there, whatever happens to this process next.
const tell = (line: LedgerLine): void => void writeSync(1, `${JSON.stringify(line)}\n`)

async function contextOf(): Promise<RecordContext> {
  const caller = await wired.identity.callerOf(task.tenantId, task.userId, new Date())
  const plain = {
    traceId: newId().replaceAll('-', ''),
    traceparent: '',
    route: 'test',
    ip: '127.0.0.1',
    now: new Date(),
    caller,
    causationId: null,
    stations: { ms: {} },
  }
  return { ...(await wired.engine.models.take(plain)), db: wired.database, cursors: wired.engine.cursors }
}

interface Picked {
  readonly id: string
  readonly version: number
  readonly data: Readonly<Record<string, unknown>>
}

/** Some record of an entity, live or in the trash. */
async function pick(ctx: RecordContext, entity: string, trash = false): Promise<Picked | null> {
  const rows = await ctx.db.readAs(task.tenantId, connection =>
    connection.run<Picked & { readonly [column: string]: unknown }>({
      text: `select id, version, data from nexus.record where tenant_id = $1 and entity_no = $2 and deleted_at is ${trash ? 'not ' : ''}null and id >= $3 order by id limit 5`,
      values: [task.tenantId, ctx.model.entities.get(entity)?.no, chance(0.3) ? FIRST : newIdBetween()],
    }),
  )
  return rows.length === 0 ? null : one(rows)
}

const FIRST = '00000000-0000-0000-0000-000000000000'
const begun = Date.now() - 60_000
/** Ids begin with the time: one of a moment since the test began. */
function newIdBetween(): string {
  const at = begun + below(Date.now() - begun)
  const hex = at.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

const price = (): string => `${below(500)}.${String(below(100)).padStart(2, '0')}`
const name = (): string => `${one(['Oak', 'Elm', 'Ash', 'Fir', 'Yew'])} ${one(['north', 'south', 'east', 'west'])} ${below(100_000)}`

async function line(ctx: RecordContext): Promise<Values> {
  const product = await pick(ctx, 'product')
  return {
    product: product?.id ?? null,
    quantity: String(1 + below(9)),
    unit_price: price(),
    ...(chance(0.3) ? { discount: String(below(40)) } : {}),
  }
}

async function dealChange(ctx: RecordContext): Promise<Values> {
  const customer = chance(0.2) ? await pick(ctx, 'customer') : null
  return {
    ...(chance(0.3) ? { next_step: name() } : {}),
    ...(chance(0.3) ? { probability: String(below(101)) } : {}),
    ...(chance(0.3) ? { amount: price() } : {}),
    ...(chance(0.2)
      ? { tags: Array.from({ length: below(3) }, () => one(['a', 'b', 'c', 'd'])).filter((tag, at, all) => all.indexOf(tag) === at) }
      : {}),
    ...(chance(0.2) ? { name: name() } : {}),
    ...(customer === null ? {} : { customer: customer.id }),
    ...(chance(0.1) ? { stage: 'lost', lost_reason: 'price', closed_on: '2030-01-01' } : {}),
    ...(chance(0.1) ? { stage: 'qualified' } : {}),
  }
}

/** The kinds of writes, each as often as it stands here. Each answers how many records it has written. */
const WRITES: readonly ((ctx: RecordContext) => Promise<number>)[] = [
  async ctx => {
    const lines = await Promise.all(Array.from({ length: below(4) }, () => line(ctx)))
    const customer = await pick(ctx, 'customer')
    const made = await createRecord(ctx, 'deal', {
      name: name(),
      customer: customer?.id ?? null,
      amount: price(),
      currency: chance(0.3) ? 'USD' : null,
      line_items: lines,
    })
    tell({ op: 'create', id: made.id, version: made.version })
    return 1 + lines.length
  },
  ctx => changeDeal(ctx),
  ctx => changeDeal(ctx),
  async ctx => {
    const deal = await pick(ctx, 'deal')
    const existing = await pick(ctx, 'deal_line')
    const no = ctx.model.entities.get('deal_line')?.fields.get('deal')?.no ?? ''
    if (deal === null || existing === null) return 0
    const parent = String(existing.data[no])
    const version = (await versionOf(ctx, 'deal', parent)) ?? 0
    const change = chance(0.5)
      ? { update: [{ id: existing.id, version: existing.version, quantity: String(1 + below(9)) }] }
      : { delete: [existing.id] }
    const done = await updateRecord(ctx, 'deal', parent, version, { line_items: { create: [await line(ctx)], ...change } })
    if (done.version > version) tell({ op: 'update', id: parent, version: done.version })
    return 3
  },
  async ctx => {
    const deal = await pick(ctx, 'deal')
    const made = await createRecord(ctx, 'deal_line', { deal: deal?.id ?? null, ...(await line(ctx)) })
    tell({ op: 'create', id: made.id, version: made.version })
    return 1
  },
  async ctx => {
    const found = await pick(ctx, 'deal_line')
    if (found === null) return 0
    const to = chance(0.3) ? await pick(ctx, 'deal') : null
    return change(ctx, 'deal_line', found, { quantity: String(1 + below(20)), ...(to === null ? {} : { deal: to.id }) })
  },
  ctx => remove(ctx, 'deal_line'),
  ctx => remove(ctx, 'deal'),
  ctx => remove(ctx, one(['product', 'customer', 'product_category'])),
  ctx => restore(ctx, one(['deal', 'deal', 'deal_line', 'product', 'customer', 'product_category'])),
  async ctx => {
    const found = await pick(ctx, 'product')
    const category = chance(0.5) ? await pick(ctx, 'product_category') : null
    return found === null
      ? 0
      : change(ctx, 'product', found, {
          price: price(),
          cost: price(),
          active: chance(0.7),
          ...(category === null ? {} : { category: category.id }),
        })
  },
  async ctx => {
    const found = await pick(ctx, 'product_category')
    const parent = chance(0.8) ? await pick(ctx, 'product_category') : null
    return found === null ? 0 : change(ctx, 'product_category', found, { parent: parent?.id ?? null, name: name() })
  },
  async ctx => {
    const found = await pick(ctx, 'customer')
    return found === null
      ? 0
      : change(ctx, 'customer', found, {
          name: name(),
          tags: [one(['x', 'y', 'z'])],
          credit_limit: price(),
          currency: chance(0.5) ? 'USD' : null,
        })
  },
  ctx =>
    many(
      ctx,
      'deal',
      async () => ({ name: name(), customer: (await pick(ctx, 'customer'))?.id ?? null, amount: price() }),
      () => dealChange(ctx),
    ),
  ctx =>
    many(
      ctx,
      'deal_line',
      async () => ({ deal: (await pick(ctx, 'deal'))?.id ?? null, ...(await line(ctx)) }),
      async () => ({ quantity: String(1 + below(9)) }),
    ),
  ctx =>
    many(
      ctx,
      'customer',
      async () => ({ name: name(), party: ['client'], status: 'active', tax_id: `T${below(2_000)}` }),
      async () => ({ name: name() }),
    ),
]

async function changeDeal(ctx: RecordContext): Promise<number> {
  const found = await pick(ctx, 'deal')
  return found === null ? 0 : change(ctx, 'deal', found, await dealChange(ctx))
}

async function versionOf(ctx: RecordContext, entity: string, id: string): Promise<number | null> {
  const [row] = await ctx.db.readAs(task.tenantId, connection =>
    connection.run<{ version: number }>({
      text: 'select version from nexus.record where tenant_id = $1 and entity_no = $2 and id = $3',
      values: [task.tenantId, ctx.model.entities.get(entity)?.no, id],
    }),
  )
  return row?.version ?? null
}

async function change(ctx: RecordContext, entity: string, { id, version }: Picked, values: Values): Promise<number> {
  const done = await updateRecord(ctx, entity, id, version, values)
  // A change of nothing writes nothing.
  if (done.version > version) tell({ op: 'update', id, version: done.version })
  return 1
}

async function remove(ctx: RecordContext, entity: string): Promise<number> {
  const found = await pick(ctx, entity)
  if (found === null) return 0
  await deleteRecord(ctx, entity, found.id, found.version)
  tell({ op: 'delete', id: found.id, version: found.version + 1 })
  return 1
}

async function restore(ctx: RecordContext, entity: string): Promise<number> {
  const found = await pick(ctx, entity, true)
  if (found === null) return 0
  const done = await restoreRecord(ctx, entity, found.id)
  tell({ op: 'restore', id: found.id, version: found.version + 1 })
  return done.version - found.version
}

async function many(ctx: RecordContext, entity: string, fresh: () => Promise<Values>, changed: () => Promise<Values>): Promise<number> {
  const seen = new Map<string, Picked>()
  for (let n = 0; n < 8; n++) {
    const found = await pick(ctx, entity)
    if (found !== null) seen.set(found.id, found)
  }
  const updates = await Promise.all(
    [...seen.values()].map(async ({ id, version }) => ({ op: 'update' as const, id, version, values: await changed() })),
  )
  const creates = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const values = await fresh()
      return { op: 'create' as const, id: newRecordId(values), values }
    }),
  )
  const results = await bulkRecords(ctx, entity, [...creates, ...updates], false)
  for (const { op, id, version, error } of results) {
    if (error !== null) note(error)
    else if (version !== null && op !== 'delete' && version !== seen.get(id)?.version) tell({ op, id, version })
  }
  return results.filter(each => each.error === null).length
}

/** Refusals and a database that is away are part of it; a fault of ours is not. */
function note(error: unknown): void {
  const expected =
    error instanceof EngineError
      ? error.status < 500 || error.status === 503
      : error instanceof SqlFailure && error.kind !== 'other' && error.kind !== 'check'
  if (!expected) tell({ fault: error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ''}` : String(error) })
}

let written = 0
await Promise.all(
  Array.from({ length: task.lanes }, async () => {
    while (written < task.writes) {
      try {
        written += await one(WRITES)(await contextOf())
      } catch (error) {
        note(error)
      }
    }
  }),
)
await wired.close()
