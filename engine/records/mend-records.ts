/**
 * Makes anew what is kept of records besides what people entered, where a check finds it to be wrong: computed values, slots, unique and
 * single values, ancestors, search text. What people entered is taken for true; neither version nor time of change nor history moves.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { append } from '../audit/index.ts'
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import { SqlFailure } from '../platform/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { checks, renderProbe, satellites } from '../sql/index.ts'
import { checkRecords } from './check-derived.ts'
import { type FieldWork, fillRecords } from './fill-records.ts'
import { forgetUniques, takeUniques, uniqueValuesOf } from './fill-uniques.ts'
import type { Finding } from './finding.ts'
import { readRecords } from './scan-records.ts'
import type { RecordContext } from './types.ts'
import { writeTransaction } from './write-transaction.ts'
import { lockTree } from './write-tree.ts'

/** What became of the findings: what is right now, and what is not and why it can not be made so from the record itself. */
export interface Mended {
  readonly mended: readonly Finding[]
  readonly left: readonly Finding[]
}

const COMPUTED: ReadonlySet<Finding['kind']> = new Set(['rollup', 'formula', 'base'])
/** A reference to nothing and a version that nobody wrote down are not in the record. */
const NOT_IN_IT: ReadonlySet<Finding['kind']> = new Set(['reference', 'history'])

/** It gives up on a locked record before a writer would have to, and tries again a little later. */
const LOCK_MS = 400
const TRIES = 5
const PAUSE_MS = 300
const YIELDING: ReadonlySet<SqlFailure['kind']> = new Set(['lock_timeout', 'serialization'])

/** Mends these records, in one transaction that the audit tells of. Errors: IDENTITY_STALE, SQL_*. */
export async function mendRecords(ctx: RecordContext, entity: CompiledEntity, ids: readonly string[]): Promise<Mended> {
  const found = await checkRecords(ctx, entity, ids)
  const wrong = found.filter(each => !NOT_IN_IT.has(each.kind))
  if (wrong.length === 0) return { mended: [], left: found }
  for (let tries = 1; ; tries++) {
    try {
      await writeTransaction(ctx, {}, connection => makeAnew(connection, ctx, entity, wrong))
      break
    } catch (error) {
      // Who enters something goes first.
      if (tries >= TRIES || !(error instanceof SqlFailure) || !YIELDING.has(error.kind)) throw error
      await sleep(PAUSE_MS * tries)
    }
  }
  const left = await checkRecords(ctx, entity, [...new Set(found.map(each => each.id))])
  const names = new Set(left.map(nameOf))
  return { mended: found.filter(each => !names.has(nameOf(each))), left }
}

async function makeAnew(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  wrong: readonly Finding[],
): Promise<void> {
  const ids = [...new Set(wrong.map(each => each.id))].sort()
  await connection.execute({ text: `set local lock_timeout = ${LOCK_MS}`, values: [] })
  // Whoever is at one of them has done with it, and nobody is at one of them until the end: what is read now holds.
  await connection.run(renderProbe(connection.tenantId, entity, ids, [], [], 'update'))
  const work = workOf(entity, wrong)
  if (work.length > 0) await fillRecords(connection, ctx, entity, ids, work)
  if (wrong.some(each => each.kind === 'unique' || COMPUTED.has(each.kind))) await retakeUniques(connection, ctx, entity, ids)
  const moved = wrong.filter(each => each.kind === 'ancestor').map(each => each.id)
  await replaceAncestors(connection, entity, moved)
  const fields = [...new Set(wrong.map(each => each.place))].filter(key => entity.fields.has(key)).sort()
  await append(connection, ctx, { action: 'record.mended', entity: entity.key, details: { records: ids.length, fields } })
}

/** What is computed of what is computed is made anew with it. */
function workOf(entity: CompiledEntity, wrong: readonly Finding[]): FieldWork[] {
  const isComputing = wrong.some(each => COMPUTED.has(each.kind))
  const counted = new Set(wrong.filter(each => each.kind === 'rollup').map(each => each.place))
  return [...entity.fields.values()].flatMap((field): FieldWork[] => {
    const compute = isComputing && (counted.has(field.key) || isFormula(entity, field))
    const kinds = new Set(wrong.filter(each => each.place === field.key).map(each => each.kind))
    const work = {
      field,
      from: null,
      compute,
      default: false,
      slot: kinds.has('slot'),
      values: kinds.has('value') || (compute && field.storage.kind === 'values'),
      search: kinds.has('search') || (compute && field.searchable),
    }
    return work.compute || work.slot || work.values || work.search ? [work] : []
  })
}

function isFormula(entity: CompiledEntity, { key, derivation }: CompiledField): boolean {
  return entity.computeOrder.includes(key) && derivation?.kind !== 'lookup' && derivation?.kind !== 'rollup'
}

/** What another record holds by right stays with it. */
async function retakeUniques(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  ids: readonly string[],
): Promise<void> {
  const live = (await readRecords(connection, entity, ids)).filter(record => !record.deleted)
  const rules = entity.uniques.map(rule => rule.no)
  await forgetUniques(connection, entity.no, rules, ids)
  await takeUniques(connection, uniqueValuesOf(ctx, entity, entity.uniques, live))
}

async function replaceAncestors(connection: TenantConnection, entity: CompiledEntity, ids: readonly string[]): Promise<void> {
  const parent = entity.fields.get(entity.parentField ?? '')
  if (parent === undefined || ids.length === 0) return
  const { tenantId } = connection
  const no = Number(parent.no)
  await lockTree(connection, entity)
  const above = await connection.run<{ id: string; ancestor: string }>(checks.renderAncestors(tenantId, entity, parent, ids))
  await connection.execute(satellites.renderForgetValues(tenantId, entity.no, ids, [no]))
  const rows = above.map(({ id, ancestor }) => ({ entity_no: entity.no, field_no: no, value: ancestor, id }))
  await connection.execute(satellites.renderAddValues(tenantId, rows))
}

function nameOf({ id, kind, place, stored, expected }: Finding): string {
  return JSON.stringify([
    id,
    kind,
    place,
    kind === 'unique' || kind === 'value' || kind === 'search' || kind === 'ancestor' ? [stored, expected] : null,
  ])
}
