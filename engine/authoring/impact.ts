/**
 * What publishing the draft would mean for the records that are there: which fail new rules, which values a change of type loses, what goes away,
 * what has to be filled. Reads and changes nothing. Numbers are of all records, and so only for who sees all of them: whoever writes rules would
 * otherwise ask by them for what is hidden. Samples are of records the asker may see.
 */
import type { CompiledEntity, CompiledField, CompiledModel } from '../model/index.ts'
import type { TenantConnection } from '../platform/index.ts'
import type { RecordContext } from '../records/index.ts'
import type { AuthoringParts, ChangeSet } from './change-set.ts'
import { countRecords } from './fill.ts'
import { SMALL_ENTITY } from './publish.ts'
import { type Finding, Findings, type Recopied } from './record-findings.ts'
import { scanEntity, watchOf } from './record-scan.ts'
import { sampleRecords, type Sample } from './samples.ts'
import { type StorageChanges, storageChanges } from './storage-changes.ts'
import { KEPT_DAYS } from './storage-jobs.ts'
import { seesWhole } from './whole-sight.ts'

/** The impact of a draft that holds together. */
export interface Impact {
  /** Records that would not be accepted as they are. They stay, and can not be saved again before they are mended. */
  readonly records: readonly (Omit<Finding, 'ids'> & { readonly count_kind: 'exact' | 'at_least'; readonly samples: readonly Sample[] })[]
  /** Values that are converted, and those of them that can not be: they read as empty. */
  readonly conversions: readonly {
    readonly entity: string
    readonly field: string
    readonly from: string
    readonly to: string
    readonly values: number
    readonly lost: number
    readonly samples: readonly Sample[]
  }[]
  /** Values of copying fields that are made anew, and those of them that are not what the field would copy today: what somebody wrote is lost. */
  readonly copies: readonly (Omit<Recopied, 'ids'> & { readonly samples: readonly Sample[] })[]
  /** Fields and entities that go away or become values that the engine makes, with the records that have a value there; null where the asker does not see all of them. */
  readonly removals: readonly {
    readonly entity: string
    readonly field: string | null
    readonly records: number | null
    readonly kept_days: number | null
  }[]
  /** Storage that is filled: at once for small entities, in the background for large ones; `rows` is null where the asker does not see all. */
  readonly storage: readonly {
    readonly entity: string
    readonly fields: readonly string[]
    /** Both null where the asker does not see all records: the second would tell of the first. */
    readonly rows: number | null
    readonly background: boolean | null
  }[]
  /** Entities whose records are concerned and were not looked at, because the asker does not see all of them. */
  readonly unseen: readonly string[]
}

/** Records looked at per entity; what is beyond is not counted. */
const MOST_SCANNED = 200_000
const COUNT_CAP = 1_000_000

/** Finds out the impact of a change set whose models both hold together. */
export async function findImpact(
  parts: AuthoringParts,
  ctx: RecordContext,
  set: ChangeSet,
  before: CompiledModel,
  after: CompiledModel,
): Promise<Impact> {
  const storage = storageChanges(before, after, set.live.numbers)
  const findings = new Findings()
  const next: RecordContext = { ...ctx, model: after, building: new Set() }
  const counted = await parts.database.readAs(ctx.caller.tenant.id, async connection => {
    let complete = true
    const unseen = new Set<string>()
    for (const entity of after.entities.values()) {
      const old = before.entitiesByNo.get(entity.no)
      const watch = old === undefined ? null : watchOf(next, old, entity, storage)
      if (old === undefined || watch === null) continue
      if (seesWhole(ctx.caller, before, old))
        complete = (await scanEntity(connection, next, before, watch, findings, MOST_SCANNED)) && complete
      else unseen.add(entity.key)
    }
    const removals = await findRemovals(connection, ctx, before, after)
    for (const removal of removals) if (removal.records === null) unseen.add(removal.entity)
    const sizes = await sizesOf(connection, ctx, before, after, storage)
    for (const size of sizes) if (size.rows === null) unseen.add(size.entity)
    return { complete, removals, storage: sizes, unseen: [...unseen] }
  })
  const samplesOf = (entity: string, field: string | null, ids: readonly string[]): Promise<Sample[]> =>
    sampleRecords(ctx, entity, field, ids)
  return {
    records: await Promise.all(
      findings.all().map(async ({ ids, ...finding }) => ({
        ...finding,
        count_kind: counted.complete ? ('exact' as const) : ('at_least' as const),
        samples: await samplesOf(finding.entity, finding.field, ids),
      })),
    ),
    conversions: await Promise.all(
      findings.conversions().map(async ({ ids, ...each }) => ({ ...each, samples: await samplesOf(each.entity, each.field, ids) })),
    ),
    copies: await Promise.all(
      findings.copies().map(async ({ ids, ...each }) => ({ ...each, samples: await samplesOf(each.entity, each.field, ids) })),
    ),
    removals: counted.removals,
    storage: counted.storage,
    unseen: counted.unseen,
  }
}

