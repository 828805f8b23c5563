/**
 * Makes a second world different in everything a caller must not see, and in nothing else: every hidden field of every row he sees, every row
 * he does not see (changed, gone, or more of them), every row of the other tenant. Written past the engine's door, so that no version and no
 * time moves. Fields that his own row rules look at stay: they decide what is hidden.
 */
import type { Test } from '../../../metadata/predicate.ts'
import { grantOver, type Grant } from '../../access/index.ts'
import { newId } from '../../kernel/ids.ts'
import type { CompiledEntity, CompiledField, CompiledModel } from '../../model/types.ts'
import type { TenantConnection } from '../../platform/types.ts'
import { linkFields, slotKeys, stateOf, storedRowOf } from '../../records/record-state.ts'
import { linkRows, searchFields, searchRows, valueFields, valueRows } from '../../records/satellite-rows.ts'
import { type ProbeRow, renderDerivedUpdate, renderProbe, satellites } from '../../sql/index.ts'
import { otherBehindMask, otherValue } from './scramble-value.ts'
import type { World } from './world.ts'

/** The model and profiles of a caller. */
export interface Standing {
  readonly model: CompiledModel
  readonly profiles: readonly string[]
  readonly userId: string
  readonly tenantId: string
}

/** What was changed, so that a test can see that it proves something. */
export interface Scrambled {
  fields: number
  changedRows: number
  goneRows: number
  moreRows: number
  /** Fields by record whose old values have to go as well. */
  readonly history: Map<string, readonly string[]>
}

/** Who a caller is to the engine. */
export async function standingOf(world: World, caller: string): Promise<Standing> {
  const [tenant = '', person = ''] = caller.split('/')
  const tenantId = world.tenantId(tenant)
  const { model } = await world.wired.models.current(tenantId)
  const asked = await world.wired.identity.authenticate({
    authorization: `Bearer ${world.token(caller)}`,
    ip: '127.0.0.1',
    now: new Date('2024-06-03T08:00:05.000Z'),
  })
  return { model, profiles: asked.profiles, userId: asked.userId, tenantId: person === '' ? '' : tenantId }
}

/**
 * Scrambles what `caller` must not see. For a script of changes what the entities' own rules look at stays as well: a rule holds for everybody,
 * so a change may be refused over a value that is hidden; what is told of it then has a test of its own.
 */
export async function scramble(world: World, caller: string, { keepRules = false } = {}): Promise<Scrambled> {
  const standing = await standingOf(world, caller)
  const kept = ruleFields(standing)
  if (keepRules)
    for (const entity of standing.model.entities.values())
      kept.set(entity.key, new Set([...(kept.get(entity.key) ?? []), ...checkedFields(entity)]))
  const done: Scrambled = { fields: 0, changedRows: 0, goneRows: 0, moreRows: 0, history: new Map() }
  const idsOf = new Map<string, string[]>()
  for (const entity of standing.model.entities.values()) {
    const rows = await world.peek<{ id: string }>('select id from nexus.record where tenant_id = $1 and entity_no = $2 order by id', [
      standing.tenantId,
      entity.no,
    ])
    idsOf.set(
      entity.key,
      rows.map(row => row.id),
    )
  }
  for (const entity of standing.model.entities.values()) {
    const grant = grantOver(standing.model, standing.profiles, entity.key)
    const seen = grant === null ? new Map<string, Record<string, unknown>>() : await seenBy(world, caller, grant)
    await world.wired.database.writeAs(standing.tenantId, connection =>
      scrambleEntity(connection, { standing, entity, grant, seen, kept: kept.get(entity.key) ?? new Set(), idsOf, done }),
    )
  }
  await scrambleHistory(world, done)
  await scrambleOtherTenants(world, standing.tenantId)
  return done
}

/** Rows the caller sees, in and out of the trash, with the members he sees of each. */
async function seenBy(world: World, caller: string, grant: Grant): Promise<Map<string, Record<string, unknown>>> {
  const select = [...grant.fields.keys()]
  const found = new Map<string, Record<string, unknown>>()
  for (const trash of grant.operations.has('restore') ? [false, true] : [false]) {
    let after: string | undefined
    do {
      const body = { select, limit: Math.min(50, grant.caps.maxPageSize), trash, ...(after === undefined ? {} : { after }) }
      const { status, json, text } = await world.send(caller, { method: 'POST', path: `/api/records/${grant.entity.key}/query`, body })
      if (status !== 200) throw new Error(`${grant.entity.key}: ${text}`)
      const page = json as { data: ({ id: string } & Record<string, unknown>)[]; page: { next: string | null } }
      for (const row of page.data) found.set(row.id, row)
      after = page.page.next ?? undefined
    } while (after !== undefined)
  }
  return found
}

