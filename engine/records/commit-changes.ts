/**
 * Writes prepared changes inside the caller's transaction: references, rows, satellites, lines, the row filter on the new values,
 * history, audit, events, derived parents. Either everything here is committed or nothing.
 */
import { accessErrors } from '../access/index.ts'
import type { CompiledEntity } from '../model/types.ts'
import { bindingOf, conditionOf, referenceSeen, type View } from '../plan/index.ts'
import type { Condition } from '../plan/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { type ProbeRow, renderInsert, renderProbe, renderReferences, renderUpdate } from '../sql/index.ts'
import { fieldProblem, HISTORY_FIELDS, validateErrors } from '../validate/index.ts'
import { recordErrors } from './errors.ts'
import { finishJournal, Journal } from './journal.ts'
import { termConditions } from './load-states.ts'
import { environmentOf } from './moment.ts'
import { ItemFailures, type PreparedChange } from './prepared.ts'
import { storedRowOf } from './record-state.ts'
import { trashRecords } from './trash.ts'
import { writeSatellites } from './write-satellites.ts'
import { writeTree } from './write-tree.ts'
import type { RecordContext } from './types.ts'

/** Commits changes of one entity with their lines and everything that follows from them. */
export async function commitChanges(connection: TenantConnection, ctx: RecordContext, changes: readonly PreparedChange[]): Promise<void> {
  const journal = new Journal()
  await applyChanges(connection, ctx, changes, journal)
  await finishJournal(connection, ctx, journal)
}

async function applyChanges(connection: TenantConnection, ctx: RecordContext, changes: readonly PreparedChange[], journal: Journal): Promise<void> {
  const first = changes[0]
  if (first === undefined) return
  const { entity } = first.grant
  await requireReferences(connection, ctx, changes)
  await writeRows(connection, ctx, entity, changes)
  await writeTree(connection, ctx, entity, changes)
  await writeSatellites(connection, ctx, entity, changes, environmentOf(ctx))
  for (const lines of changes.flatMap(change => change.lines)) {
    if (lines.deletes.length > 0) await trashRecords(connection, ctx, lines.grant.entity, lines.deletes, journal)
    await applyChanges(connection, ctx, lines.changes, journal)
  }
  await requireResult(connection, ctx, changes)
  for (const change of changes) journal.note(entity, change.op, change.id, change.op === 'create' ? 1 : (change.before?.version ?? 0) + 1, change.before?.values ?? null, change.values, [...HISTORY_FIELDS].some(key => change.given.has(key)))
}

async function writeRows(connection: TenantConnection, ctx: RecordContext, entity: CompiledEntity, changes: readonly PreparedChange[]): Promise<void> {
  const creates = changes.filter(change => change.op === 'create')
  const updates = changes.filter(change => change.op === 'update')
  const row = (change: PreparedChange): ReturnType<typeof storedRowOf> => storedRowOf(entity, { id: change.id, version: change.before?.version ?? 1, rest: change.rest }, change.values)
  if (creates.length > 0) await connection.execute(renderInsert(ctx.caller.tenant.id, entity, creates.map(row)))
  if (updates.length === 0) return
  const done = await connection.run<{ id: string }>(renderUpdate(ctx.caller.tenant.id, entity, updates.map(row)))
  if (done.length === updates.length) return
  const reached = new Set(done.map(each => each.id))
  throw new ItemFailures(new Map(updates.filter(change => !reached.has(change.id)).map(change => [change.id, recordErrors.CHANGED_MEANWHILE({})])))
}

/** Every record pointed at is live, visible to the caller, and fulfils the reference's own condition; it stays so until the commit. */
async function requireReferences(connection: TenantConnection, ctx: RecordContext, changes: readonly PreparedChange[]): Promise<void> {
  const failures = new Map<string, Error>()
  const wanted = new Map<string, { change: PreparedChange; reference: PreparedChange['references'][number] }[]>()
  for (const change of changes) {
    for (const reference of change.references) {
      const perRecord = reference.field.referenceFilter !== null
      const key = `${reference.field.key}/${reference.trusted}/${perRecord ? change.id : ''}`
      wanted.set(key, [...(wanted.get(key) ?? []), { change, reference }])
    }
  }
  for (const group of wanted.values()) {
    const [head] = group
    const target = head === undefined ? undefined : ctx.model.entities.get(head.reference.field.target ?? '')
    if (head === undefined || target === undefined) continue
    const ids = [...new Set(group.flatMap(each => each.reference.ids))]
    const rows = await connection.run<{ id: string }>(renderReferences(ctx.caller.tenant.id, target, ids, referenceCondition(ctx, head.change, head.reference)))
    const good = new Set(rows.map(row => row.id))
    for (const { change, reference } of group) {
      if (reference.ids.every(id => good.has(id))) continue
      const problem = fieldProblem(reference.field, 'REFERENCE', reference.pointer, ctx.caller.locale)
      failures.set(change.id, validateErrors.FAILED({ count: 1 }, { errors: [problem] }))
    }
  }
  if (failures.size > 0) throw new ItemFailures(failures)
}