async function findRemovals(
  connection: TenantConnection,
  ctx: RecordContext,
  before: CompiledModel,
  after: CompiledModel,
): Promise<Impact['removals']> {
  const removals: Impact['removals'][number][] = []
  for (const old of before.entities.values()) {
    const entity = after.entitiesByNo.get(old.no)
    const gone = entity === undefined ? [] : [...old.fields.values()].filter(field => isRemoved(field, entity))
    if (entity !== undefined && gone.length === 0) continue
    const seen = seesWhole(ctx.caller, before, old)
    if (entity === undefined)
      removals.push({
        entity: old.key,
        field: null,
        records: seen ? await countRecords(connection, old.no, COUNT_CAP) : null,
        kept_days: null,
      })
    for (const field of gone)
      removals.push({
        entity: old.key,
        field: field.key,
        records: seen ? await countValues(connection, field) : null,
        kept_days: KEPT_DAYS,
      })
  }
  return removals
}

function isRemoved(field: CompiledField, entity: CompiledEntity): boolean {
  if (field.no === null || field.derivation?.kind === 'base' || field.storage.kind === 'elsewhere') return false
  const next = entity.fields.get(field.key)
  // Given values are not converted to computed ones: they go.
  return next === undefined || (next.no !== field.no && field.derivation === null && next.derivation !== null)
}

async function countValues(connection: TenantConnection, field: CompiledField): Promise<number> {
  const { storage } = field
  const [row] = await connection.run<{ n: string }>(
    storage.kind === 'links'
      ? {
          text: 'select count(distinct from_id) as n from nexus.record_link where tenant_id = $1 and relation_no = $2',
          values: [connection.tenantId, storage.relationNo],
        }
      : {
          text: 'select count(*) as n from nexus.record where tenant_id = $1 and entity_no = $2 and data ? $3::text',
          values: [connection.tenantId, field.entityNo, field.no],
        },
  )
  return Number(row?.n ?? 0)
}

async function sizesOf(
  connection: TenantConnection,
  ctx: RecordContext,
  before: CompiledModel,
  model: CompiledModel,
  { passes }: StorageChanges,
): Promise<Impact['storage']> {
  const sizes: Impact['storage'][number][] = []
  for (const pass of passes) {
    const entity = model.entitiesByNo.get(pass.entityNo)
    const filled = pass.fields.filter(field => !field.fresh)
    if (entity === undefined || filled.length === 0) continue
    const fields = filled.flatMap(field => entity.fieldsByNo.get(String(field.no))?.key ?? [])
    const old = before.entitiesByNo.get(pass.entityNo)
    if (old !== undefined && !seesWhole(ctx.caller, before, old)) {
      sizes.push({ entity: entity.key, fields, rows: null, background: null })
      continue
    }
    const rows = await countRecords(connection, pass.entityNo, COUNT_CAP)
    if (rows > 0) sizes.push({ entity: entity.key, fields, rows, background: rows > SMALL_ENTITY })
  }
  return sizes
}
