/**
 * Makes the draft the live model: compiled first, then one transaction between two writes of the tenant — revision, pointer, storage, audit, event.
 * Whoever wrote before it wrote by the old model, whoever writes after it by the new one; nobody in between.
 */
import type { Change, Problem } from '../../metadata/index.ts'
import { said, words } from '../../metadata/said.ts'
import { append as appendAudit } from '../audit/index.ts'
import { lockTenantAlone, requireAdministratorLeft, requireCurrentEpochs } from '../identity/index.ts'
import type { Assembled, CompiledModel } from '../model/index.ts'
import { markBuilding } from '../model/index.ts'
import { append as appendEvents } from '../outbox/index.ts'
import { SqlFailure, type TenantConnection } from '../platform/index.ts'
import type { Envelope, RecordContext } from '../records/index.ts'
import { refillsOfUnready } from './refills.ts'
import { requireAuthority, requireWithinReach } from './authority.ts'
import { type AuthoringParts, type ChangeSet, loadChangeSet, readBoth } from './change-set.ts'
import { forgetRows } from './draft-store.ts'
import { authoringErrors } from './errors.ts'
import { countRecords, fillTree, fillWhole, isSlotUsed } from './fill.ts'
import { changesOf } from './read-draft.ts'
import { type FillPass, type StorageChanges, storageChanges } from './storage-changes.ts'
import { leaveFilling, leavePurging, noteReady } from './storage-jobs.ts'
import { FormulaStopped, spendingOf, tryFormulas } from './try-formulas.ts'
import { forgetPrefilled, type Prefilled, prefill, type RuleWork, settle, takeWhole, UniqueConflict } from './unique-rules.ts'

/** What a publish answers. */
export interface Published {
  readonly revision: number
  /** Fields of large entities that can not be filtered, sorted or searched yet, as `<entity>.<field>`. */
  readonly building: readonly string[]
  /** The job that fills them. */
  readonly job_id: string | null
}

/** Records of entities up to this size are brought along inside the publish: 2,000 rows take some 50 ms, during which the tenant's writers wait. */
export const SMALL_ENTITY = 2_000
/** Records brought along inside one publish, over all entities: a transaction lives 5 s at most. */
const MOST_INSIDE = 10_000
/** Records whose values a changed unique rule takes again while writers wait. */
const MOST_RETAKEN = 20_000
/** Beyond this a count is only said to be at least as large. */
const COUNT_CAP = 1_000_000
/** A publish waits this long for running writes, and new ones wait behind it: shorter than their own patience. */
const LOCK_MS = 1_000
const ATTEMPTS = 8

/** Publishes the draft. Throws AUTHORING_NOTHING_TO_PUBLISH, _DRAFT_BROKEN, _DRAFT_MOVED, _MORE_THAN_HELD, _BUSY, ACCESS_CAPABILITY_MISSING; then nothing has changed. */
export async function publishDraft(
  parts: AuthoringParts,
  ctx: RecordContext,
  note: string,
  envelope: Envelope<Published> = {},
): Promise<Published> {
  const plan = await planPublish(parts, ctx)
  let prefilled: readonly Prefilled[] = []
  try {
    if (plan !== null) await tryFormulas(parts, plan.next, plan.storage.passes)
    prefilled = plan === null ? [] : await prefillRules(parts, plan)
    const published = await underLock(parts, ctx, envelope, connection => {
      if (plan === null) throw authoringErrors.NOTHING_TO_PUBLISH({})
      return commit(connection, parts, ctx, plan, prefilled, note)
    })
    parts.models.forget(ctx.caller.tenant.id)
    return published
  } catch (error) {
    for (const each of prefilled) await forgetPrefilled(parts.database, ctx.caller.tenant.id, each.work)
    if (error instanceof FormulaStopped) throw broken([error.problem])
    throw error instanceof UniqueConflict ? broken(error.problems) : error
  }
}

