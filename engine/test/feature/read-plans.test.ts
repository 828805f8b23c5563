/**
 * Lists stay on indexes under row-level security (storage: what the measurement taught): every view of the sales pack, every field of every
 * policy with every operator, one filter and two, for every kind of user, in a small tenant and in one of 100,000 deals, is explained as
 * the engine's role. A statement that is kept prepared is explained by the plan it has for any value.
 *
 * The product of all that is some 10^9 lists. Taken are: every view for every profile that sees it; every sort in both directions; every
 * field × operator × frequency of value alone, profile and sort going round; and of the pairs a sample, the same in every run.
 */
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { grantOver } from '../../access/index.ts'
import type { Operator } from '../../../metadata/operators.ts'
import type { CompiledEntity, CompiledField } from '../../model/types.ts'
import type { Database, Statement, TenantConnection } from '../../platform/types.ts'
import { bindingOf, planRead } from '../../plan/index.ts'
import type { Condition, ReadPlan } from '../../plan/types.ts'
import { findPath } from '../../records/find-path.ts'
import { FETCH_MOST, type Path, pathsOf, phasesOf, renderCount, renderRead } from '../../sql/index.ts'
import { allowedOperators, comparableField, createCursorBox, isSortable, parseQuery } from '../../validate/index.ts'
import { freshDatabase } from '../harness/database.ts'
import { fillTenants, idAt, type Sizes, valueOf } from '../harness/large-tenant.ts'
import { callerOf, salesModel } from '../harness/read-road.ts'

const LIMIT = 20
const VIEW_LIMIT = 50
/** Rows a walk may look at in vain, times its limit. */
const MOST_REMOVED = 20
const PAIRS = { deal: 700, others: 300 } as const

const model = salesModel()
const sizesOf = (each: number, rest: Sizes): Sizes => ({
  ...Object.fromEntries([...model.entities.keys()].map(key => [key, each])),
  ...rest,
})
const BIG = {
  tenantId: '0190abcd-0000-7000-8000-0000000000b1',
  sizes: sizesOf(1_200, { deal: 100_000, user: 60, org_unit: 20, pipeline: 60, unit: 60 }),
}
const SMALL = { tenantId: '0190abcd-0000-7000-8000-0000000000a1', sizes: sizesOf(60, { deal: 1_000, org_unit: 8 }) }
const PROFILES: Readonly<Record<string, readonly string[]>> = {
  admin: ['core_admin', 'sales_admin'],
  manager: ['core_directory', 'sales_manager'],
  rep: ['core_directory', 'sales_rep'],
  clerk: ['core_directory', 'sales_clerk'],
  auditor: ['core_auditor', 'sales_auditor'],
  analyst: ['core_directory', 'sales_analyst'],
  client: ['core_guest', 'portal_client'],
  supplier: ['core_guest', 'portal_supplier'],
  professional: ['core_guest', 'portal_professional'],
}

let client: pg.Client

beforeAll(async () => {
  const { url, adminUrl } = await freshDatabase()
  await fillTenants(adminUrl, model, [SMALL, BIG])
  client = new pg.Client(url)
  await client.connect()
  await client.query('set role nexus_engine')
  await client.query('set search_path = nexus')
}, 120_000)
afterAll(() => client.end())

/** One list to be explained. */
interface Case {
  readonly name: string
  readonly tenant: typeof BIG
  readonly profile: string
  readonly entity: CompiledEntity
  readonly query: Readonly<Record<string, unknown>>
  /** A condition that no index serves, by the design of the storage. */
  readonly unserved: boolean
}

interface Filter {
  readonly name: string
  readonly field: CompiledField
  readonly where: Readonly<Record<string, unknown>>
  readonly unserved: boolean
}

function contextOf(profile: string, tenantId: string) {
  const place = (key: string, at: number): string => idAt(model.entities.get(key)?.no ?? 0, at)
  const [unit, ...below] = [1, 3, 4, 5].map(at => place('org_unit', at)) as [string, ...string[]]
  return {
    traceId: '',
    traceparent: '',
    route: '',
    ip: '',
    now: new Date('2025-06-18T09:30:00.000Z'),
    causationId: null,
    stations: { ms: {} },
    caller: callerOf({ tenantId, profiles: PROFILES[profile] ?? [], userId: place('user', 1), orgUnitId: unit }, {}),
    model,
    revision: 1,
    building: new Set<string>(),
    within: (id: string) => (id === unit ? [unit, ...below] : [id]),
  }
}