interface Scope {
  readonly standing: Standing
  readonly entity: CompiledEntity
  readonly grant: Grant | null
  readonly seen: ReadonlyMap<string, Record<string, unknown>>
  readonly kept: ReadonlySet<string>
  readonly idsOf: ReadonlyMap<string, readonly string[]>
  readonly done: Scrambled
}

const SYSTEM_COLUMNS = ['owner_id', 'org_unit_id', 'created_by', 'updated_by', 'created_at', 'updated_at'] as const

async function scrambleEntity(connection: TenantConnection, scope: Scope): Promise<void> {
  const { entity, standing, seen, idsOf, done } = scope
  const ids = idsOf.get(entity.key) ?? []
  const rows = await connection.run<ProbeRow>(
    renderProbe(
      standing.tenantId,
      entity,
      ids,
      [],
      linkFields(entity).map(each => each.relationNo),
    ),
  )
  let parity = 0
  for (const row of rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const shown = seen.get(row.id)
    if (shown === undefined && !(entity.key === 'user' && row.id === standing.userId)) {
      parity += 1
      // Of what is hidden every third is gone, the others are different, and each of these has a twin.
      if (parity % 3 === 0 && entity.key !== 'org_unit' && entity.key !== 'user') await remove(connection, entity, row.id, done)
      else {
        await rewrite(connection, scope, row, () => null)
        if (entity.key !== 'user' && entity.key !== 'org_unit') await addTwin(connection, row, entity, done)
      }
    } else
      await rewrite(connection, scope, row, field =>
        shown !== undefined && field.key in shown ? (scope.grant?.fields.get(field.key)?.mask?.mask ?? 'plain') : null,
      )
  }
}

/** What the caller sees of a field on a row: its value, a mask of it, or nothing. */
type Sight = 'plain' | NonNullable<NonNullable<ReturnType<Grant['fields']['get']>>['mask']>['mask'] | null

async function rewrite(
  connection: TenantConnection,
  { entity, grant, kept, idsOf, standing, done }: Scope,
  row: ProbeRow,
  sightOf: (field: CompiledField) => Sight,
): Promise<void> {
  const { tenantId } = standing
  const state = stateOf(entity, row)
  const values: Record<string, unknown> = { ...state.values }
  const moved = new Set<string>()
  for (const field of entity.fields.values()) {
    if (kept.has(field.key) || field.key === 'id' || field.key === 'version' || field.key === 'deleted_at') continue
    const sight = sightOf(field)
    // What he may reveal is hidden only until he asks.
    if (sight !== null && grant?.fields.get(field.key)?.mask?.reveal === true) continue
    if (sight === 'plain' && grant?.fields.get(field.key)?.read !== null) continue
    if (field.storage.kind === 'elsewhere' || (entity.key === 'user' && field.key === 'actor')) continue
    const others = (field.target === null ? [] : (idsOf.get(field.target) ?? [])).filter(id => id !== row.id)
    const next =
      sight === null || sight === 'plain'
        ? otherValue(field, state.values[field.key], others)
        : otherBehindMask(sight, state.values[field.key])
    if (JSON.stringify(next ?? null) === JSON.stringify(state.values[field.key] ?? null)) continue
    values[field.key] = next
    moved.add(field.key)
  }
  if (moved.size === 0) return
  done.fields += moved.size
  done.changedRows += 1
  const { id } = row
  const stored = storedRowOf(entity, { id, version: row.version, rest: state.rest }, values)
  await connection.execute(renderDerivedUpdate(tenantId, entity, [{ ...stored, keys: slotKeys(entity, values) }]))
  const system = SYSTEM_COLUMNS.filter(column => moved.has(column))
  if (system.length > 0)
    await connection.execute({
      text: `update nexus.record set ${system.map((column, index) => `${column} = $${index + 4}`).join(', ')} where tenant_id = $1 and entity_no = $2 and id = $3`,
      values: [tenantId, entity.no, id, ...system.map(column => values[column] ?? null)],
    })
  await replaceSatellites(connection, entity, id, values, row.deleted_at === null)
  // Of a masked field the history shows what the mask shows: there it stays as it is.
  const numbers = [...moved].filter(key => sightOf(requireField(entity, key)) === null).flatMap(key => entity.fields.get(key)?.no ?? [])
  done.history.set(id, [...numbers, ...system])
}

