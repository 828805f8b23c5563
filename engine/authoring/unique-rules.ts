/**
 * Takes the unique values of the records that are there for rules that a publish brings. A rule must hold from its first moment on, so all values are
 * taken when the model changes: small entities inside the publish, large ones before it, and inside it only for records that were written meanwhile.
 */
import type { Problem } from '../../metadata/index.ts'
import { said, words } from '../../metadata/said.ts'
import type { CompiledEntity, CompiledUnique } from '../model/index.ts'
import type { Database, TenantConnection } from '../platform/index.ts'
import {
  convertedValue,
  forgetUniques,
  nextIds,
  readRecords,
  type RecordContext,
  type ScannedRecord,
  takeUniques,
  uniqueValuesOf,
} from '../records/index.ts'
import { workOf } from './fill.ts'
import type { FillPass } from './storage-changes.ts'

/** The rules of one entity whose values have to be taken. */
export interface RuleWork {
  readonly entity: CompiledEntity
  readonly rules: readonly CompiledUnique[]
  /** Conversions that come with the same publish: the keys are made of converted values. */
  readonly passes: readonly FillPass[]
}

const AT_ONCE = 1_000
/** A request may carry the time it began at, and clocks of processes differ. */
const MARGIN_MS = 60_000

/** What was taken before the publish. */
export interface Prefilled {
  readonly work: RuleWork
  /** Records written since then are taken again inside the publish. */
  readonly since: Date
}

/** Takes the values of all records some at a time, each time in a transaction of its own. The live model knows nothing of these rules yet. */
export async function prefill(database: Database, ctx: RecordContext, work: RuleWork): Promise<Prefilled> {
  const tenantId = ctx.caller.tenant.id
  const since = new Date(ctx.now.getTime() - MARGIN_MS)
  await forgetPrefilled(database, tenantId, work)
  let after: string | null = null
  for (;;) {
    const last = after
    const { ids, conflicts } = await database.writeAs(tenantId, async connection => {
      const found = await nextIds(connection, work.entity.no, last, AT_ONCE)
      return { ids: found, conflicts: await take(connection, ctx, work, found) }
    })
    if (conflicts.length > 0) {
      await forgetPrefilled(database, tenantId, work)
      throw new UniqueConflict(work, conflicts)
    }
    if (ids.length < AT_ONCE) return { work, since }
    after = ids.at(-1) ?? null
  }
}

/** Forgets what was taken for a publish that did not come. */
export async function forgetPrefilled(database: Database, tenantId: string, work: RuleWork): Promise<void> {
  await database.writeAs(tenantId, connection =>
    forgetUniques(
      connection,
      work.entity.no,
      work.rules.map(rule => rule.no),
      null,
    ),
  )
}

/** Takes again, inside the publish, what was written since the values were taken. */
export async function settle(connection: TenantConnection, ctx: RecordContext, { work, since }: Prefilled): Promise<void> {
  const rows = await connection.run<{ id: string }>({
    text: 'select id from nexus.record where tenant_id = $1 and entity_no = $2 and updated_at >= $3 order by id',
    values: [connection.tenantId, work.entity.no, since],
  })
  await forgetUniques(
    connection,
    work.entity.no,
    work.rules.map(rule => rule.no),
    rows.map(row => row.id),
  )
  await takeAll(
    connection,
    ctx,
    work,
    rows.map(row => row.id),
  )
}

/** Takes the values of every record inside the publish. */
export async function takeWhole(connection: TenantConnection, ctx: RecordContext, work: RuleWork): Promise<void> {
  await forgetUniques(
    connection,
    work.entity.no,
    work.rules.map(rule => rule.no),
    null,
  )
  let after: string | null = null
  for (;;) {
    const ids: string[] = await nextIds(connection, work.entity.no, after, AT_ONCE)
    await takeAll(connection, ctx, work, ids)
    if (ids.length < AT_ONCE) return
    after = ids.at(-1) ?? null
  }
}

async function takeAll(connection: TenantConnection, ctx: RecordContext, work: RuleWork, ids: readonly string[]): Promise<void> {
  for (let n = 0; n < ids.length; n += AT_ONCE) {
    const conflicts = await take(connection, ctx, work, ids.slice(n, n + AT_ONCE))
    if (conflicts.length > 0) throw new UniqueConflict(work, conflicts)
  }
}

async function take(
  connection: TenantConnection,
  ctx: RecordContext,
  work: RuleWork,
  ids: readonly string[],
): Promise<Awaited<ReturnType<typeof takeUniques>>> {
  if (ids.length === 0) return []
  const records = await readRecords(connection, work.entity, ids)
  return takeUniques(connection, keysOf(ctx, work, records))
}

/** The unique values of live records as the new model makes them. */
export function keysOf(
  ctx: RecordContext,
  { entity, rules, passes }: RuleWork,
  records: readonly ScannedRecord[],
): ReturnType<typeof uniqueValuesOf> {
  const converted = passes.flatMap(pass => workOf(ctx.model, pass)?.work.filter(each => each.from !== null) ?? [])
  const live = records.filter(record => !record.deleted)
  const keyed = live.map(record => ({
    id: record.id,
    values:
      converted.length === 0
        ? record.values
        : { ...record.values, ...Object.fromEntries(converted.map(each => [each.field.key, convertedValue(ctx, each, record)])) },
  }))
  return uniqueValuesOf(ctx, entity, rules, keyed)
}

/** Records that are there share a value that a new rule wants only once. */
export class UniqueConflict extends Error {
  readonly problems: readonly Problem[]

  constructor({ entity }: RuleWork, conflicts: readonly { readonly rule_no: number }[]) {
    super('Records share values that are to be unique.')
    this.problems = [...new Set(conflicts.map(each => each.rule_no))].map(no =>
      uniqueProblem(entity, no, conflicts.filter(each => each.rule_no === no).length),
    )
  }
}

/** The problem of a rule that records break. */
export function uniqueProblem(entity: CompiledEntity, ruleNo: number, count: number): Problem {
  const index = entity.uniques.findIndex(rule => rule.no === ruleNo)
  const fields = entity.uniques[index]?.fields ?? []
  const place = { document: { kind: 'entity', key: entity.key }, pointer: `/unique/${index}`, code: 'MODEL_UNIQUE_CONFLICT' }
  return said(
    { ...place, params: { fields: [...fields], count } },
    words('Records of “{entity}” share values of {names}, at least {count} of them.', {
      entity: entity.key,
      names: fields.map(key => `“${key}”`).join(', '),
      count,
    }),
    words('Look at the impact of the draft, mend these records, then publish.'),
  )
}