const cursors = createCursorBox('secret-of-the-test-harness-0123456789')

function entitiesSeenBy(profile: string): CompiledEntity[] {
  const keys = [...(PROFILES[profile] ?? [])].sort()
  return [...model.entities.values()].filter(entity => grantOver(model, keys, entity.key) !== null)
}

function filtersOf(entity: CompiledEntity, sizes: Sizes): Filter[] {
  const policy = model.policies.get(entity.key)
  return Object.keys(policy?.filter ?? {}).flatMap(key => {
    const field = entity.fields.get(key)
    if (field === undefined) return []
    return allowedOperators(policy, field)
      .filter(operator => !operator.startsWith('changed'))
      .flatMap(operator => filtersBy(field, operator, sizes))
  })
}

function filtersBy(field: CompiledField, operator: Operator, sizes: Sizes): Filter[] {
  const one = (frequency: string, operand: unknown): Filter => ({
    name: `${field.key} ${operator} ${frequency}`,
    field,
    where: { [field.key]: { [operator]: operand } },
    unserved: isUnserved(field, operator),
  })
  if (operator === 'is_null') return [one('yes', true), one('no', false)]
  if (operator === 'in_period') return [one('month', 'this_month')]
  if (operator === 'in_last' || operator === 'in_next') return [one('month', 'P30D')]
  return (['frequent', 'rare', 'absent'] as const).flatMap(frequency => {
    const value = valueOf(model, field, frequency, sizes)
    if (value === undefined) return []
    const isList = ['in', 'not_in', 'has_any', 'has_all', 'has_none'].includes(operator)
    return [one(frequency, operator === 'between' ? [value, value] : isList ? [value] : value)]
  })
}

/** What has no index: who created a record, what is empty, parts of texts that are not searched, values of other records. */
function isUnserved(field: CompiledField, operator: Operator): boolean {
  if (
    field.key === 'created_by' ||
    field.key === 'updated_by' ||
    operator === 'is_null' ||
    field.storage.kind === 'elsewhere' ||
    field.storage.kind === 'data'
  )
    return true
  if (field.tree !== null && operator === 'within' && field.target !== 'org_unit') return true
  if (operator === 'not_contains' || operator === 'contains' || operator === 'ends_with') return true
  // What a rule asks for and the filter shuts out is looked at in vain.
  return (
    (operator === 'ne' || operator === 'not_in') && (field.kind === 'boolean' || field.key === 'owner_id' || field.key === 'org_unit_id')
  )
}

function sortsOf(profile: string, entity: CompiledEntity): string[][] {
  const ctx = contextOf(profile, BIG.tenantId)
  const grant = grantOver(model, ctx.caller.profiles, entity.key)
  if (grant === null) return [[]]
  const keys = [...grant.fields.keys()].filter(
    key => comparableField(grant, key) !== undefined && isSortable(ctx, grant, key) && key !== 'id',
  )
  return [[], ...keys.flatMap(key => [[key], [`-${key}`]])]
}

const sees = (profile: string, entity: CompiledEntity, filter: Filter): boolean => {
  const grant = grantOver(model, [...(PROFILES[profile] ?? [])].sort(), entity.key)
  return grant !== null && comparableField(grant, filter.field.key) !== undefined
}