/** What stands beside a record follows its new values. */
async function replaceSatellites(
  connection: TenantConnection,
  entity: CompiledEntity,
  id: string,
  values: Readonly<Record<string, unknown>>,
  live: boolean,
): Promise<void> {
  const { tenantId } = connection
  for (const { field, relationNo } of linkFields(entity)) {
    await connection.execute(satellites.renderForgetLinks(tenantId, relationNo, [id]))
    const links = linkRows(field, relationNo, id, values)
    if (links.length > 0) await connection.execute(satellites.renderAddLinks(tenantId, links))
  }
  const many = valueFields(entity)
  await connection.execute(
    satellites.renderForgetValues(
      tenantId,
      entity.no,
      [id],
      many.map(field => Number(field.no)),
    ),
  )
  const elements = valueRows(entity, many, id, values)
  if (elements.length > 0) await connection.execute(satellites.renderAddValues(tenantId, elements))
  const searched = searchFields(entity)
  await connection.execute(
    satellites.renderForgetSearch(
      tenantId,
      entity.no,
      [id],
      searched.map(field => Number(field.no)),
    ),
  )
  const texts = live ? searchRows(tenantId, entity, searched, id, values) : []
  if (texts.length > 0) await connection.execute(satellites.renderAddSearch(tenantId, texts))
}

async function remove(connection: TenantConnection, entity: CompiledEntity, id: string, done: Scrambled): Promise<void> {
  const values = [connection.tenantId, entity.no, id]
  for (const table of ['record_value', 'record_search'])
    await connection.execute({ text: `delete from nexus.${table} where tenant_id = $1 and entity_no = $2 and id = $3`, values })
  await connection.execute({ text: 'delete from nexus.record_unique where tenant_id = $1 and entity_no = $2 and record_id = $3', values })
  await connection.execute({
    text: 'delete from nexus.record_link where tenant_id = $1 and (from_id = $2 or to_id = $2)',
    values: [connection.tenantId, id],
  })
  await connection.execute({ text: 'delete from nexus.record where tenant_id = $1 and entity_no = $2 and id = $3', values })
  done.goneRows += 1
}

/** One more of what is hidden, with everything that stands beside it. */
async function addTwin(connection: TenantConnection, row: ProbeRow, entity: CompiledEntity, done: Scrambled): Promise<void> {
  const twin = newId()
  const values = [connection.tenantId, entity.no, row.id, twin]
  const columns = await connection.run<{ names: string }>({
    text: `select string_agg(attname, ', ') as names from pg_attribute where attrelid = 'nexus.record'::regclass and attnum > 0 and attname <> 'id' and not attisdropped`,
    values: [],
  })
  const names = columns[0]?.names ?? ''
  await connection.execute({
    text: `insert into nexus.record (id, ${names}) select $4, ${names} from nexus.record where tenant_id = $1 and entity_no = $2 and id = $3`,
    values,
  })
  await connection.execute({
    text: 'insert into nexus.record_value (tenant_id, entity_no, field_no, value, id) select tenant_id, entity_no, field_no, value, $4::uuid from nexus.record_value where tenant_id = $1 and entity_no = $2 and id = $3',
    values,
  })
  await connection.execute({
    text: 'insert into nexus.record_search (tenant_id, entity_no, field_no, id, s, g) select tenant_id, entity_no, field_no, $4::uuid, s, g from nexus.record_search where tenant_id = $1 and entity_no = $2 and id = $3',
    values,
  })
  const linked = linkFields(entity).map(each => each.relationNo)
  await connection.execute({
    text: 'insert into nexus.record_link (tenant_id, relation_no, from_id, to_id, position, data) select tenant_id, relation_no, $3::uuid, to_id, position, data from nexus.record_link where tenant_id = $1 and from_id = $2 and relation_no = any($4::int[])',
    values: [connection.tenantId, row.id, twin, linked],
  })
  done.moreRows += 1
}

