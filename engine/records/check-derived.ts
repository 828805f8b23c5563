/**
 * Checks that whatever is kept of a record besides what people entered is what a computation from scratch gives: rollups, formulas,
 * converted amounts, slots, unique values, single values, ancestors, search text; and that references lead somewhere and no version is
 * missing from the history. Reads only; what a writer is in the middle of is looked at twice before it is told.
 */
import type { CompiledEntity } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { checks } from '../sql/index.ts'
import { isEmpty, same } from '../validate/index.ts'
import { findingsBeside } from './check-beside.ts'
import { computeDrafts, type Draft, emptyRollup, type Spending } from './compute-record.ts'
import type { Finding } from './finding.ts'
import { loadRates } from './exchange-rates.ts'
import { countRollup } from './count-rollups.ts'
import { nextIds, readRecords, type ScannedRecord } from './scan-records.ts'
import { plainSources } from './sources.ts'
import type { RecordContext } from './types.ts'

export type { Finding } from './finding.ts'

/** A check is nobody's request: what there was no time for would look like a wrong value. */
const UNHURRIED: Spending = { timeoutMs: 1_000, allowance: 60_000, patienceMs: 60_000 }

/** Records looked at in one go. */
const AT_ONCE = 500

/** Everything that is wrong with the records of an entity, the first `limit` findings. */
export async function checkDerived(ctx: RecordContext, entity: CompiledEntity, limit = 100): Promise<Finding[]> {
  const findings: Finding[] = []
  for (let after: string | null = null; findings.length < limit; ) {
    const ids: string[] = await ctx.db.readAs(ctx.caller.tenant.id, connection => nextIds(connection, entity.no, after, AT_ONCE))
    findings.push(...(await checkRecords(ctx, entity, ids)))
    if (ids.length < AT_ONCE) break
    after = ids.at(-1) ?? null
  }
  return findings.slice(0, limit)
}

/** What is wrong with these records. */
export async function checkRecords(ctx: RecordContext, entity: CompiledEntity, ids: readonly string[]): Promise<Finding[]> {
  const look = (some: readonly string[]): Promise<Finding[]> =>
    ctx.db.readAs(ctx.caller.tenant.id, connection => lookAt(connection, ctx, entity, some))
  const first = await look(ids)
  if (first.length === 0) return []
  const again = await look([...new Set(first.map(each => each.id))])
  return again.filter(finding => first.some(each => each.id === finding.id && each.kind === finding.kind && each.place === finding.place))
}

async function lookAt(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  ids: readonly string[],
): Promise<Finding[]> {
  if (ids.length === 0) return []
  const records = await readRecords(connection, entity, ids)
  return [
    ...(await findingsOfRollups(connection, ctx, entity, records)),
    ...(await findingsOfComputed(connection, ctx, entity, records)),
    ...(await findingsInSql(connection, ctx, entity, ids)),
    ...(await findingsBeside(connection, ctx, entity, records)),
  ]
}

async function findingsOfRollups(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  records: readonly ScannedRecord[],
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const field of entity.fields.values()) {
    if (field.derivation?.kind !== 'rollup' || field.building === true) continue
    const counted = await countRollup(
      connection,
      ctx,
      entity,
      field.key,
      records.map(record => record.id),
    )
    for (const { id, values } of records) {
      const expected = counted.get(id) ?? emptyRollup(field)
      if (!same(values[field.key], expected))
        findings.push({ entity: entity.key, id, kind: 'rollup', place: field.key, stored: values[field.key] ?? null, expected })
    }
  }
  return findings
}

/** Formulas and converted amounts; an amount also differs where its rate was entered or corrected later. */
async function findingsOfComputed(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  records: readonly ScannedRecord[],
): Promise<Finding[]> {
  const keys = entity.computeOrder.filter(key => entity.fields.get(key)?.derivation?.kind !== 'lookup')
  if (keys.length === 0) return []
  const drafts = records.map(
    ({ values }): Draft => ({ values: { ...values }, before: values, given: new Set(), pointer: '', problems: [] }),
  )
  await computeDrafts(entity, drafts, { ...plainSources(ctx), rates: await loadRates(connection, ctx.model) }, { spending: UNHURRIED })
  return records.flatMap(({ id, values }, index) =>
    keys.flatMap((key): Finding[] => {
      const expected = drafts[index]?.values[key]
      const kind = entity.fields.get(key)?.derivation?.kind === 'base' ? 'base' : 'formula'
      return same(values[key], expected)
        ? []
        : [{ entity: entity.key, id, kind, place: key, stored: values[key] ?? null, expected: expected ?? null }]
    }),
  )
}

/** What the database compares by itself. */
async function findingsInSql(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  ids: readonly string[],
): Promise<Finding[]> {
  const { tenantId } = connection
  const slots = checks.renderSlotCheck(tenantId, entity, ids)
  const wrongSlots =
    slots === null ? [] : await connection.run<{ id: string; field_key: string; stored: string | null; expected: string | null }>(slots)
  const histories = await connection.run<{ id: string; version: number; versions: number }>(
    checks.renderHistoryCheck(tenantId, entity, ids),
  )
  const findings: Finding[] = [
    ...wrongSlots.map(
      (row): Finding => ({
        entity: entity.key,
        id: row.id,
        kind: 'slot',
        place: row.field_key,
        stored: row.stored,
        expected: row.expected,
      }),
    ),
    ...histories.flatMap((row): Finding[] =>
      row.version === row.versions
        ? []
        : [{ entity: entity.key, id: row.id, kind: 'history', place: 'version', stored: row.versions, expected: row.version }],
    ),
  ]
  for (const field of entity.fields.values()) {
    const target =
      field.kind !== 'id' || field.target === null || field.derivation !== null ? undefined : ctx.model.entities.get(field.target)
    if (target === undefined || field.key === 'created_by' || field.key === 'updated_by') continue
    const rows = await connection.run<{ id: string; target: string }>(checks.renderDanglingCheck(tenantId, entity, field, target, ids))
    findings.push(
      ...rows.map(
        (row): Finding => ({ entity: entity.key, id: row.id, kind: 'reference', place: field.key, stored: row.target, expected: null }),
      ),
    )
  }
  return findings.filter(finding => !isEmpty(finding.stored) || !isEmpty(finding.expected))
}