/** The same numbers in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return sides => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

function* allCases(): Generator<Case> {
  for (const tenant of [SMALL, BIG]) {
    yield* viewCases(tenant)
    for (const entity of model.entities.values()) if (tenant === BIG || entity.key === 'deal') yield* fieldCases(tenant, entity)
    yield* pairCases(tenant)
  }
}

function* viewCases(tenant: typeof BIG): Generator<Case> {
  for (const profile of Object.keys(PROFILES)) {
    for (const entity of entitiesSeenBy(profile)) {
      for (const view of [...model.views.values()].filter(each => each.entity === entity.key)) {
        const where = 'where' in view ? view.where : undefined
        const sort = 'sort' in view ? view.sort : undefined
        yield {
          name: `view ${view.key}`,
          tenant,
          profile,
          entity,
          unserved: false,
          query: { limit: VIEW_LIMIT, ...(where === undefined ? {} : { where }), ...(sort === undefined ? {} : { sort }) },
        }
      }
    }
  }
}

/** Every sort, and every condition alone; profiles and sorts take turns. */
function* fieldCases(tenant: typeof BIG, entity: CompiledEntity): Generator<Case> {
  const profiles = Object.keys(PROFILES).filter(profile => entitiesSeenBy(profile).includes(entity))
  for (const [place, profile] of profiles.entries()) {
    for (const [turn, sort] of sortsOf(profile, entity).entries()) {
      if (entity.key === 'deal' || turn % profiles.length === place)
        yield { name: 'no filter', tenant, profile, entity, unserved: false, query: { sort } }
    }
  }
  for (const [turn, filter] of filtersOf(entity, tenant.sizes).entries()) {
    const able = profiles.filter(profile => sees(profile, entity, filter))
    const profile = able[turn % Math.max(1, able.length)]
    if (profile === undefined) continue
    const sorts = sortsOf(profile, entity)
    const sort = sorts[(turn * 7) % sorts.length] ?? []
    yield { name: filter.name, tenant, profile, entity, unserved: filter.unserved, query: { where: filter.where, sort } }
  }
}

function* pairCases(tenant: typeof BIG): Generator<Case> {
  const roll = dice(tenant.sizes['deal'] ?? 1)
  const entities = [...model.entities.values()].filter(entity => model.policies.has(entity.key))
  for (let turn = 0; turn < PAIRS.deal + PAIRS.others; turn += 1) {
    const entity = turn < PAIRS.deal ? model.entities.get('deal') : entities[roll(entities.length)]
    if (entity === undefined) continue
    const filters = filtersOf(entity, tenant.sizes)
    const [one, two] = [filters[roll(filters.length)], filters[roll(filters.length)]]
    const profiles = Object.keys(PROFILES).filter(
      profile => one !== undefined && two !== undefined && sees(profile, entity, one) && sees(profile, entity, two),
    )
    const profile = profiles[roll(Math.max(1, profiles.length))]
    if (one === undefined || two === undefined || profile === undefined || one.field === two.field) continue
    const sorts = sortsOf(profile, entity)
    yield {
      name: `${one.name} and ${two.name}`,
      tenant,
      profile,
      entity,
      unserved: one.unserved || two.unserved,
      query: { where: { and: [one.where, two.where] }, sort: sorts[roll(sorts.length)] ?? [] },
    }
  }
}

interface PlanNode {
  readonly 'Node Type': string
  readonly Alias?: string
  readonly Plans?: readonly PlanNode[]
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly [detail: string]: unknown
}

async function explain(statement: Statement): Promise<PlanNode> {
  const how = 'explain (analyze, timing off, costs off, format json)'
  if (statement.name === undefined) return firstPlan(await client.query(`${how} ${statement.text}`, [...statement.values]))
  await client.query('set plan_cache_mode = force_generic_plan')
  await client.query(`prepare explained as ${statement.text}`)
  try {
    return firstPlan(await client.query(`${how} execute explained(${statement.values.map(quoted).join(', ')})`))
  } finally {
    await client.query('deallocate explained')
    await client.query('reset plan_cache_mode')
  }
}

function firstPlan({ rows }: pg.QueryResult<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>): PlanNode {
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan
  if (plan === undefined) throw new Error('Postgres explains nothing.')
  return plan
}

function quoted(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `'${elements(value).replaceAll("'", "''")}'`
  return `'${String(value).replaceAll("'", "''")}'`
}

function elements(values: readonly unknown[]): string {
  return `{${values.map(each => (Array.isArray(each) ? elements(each) : JSON.stringify(String(each)))).join(',')}}`
}

function* nodes(plan: PlanNode): Generator<PlanNode> {
  yield plan
  for (const child of plan.Plans ?? []) yield* nodes(child)
}

const SLOT = String.raw`(?:\w+\.)?(?:[tinrd]\d{1,2}|owner_id|org_unit_id)`
const CAST_SLOT = new RegExp(String.raw`\(${SLOT}\)::`)
const COMPARED_SLOT = new RegExp(String.raw`\(${SLOT}(?: COLLATE "C")? (\S+) `, 'g')
const LEAKPROOF = new Set(['=', '<', '<=', '>', '>=', 'IS'])