/** Everything that could be found out before the transaction. */
interface Plan {
  readonly set: ChangeSet
  readonly changes: readonly Change[]
  readonly storage: StorageChanges
  /** The context of the new model, with every field that has yet to be filled marked. */
  readonly next: RecordContext
  /** Records per entity number, as of a moment ago. */
  readonly sizes: ReadonlyMap<number, number>
  readonly rules: readonly RuleWork[]
}

/** Compiles the draft and counts what follows; null for a draft that changes nothing. */
async function planPublish(parts: AuthoringParts, ctx: RecordContext): Promise<Plan | null> {
  const set = await loadChangeSet(parts, ctx.caller.tenant.id)
  const { before, after } = set
  if (after.model === null) throw broken(after.problems)
  const changes = changesOf(set)
  if (set.rows.length === 0 || changes.length === 0) return null
  if (before.model === null) throw authoringErrors.DRAFT_MOVED({})
  requireAuthority(ctx.caller, before.model, after.model, changes)
  requireWithinReach(ctx.caller, before.model, after.model, set.live.numbers)
  const storage = storageChanges(before.model, after.model, set.live.numbers)
  const { building } = await parts.models.current(ctx.caller.tenant.id)
  const entityNos = [...storage.passes, ...storage.uniques].map(each => each.entityNo)
  const sizes = await parts.database.readAs(ctx.caller.tenant.id, async connection => {
    const counted = new Map<number, number>()
    for (const no of new Set(entityNos)) counted.set(no, await countRecords(connection, no, COUNT_CAP))
    return counted
  })
  const { later } = divide(storage.passes, sizes)
  const early = [
    ...conversionsOfUnready(before.model, building, storage),
    ...refillsOfUnready(after.model, building, storage),
    ...rightsOnUnready(after.model, later),
  ]
  if (early.length > 0) throw broken(early)
  const rules = rulesOf(after.model, storage)
  const tooMany = rules.flatMap(({ entity, rules: own }) =>
    own
      .filter(rule => (sizes.get(entity.no) ?? 0) > MOST_RETAKEN && !storage.uniques.some(each => each.ruleNo === rule.no && each.isNew))
      .map(rule => changedRule(entity.key, entity.uniques.indexOf(rule))),
  )
  if (tooMany.length > 0) throw broken(tooMany)
  const marked = markBuilding(
    after.model,
    storage.passes.flatMap(pass => pass.fields.map(field => ({ entityNo: pass.entityNo, fieldNo: field.no }))),
  )
  return { set, changes, storage, sizes, rules, next: { ...ctx, ...marked, revision: set.live.revision + 1 } }
}

function rulesOf(model: CompiledModel, storage: StorageChanges): RuleWork[] {
  const nos = [...new Set(storage.uniques.map(each => each.entityNo))]
  return nos.flatMap(no => {
    const entity = model.entitiesByNo.get(no)
    if (entity === undefined) return []
    const rules = entity.uniques.filter(rule => storage.uniques.some(each => each.entityNo === no && each.ruleNo === rule.no))
    return [{ entity, rules, passes: storage.passes.filter(pass => pass.entityNo === no) }]
  })
}

/** Rules of entities too large to be looked at inside: the values are taken before, in the open. */
async function prefillRules(parts: AuthoringParts, { rules, sizes, next, storage }: Plan): Promise<Prefilled[]> {
  const done: Prefilled[] = []
  const isNew = (no: number): boolean => storage.uniques.some(each => each.ruleNo === no && each.isNew)
  try {
    for (const work of rules) {
      const isLarge = (sizes.get(work.entity.no) ?? 0) > SMALL_ENTITY
      // Values of a rule that is live already must not be touched before the publish.
      if (isLarge && work.rules.every(rule => isNew(rule.no))) done.push(await prefill(parts.database, next, work))
    }
    return done
  } catch (error) {
    for (const each of done) await forgetPrefilled(parts.database, next.caller.tenant.id, each.work)
    throw error
  }
}