/** Old values of hidden fields stand in the history, which the engine itself can not change. */
async function scrambleHistory(world: World, done: Scrambled): Promise<void> {
  await world.peek(
    `update nexus.record_history h set changes = case when h.changes ? '+'
         then jsonb_build_object('+', (select coalesce(jsonb_object_agg(e.key, case when m.fields ? e.key then '"hidden"' else e.value end), '{}') from jsonb_each(h.changes -> '+') e))
         else (select coalesce(jsonb_object_agg(e.key, case when m.fields ? e.key then '["hidden", "changed"]' else e.value end), '{}') from jsonb_each(h.changes) e) end
       from (select key::uuid as id, value as fields from jsonb_each($1::jsonb)) m where m.id = h.record_id`,
    [JSON.stringify(Object.fromEntries(done.history))],
  )
}

/** Another tenant: half of its records gone, the rest different, its name and its people as well. */
async function scrambleOtherTenants(world: World, tenantId: string): Promise<void> {
  await world.peek(`delete from nexus.record where tenant_id <> $1 and ascii(right(id::text, 1)) % 2 = 0`, [tenantId])
  await world.peek(
    `update nexus.record set t1 = 'x', i1 = 1, version = version + 3, updated_at = updated_at + interval '1 day' where tenant_id <> $1`,
    [tenantId],
  )
  await world.peek(`update nexus.tenant set name = 'Elsewhere', currency = 'USD' where id <> $1`, [tenantId])
  for (const table of ['record_search', 'record_unique', 'record_link', 'record_value', 'outbox', 'audit', 'session'])
    await world.peek(`delete from nexus.${table} where tenant_id <> $1`, [tenantId])
}

/** The fields that the caller's row rules look at, by entity: with them the world would hide other rows, not other values. */
function ruleFields({ model, profiles }: Standing): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  const note = (entity: string, key: string): void => void found.set(entity, (found.get(entity) ?? new Set()).add(key))
  const walk = (entity: CompiledEntity, test: Test): void => {
    if (test.kind === 'all' || test.kind === 'any') for (const each of test.of) walk(entity, each)
    if (test.kind === 'atom') note(entity.key, test.field)
    if (test.kind === 'one') {
      note(entity.key, test.relation)
      const target = model.entities.get(entity.fields.get(test.relation)?.target ?? '')
      if (target !== undefined) walk(target, test.test)
    }
    if (test.kind === 'many') {
      const relation = entity.relations.get(test.relation)
      const target = model.entities.get(relation?.target ?? '')
      if (relation?.kind === 'inverse') note(relation.target, relation.reference)
      if (relation?.kind === 'links') note(relation.reverse ? relation.target : entity.key, relation.field)
      if (target !== undefined) walk(target, test.test)
    }
  }
  for (const profile of profiles) {
    for (const [key, access] of model.profiles.get(profile)?.entities ?? []) {
      const entity = model.entities.get(key)
      if (entity !== undefined) for (const test of access.rows.values()) walk(entity, test)
    }
  }
  return found
}

/** Fields that validation rules, conditions of fields, stages and unique rules of an entity look at, and whatever they are made of. */
function checkedFields(entity: CompiledEntity): Set<string> {
  // Warnings hold for nobody: they are told to whoever sees all they look at.
  const refusing = entity.rules.filter(rule => rule.severity === 'error')
  const tests: (Test | null)[] = [
    ...refusing.flatMap(rule => [rule.when, rule.check]),
    ...[...entity.fields.values()].flatMap(field => [field.rules.visible, field.rules.required, field.rules.readOnly]),
    ...entity.stages.flatMap(stages => [stages.when, ...stages.transitions.map(each => each.check)]),
  ]
  const found = new Set<string>([...entity.uniques.flatMap(rule => rule.fields), ...refusing.flatMap(rule => rule.field ?? [])])
  const walk = (test: Test): void => {
    if (test.kind === 'all' || test.kind === 'any') for (const each of test.of) walk(each)
    else if (test.kind === 'atom') found.add(test.field)
    else if (test.kind === 'one' || test.kind === 'many') found.add(test.relation)
  }
  for (const test of tests) if (test !== null) walk(test)
  return found
}

function requireField(entity: CompiledEntity, key: string): CompiledField {
  const field = entity.fields.get(key)
  if (field === undefined) throw new Error(`${entity.key} has no field ${key}.`)
  return field
}