/** What is wrong with a plan, whatever it is of. */
function faultsOf(plan: PlanNode): string[] {
  return [...nodes(plan)].flatMap(node => {
    const conditions = ['Filter', 'Index Cond', 'Recheck Cond', 'Join Filter'].flatMap(key =>
      typeof node[key] === 'string' ? [node[key]] : [],
    )
    return conditions.flatMap(condition => [
      ...(CAST_SLOT.test(condition) ? [`casts a slot: ${condition}`] : []),
      ...[...condition.matchAll(COMPARED_SLOT)].flatMap(([, operator = '']) =>
        LEAKPROOF.has(operator) ? [] : [`is not leakproof: ${operator} in ${condition}`],
      ),
    ])
  })
}

/** The nodes that look at the records of the list; those that look records up by id have other names. */
function listed(plan: PlanNode): PlanNode[] {
  return [...nodes(plan)].filter(node => /^r1(_\d+)?$/.test(node.Alias ?? ''))
}

/** Comparisons that an index could have served and that were filtered instead. */
function leftToFilters(plan: PlanNode): string[] {
  return listed(plan).flatMap(node => partsOf(typeof node['Filter'] === 'string' ? node['Filter'] : '').filter(isServable))
}

/** The most rows that one walk looked at in vain. */
function inVain(plan: PlanNode): number {
  return Math.max(0, ...listed(plan).map(node => (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)))
}

/** A comparison of a slot that was left to the indexes: what the path wants filtered stands behind IS TRUE. */
function isServable(part: string): boolean {
  return !/ IS (NOT )?TRUE\)?$/.test(part) && new RegExp(String.raw`^\(${SLOT}(?: COLLATE "C")? (=|<|<=|>|>=) `).test(part)
}

/** The parts of `((a) AND (b))`, or the one of `(a)`. */
function partsOf(filter: string): string[] {
  const ends = (from: number): number => {
    let depth = 0
    for (let at = from; at < filter.length; at += 1) {
      if (filter[at] === '(') depth += 1
      if (filter[at] === ')') depth -= 1
      if (depth === 0) return at
    }
    return filter.length
  }
  if (!filter.startsWith('((')) return filter === '' ? [] : [filter]
  const parts: string[] = []
  for (let at = 1; filter[at] === '('; ) {
    const end = ends(at)
    parts.push(filter.slice(at, end + 1))
    if (!filter.startsWith(' AND (', end + 1)) return parts.length === 1 && end + 1 < filter.length - 1 ? [filter] : parts
    at = end + 6
  }
  return parts
}

const database = {} as Database

/** How a list is run, null where the profile has none of it. */
async function explainList(
  each: Case,
  select: object = { select: ['id'] },
): Promise<{ readonly plan: ReadPlan; readonly path: Path; readonly explained: PlanNode } | null> {
  const ctx = contextOf(each.profile, each.tenant.tenantId)
  const grant = grantOver(model, ctx.caller.profiles, each.entity.key)
  if (grant === null) return null
  const asker = { tenantId: each.tenant.tenantId, userId: ctx.caller.userId, profiles: ctx.caller.profiles }
  const query = parseQuery(ctx, grant, { ...select, limit: LIMIT, ...each.query }, asker, cursors)
  const plan = planRead(model, grant, query, bindingOf(ctx))
  const connection = {
    tenantId: each.tenant.tenantId,
    run: async (statement: Statement) => (await client.query(statement.text, [...statement.values])).rows,
  } as unknown as TenantConnection
  const path = await findPath(database, connection, plan, 0)
  const [phase] = phasesOf(plan, path)
  if (phase === undefined) return null
  return { plan, path, explained: await explain(renderRead(plan, path, phase, plan.limit, false).statement) }
}