function referenceCondition(ctx: RecordContext, change: PreparedChange, reference: PreparedChange['references'][number]): Condition {
  const binding = bindingOf(ctx)
  const view: View = { model: ctx.model, binding, entity: change.grant.entity, grant: change.grant }
  const seen = reference.trusted ? null : referenceSeen(view, reference.field)
  const target = ctx.model.entities.get(reference.field.target ?? '')
  const filter = reference.field.referenceFilter === null || target === undefined || reference.trusted
    ? null
    : conditionOf({ model: ctx.model, binding: { ...binding, env: { ...binding.env, record: change.values } }, entity: target, grant: null }, reference.field.referenceFilter)
  const parts = [seen?.where, filter].filter(each => each !== undefined && each !== null)
  return parts.length === 0 ? { kind: 'true' } : { kind: 'all', of: parts }
}

/** The row filter on the new values, and rules that look at other records: asked of the database after the write, before the commit. */
async function requireResult(connection: TenantConnection, ctx: RecordContext, changes: readonly PreparedChange[]): Promise<void> {
  for (const op of ['create', 'update'] as const) {
    const group = changes.filter(change => change.op === op)
    const [head] = group
    if (head === undefined) continue
    const terms = termConditions(ctx, head.grant, op)
    const tests = new Map<string, Condition>()
    const view: View = { model: ctx.model, binding: bindingOf(ctx), entity: head.grant.entity, grant: null }
    for (const change of group) {
      for (const test of [...change.open.map(each => each.test), ...change.openTermChecks.values()]) tests.set(JSON.stringify(test), conditionOf(view, test))
    }
    if (tests.size === 0 && terms.every(each => each.kind === 'true')) continue
    const order = [...tests.keys()]
    const rows = await connection.run<ProbeRow>(renderProbe(ctx.caller.tenant.id, head.grant.entity, group.map(change => change.id), [...terms, ...tests.values()], []))
    const bits = new Map(rows.map(row => [row.id, row.bits.map(bit => bit === true)]))
    const failures = new Map<string, Error>()
    for (const change of group) {
      const answers = bits.get(change.id) ?? []
      const holds = (test: unknown): boolean => answers[terms.length + order.indexOf(JSON.stringify(test))] === true
      const failure = judge(change, op, answers, holds)
      if (failure !== null) failures.set(change.id, failure)
    }
    if (failures.size > 0) throw new ItemFailures(failures)
  }
}

function judge(change: PreparedChange, op: 'create' | 'update', answers: readonly boolean[], holds: (test: unknown) => boolean): Error | null {
  const label = change.grant.entity.labels['en'] ?? change.grant.entity.key
  const broken = change.open.filter(each => each.severity === 'error' && !holds(each.test)).map(each => each.problem)
  if (broken.length > 0) return validateErrors.FAILED({ count: broken.length }, { errors: broken })
  const bit = (profile: string, offset: 0 | 1): boolean => answers[change.grant.terms.findIndex(term => term.profile === profile) * 2 + offset] === true
  const acting = change.acting.filter(term => {
    const check = change.openTermChecks.get(term.profile)
    return check === undefined || holds(check)
  })
  if (acting.length === 0) return accessErrors.VALUES_FORBIDDEN({ label })
  const allowed = acting.filter(term => (op === 'create' ? bit(term.profile, 1) && bit(term.profile, 0) : bit(term.profile, 0)) || term.handover)
  if (allowed.length === 0) return accessErrors.RESULT_FORBIDDEN({ label })
  const uncovered = [...change.given].some(key => {
    if (HISTORY_FIELDS.has(key)) return false
    const field = change.grant.entity.fields.get(key)
    return field !== undefined && !allowed.some(term => ['write', 'create'].includes(term.rights.get(key)?.right ?? 'none'))
  })
  return uncovered ? accessErrors.RESULT_FORBIDDEN({ label }) : null
}