async function commit(
  connection: TenantConnection,
  parts: AuthoringParts,
  ctx: RecordContext,
  plan: Plan,
  prefilled: readonly Prefilled[],
  note: string,
): Promise<Published> {
  const { set, storage, sizes, next, changes } = plan
  await requireUnmoved(connection, parts, set)
  for (const each of prefilled) await settle(connection, next, each)
  for (const work of plan.rules) if (!prefilled.some(each => each.work === work)) await takeWhole(connection, next, work)
  const numbers = set.after.numbers
  await connection.execute({
    text: `insert into nexus.revision (tenant_id, revision, note, created_at, created_by, packs, overlay, numbers, diff) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [
      connection.tenantId,
      next.revision,
      note,
      ctx.now,
      ctx.caller.userId,
      ...[set.content.packs, set.content.overlay, numbers, changes].map(each => JSON.stringify(each)),
    ],
  })
  await connection.execute({ text: 'update nexus.tenant set revision = $2 where id = $1', values: [connection.tenantId, next.revision] })
  for (const tree of storage.trees) await fillTree(connection, tree.entityNo, tree.fieldNo)
  const { inside, later } = divide(await neededPasses(connection, storage.passes, set.after), sizes)
  const spending = spendingOf(next.model)
  for (const pass of inside) await fillWhole(connection, next, pass, spending)
  await noteReady(connection, next.model, inside)
  const jobId = later.length === 0 ? null : await leaveFilling(connection, ctx, later, sizes)
  await leavePurging(connection, ctx, set.live.numbers, numbers)
  await forgetRows(connection)
  if (changes.some(change => change.kind === 'role')) await requireAdministratorLeft(connection, next)
  const documents = [...new Set(changes.map(change => `${change.kind}/${change.key}`))]
  await appendAudit(connection, ctx, { action: 'model.published', details: { revision: next.revision, note, documents } })
  await appendEvents(connection, next, {
    type: 'model.published',
    data: { revision: next.revision, previous: set.live.revision, documents },
  })
  const building = markBuilding(
    next.model,
    later.flatMap(pass => pass.fields.map(field => ({ entityNo: pass.entityNo, fieldNo: field.no }))),
  ).building
  return { revision: next.revision, building: [...building].filter(name => !name.endsWith('_base')).sort(), job_id: jobId }
}

/** The live revision and the draft are still those that were compiled. */
async function requireUnmoved(connection: TenantConnection, parts: AuthoringParts, set: ChangeSet): Promise<void> {
  const now = await readBoth(parts.models, connection)
  const versionsOf = (rows: ChangeSet['rows']): string => JSON.stringify(rows.map(row => [row.kind, row.key, row.version]))
  if (now.live.revision !== set.live.revision || versionsOf(now.rows) !== versionsOf(set.rows)) throw authoringErrors.DRAFT_MOVED({})
}

/** Passes without the fresh fields whose slots are clean. */
async function neededPasses(connection: TenantConnection, passes: readonly FillPass[], { model }: Assembled): Promise<FillPass[]> {
  const needed: FillPass[] = []
  for (const pass of passes) {
    const fields: FillPass['fields'][number][] = []
    for (const field of pass.fields) {
      const storage = model?.entitiesByNo.get(pass.entityNo)?.fieldsByNo.get(String(field.no))?.storage
      const clean = field.fresh && storage?.kind === 'slot' && !(await isSlotUsed(connection, pass.entityNo, storage.column))
      if (!clean) fields.push(field)
    }
    if (fields.length > 0) needed.push({ ...pass, fields })
  }
  return needed
}

/** Small entities are filled inside; a pass that reads what a later one writes waits with it. */
function divide(passes: readonly FillPass[], sizes: ReadonlyMap<number, number>): { inside: FillPass[]; later: FillPass[] } {
  const inside: FillPass[] = []
  const later: FillPass[] = []
  let rows = 0
  for (const pass of passes) {
    const size = sizes.get(pass.entityNo) ?? 0
    const waits = later.some(each => each.level < pass.level)
    const fits = size <= SMALL_ENTITY && rows + size <= MOST_INSIDE
    if (!waits && fits) inside.push(pass)
    else later.push(pass)
    rows += !waits && fits ? size : 0
  }
  return { inside, later }
}

/** Runs the work with no other writer of the tenant at work, as the caller stands then; tries again while writes take long. */
async function underLock(
  parts: AuthoringParts,
  ctx: RecordContext,
  envelope: Envelope<Published>,
  work: (connection: TenantConnection) => Promise<Published>,
): Promise<Published> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await parts.database.writeAs(ctx.caller.tenant.id, async connection => {
        await connection.execute({ text: `set local lock_timeout = ${LOCK_MS}`, values: [] })
        await lockTenantAlone(connection)
        await requireCurrentEpochs(connection, ctx.caller)
        return envelope.around === undefined ? work(connection) : envelope.around(connection, () => work(connection))
      })
    } catch (error) {
      const isHeld = error instanceof SqlFailure && (error.kind === 'lock_timeout' || error.kind === 'serialization')
      if (!isHeld) throw error
      if (attempt >= ATTEMPTS) throw authoringErrors.BUSY({}, { cause: error, headers: { 'retry-after': '2' } })
    }
  }
}

/** A field that is still being converted can not be converted again: half of its values stand under the number before. */
function conversionsOfUnready(before: CompiledModel, building: ReadonlySet<string>, storage: StorageChanges): Problem[] {
  return storage.passes.flatMap(pass =>
    pass.fields.flatMap(({ from }): Problem[] => {
      const former = from === null ? undefined : before.entitiesByNo.get(pass.entityNo)?.fieldsByNo.get(String(from.no))
      if (former === undefined || !building.has(`${former.entity}.${former.key}`)) return []
      const message = words('The values of “{field}” are still being prepared; its type can be changed when that is done.', {
        field: former.key,
      })
      return [
        said(
          {
            document: { kind: 'entity', key: former.entity },
            pointer: '/fields',
            code: 'MODEL_FIELD_BUILDING',
            params: { field: former.key },
          },
          message,
        ),
      ]
    }),
  )
}

/** While values are still being converted or computed they read as empty; a row rule that stands on them would open or close the wrong records. */
function rightsOnUnready(model: CompiledModel, later: readonly FillPass[]): Problem[] {
  const unready = later.flatMap(pass =>
    pass.fields
      .filter(field => field.from !== null || field.compute)
      .map(field => model.entitiesByNo.get(pass.entityNo)?.fieldsByNo.get(String(field.no))?.key ?? ''),
  )
  return [...model.profiles.values()].flatMap(({ key, definition }) =>
    Object.entries(definition.entities).flatMap(([entity, { rows, check }]) => {
      const field = unready.find(each => JSON.stringify([rows, check]).includes(`"${each}"`))
      if (field === undefined) return []
      const message = words('The values of “{field}” will take a while to prepare, and rights stand on them here.', { field })
      const hint = words('Publish the change of the field without the rule first, the rule when the field is ready.')
      return [
        said(
          {
            document: { kind: 'access_profile', key },
            pointer: `/entities/${entity}/rows`,
            code: 'MODEL_FIELD_BUILDING',
            params: { field },
          },
          message,
          hint,
        ),
      ]
    }),
  )
}

function changedRule(entity: string, index: number): Problem {
  return said(
    { document: { kind: 'entity', key: entity }, pointer: `/unique/${index}`, code: 'MODEL_UNIQUE_CHANGED' },
    words('There are too many records to change this rule at once.'),
    words('Write it as a new rule under another key and drop this one.'),
  )
}

function broken(problems: readonly Problem[]): ReturnType<typeof authoringErrors.DRAFT_BROKEN> {
  return authoringErrors.DRAFT_BROKEN({ count: problems.length }, { errors: problems })
}