async function examine(each: Case): Promise<string[]> {
  const list = await explainList(each)
  if (list === null) return []
  const { plan, path, explained } = list
  const faults = faultsOf(explained)
  if ([...nodes(explained)].find(node => node.Alias === 't')?.['Actual Rows'] !== 1) faults.push('was not run: its tenant is not there')
  // A few rows are read faster than an index.
  if ((each.tenant.sizes[each.entity.key] ?? 0) <= FETCH_MOST) return faults
  faults.push(...leftToFilters(explained).map(part => `filters what an index could serve: ${part}`))
  const vain = inVain(explained)
  // A key that is readable on some rows only stands in no index; a fetch looks at what it was chosen for.
  const isExcused = each.unserved || path.kind === 'fetch' || plan.order.some(order => order.when !== null)
  if (!isExcused && vain > MOST_REMOVED * plan.limit && (await isTooMany(plan, vain))) faults.push(`looks at ${vain} rows in vain`)
  return faults
}

/** Whether there was a shorter way, or the walk was longer than the shares of its conditions explain. */
async function isTooMany(plan: ReadPlan, vain: number): Promise<boolean> {
  const { fetches } = pathsOf(plan)
  const count = async (where: Condition): Promise<number> => {
    const { text, values } = renderCount(
      { ...plan, where, count: { kind: 'exact' } },
      { kind: 'walk', filters: new Set(), merged: [], covered: plan.order.length, recent: false },
    )
    return Number((await client.query(text, [...values])).rows[0]?.n ?? 0)
  }
  const whole = await count({ kind: 'true' })
  const sizes: number[] = []
  for (const { parts } of fetches) sizes.push(await count({ kind: 'all', of: parts }))
  if (sizes.some(size => size <= MOST_REMOVED * plan.limit)) return true
  return vain > (4 * plan.limit) / sizes.reduce((share, size) => (share * size) / whole, 1)
}

test('comparisons of slots are leakproof', async () => {
  const { rows } = await client.query<{ type: string; operator: string; leakproof: boolean }>(
    `select t.typname as type, o.oprname as operator, p.proleakproof as leakproof from pg_operator o join pg_type t on t.oid = o.oprleft and t.oid = o.oprright join pg_proc p on p.oid = o.oprcode
      where t.typname = any($1) and o.oprname = any($2) and o.oprnamespace = 'pg_catalog'::regnamespace`,
    [
      ['text', 'uuid', 'int8', 'float8', 'timestamptz'],
      ['=', '<', '<=', '>', '>='],
    ],
  )
  expect(rows).toHaveLength(25)
  expect(rows.filter(row => !row.leakproof)).toEqual([])
})

test('every list walks along an index or fetches what is selective', async () => {
  const faults: string[] = []
  let count = 0
  let tenantId = ''
  for (const each of allCases()) {
    if (each.tenant.tenantId !== tenantId) {
      tenantId = each.tenant.tenantId
      await client.query(`set nexus.tenant_id = '${tenantId}'`)
    }
    count += 1
    const who = `${each.tenant === BIG ? '100k' : '1k'} ${each.profile} ${each.entity.key} sorted by ${JSON.stringify(each.query['sort'] ?? [])}, ${each.name}`
    const found = await examine(each).catch((error: { code?: string; message?: string }) =>
      error.code?.startsWith('VALIDATE') === true ? [] : [`fails: ${error.message}`],
    )
    faults.push(...found.map(fault => `${who}: ${fault}`))
  }
  expect(count).toBeGreaterThan(5_000)
  // The first of them tell enough.
  expect(faults.slice(0, 40)).toEqual([])
}, 180_000)

test('what a page shows of other records, and what rules ask of them, is looked up for its own rows alone', async () => {
  await client.query(`set nexus.tenant_id = '${BIG.tenantId}'`)
  const faults: string[] = []
  let count = 0
  for (const profile of Object.keys(PROFILES))
    for (const entity of entitiesSeenBy(profile)) {
      const whole: Case = { name: 'all members', tenant: BIG, profile, entity, unserved: false, query: {} }
      const list = await explainList(whole, {})
      if (list === null) continue
      count += 1
      const rows = (node: PlanNode): number => (node['Actual Rows'] ?? 0) * (node['Actual Loops'] ?? 1)
      const others = [...nodes(list.explained)].filter(node => !listed(list.explained).includes(node))
      const most = Math.max(...others.map(rows))
      if (most > MOST_REMOVED * LIMIT) faults.push(`${profile} ${entity.key}: ${most} rows for a page of ${LIMIT}`)
    }
  expect(count).toBeGreaterThan(50)
  expect(faults).toEqual([])
}, 60_000)
