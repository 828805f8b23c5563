/**
 * Identity on a real database without the rooms above it: the core pack and some roles of the tests' own, people written by plain inserts.
 * Each `process()` is what another process of the engine would be: pools, caches and model of its own over the same database.
 */
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { LayerDocument, Role } from '../../../metadata/generated/types.ts'
import { append } from '../../audit/index.ts'
import { createIdentity, type Identity, type Mail, type PeopleRecords, type Person, type Visit } from '../../identity/index.ts'
import { insertAccount } from '../../identity/account.ts'
import { hashPassword } from '../../identity/password.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Caller } from '../../kernel/context.ts'
import { commonErrors } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { createLog } from '../../kernel/log.ts'
import type { SecurityEvent } from '../../kernel/security-log.ts'
import { createModels, type Models, type PackSource, readPackFolder } from '../../model/index.ts'
import type { CompiledEntity, ModelContext } from '../../model/types.ts'
import { createDatabase } from '../../platform/postgres.ts'
import type { Database } from '../../platform/types.ts'
import { freshDatabase } from './database.ts'
import { root } from '../source-files.ts'

export const PASSWORD = 'correct horse battery'
export const SECRET = 'secret-of-the-test-harness-0123456789'

const role = (key: string, rest: Pick<Role, 'capabilities' | 'access_profiles' | 'ip_allow'>): Role => ({
  kind: 'role',
  key,
  label: { en: key },
  ...rest,
})

/** Roles for every kind of neighbour: one who holds all, one who helps people, one confined to his unit, one to an address. */
const HOUSE: readonly LayerDocument[] = [
  { kind: 'pack', key: 'house', version: '1.0.0', label: { en: 'House' }, requires: { core: '1.0.0' } },
  role('helper', { capabilities: ['users.manage', 'api_keys.manage'], access_profiles: ['core_directory'] }),
  role('reader', { capabilities: [], access_profiles: ['core_directory'] }),
  role('branch_helper', { capabilities: ['users.manage'], access_profiles: ['branch_directory'] }),
  role('branch_reader', { capabilities: [], access_profiles: ['branch_directory'] }),
  role('office', { capabilities: [], access_profiles: ['core_directory'], ip_allow: ['192.0.2.0/24'] }),
  {
    kind: 'access_profile',
    key: 'branch_directory',
    entities: {
      user: {
        operations: ['read'],
        rows: { read: { org_unit_id: { within: '$user.org_unit_id' } } },
        fields: { name: 'read', email: 'read', org_unit_id: 'read' },
      },
    },
  },
]

/** One process of the engine, as far as identity goes. */
export interface House {
  readonly identity: Identity
  readonly database: Database
  readonly models: Models
  readonly mails: Mail[]
  readonly events: SecurityEvent[]
}

/** A tenant with its administrator. */
export interface HouseTenant {
  readonly id: string
  readonly key: string
  readonly adminId: string
  readonly adminEmail: string
  readonly unitId: string
}

export interface Neighbourhood {
  readonly url: string
  readonly adminUrl: string
  process(clock?: Clock): House
  /** A visit from nowhere in particular: every one has an address of its own, so that tests do not throttle each other. */
  visit(changes?: Partial<Visit>): Visit
  tenant(house: House): Promise<HouseTenant>
  /** A user with the password PASSWORD. */
  user(
    house: House,
    tenant: HouseTenant,
    changes?: { roles?: string[]; email?: string; unitId?: string | null; password?: boolean },
  ): Promise<{ id: string; email: string }>
  unit(house: House, tenant: HouseTenant, parent: string | null): Promise<string>
  context(house: House, caller: Caller): Promise<ModelContext>
}

/** Makes the neighbourhood of one test file. */
export async function openNeighbourhood(): Promise<Neighbourhood> {
  const { url, adminUrl } = await freshDatabase()
  const packs = readPacks()
  const databases: Database[] = []
  const identities: Identity[] = []
  afterAll(async () => {
    await Promise.all(identities.map(identity => identity.close()))
    await Promise.all(databases.map(database => database.close()))
  })
  let visits = 0
  let names = 0
  const around: Neighbourhood = {
    url,
    adminUrl,
    process: () => {
      const database = createDatabase({ url })
      databases.push(database)
      const log = createLog({ write: () => undefined })
      const models = createModels({ database, packs, log })
      const mails: Mail[] = []
      const events: SecurityEvent[] = []
      const identity = createIdentity({
        config: { secret: SECRET, publicUrl: 'http://localhost:8080' },
        database,
        models,
        people: plainPeople(database),
        appendAudit: append,
        securityLog: { append: event => void events.push(event), close: () => undefined },
        deliver: async mail => void mails.push(mail),
        log,
      })
      identities.push(identity)
      return { identity, database, models, mails, events }
    },
    visit: changes => {
      visits += 1
      return {
        now: new Date(),
        ip: `198.51.${Math.floor(visits / 250)}.${visits % 250}`,
        traceId: '0'.repeat(32),
        traceparent: '',
        route: 'test',
        caller: null,
        userAgent: 'test',
        locale: 'en',
        ...changes,
      }
    },
    async tenant(house) {
      const key = `house_${(names += 1)}`
      const adminEmail = `admin@${key}.test`
      const admin = { email: adminEmail, password: PASSWORD }
      const input = { key, name: `House ${names}`, packs: ['house'], admin, locale: 'en', currency: 'EUR' } as const
      const made = await house.identity.tenants.create(input, around.visit())
      return { id: made.id, key, adminId: made.admin_id, adminEmail, unitId: made.org_unit_id }
    },
    async user(
      house,
      tenant,
      { roles = ['reader'], email = `user${(names += 1)}@${tenant.key}.test`, unitId = tenant.unitId, password = true } = {},
    ) {
      const id = newId()
      const hash = password ? await (passwordHash ??= hashPassword(PASSWORD)) : null
      const { model } = await house.models.current(tenant.id)
      await house.database.writeAs(tenant.id, async connection => {
        await insertRecord(model.entities.get('user'), id, { name: email.split('@')[0], email, actor: 'employee', org_unit_id: unitId })(
          connection,
        )
        await insertAccount(connection, { id, email, hash, roles, locale: null, time_zone: null, now: new Date() })
      })
      return { id, email }
    },
    async unit(house, tenant, parent) {
      const id = newId()
      const { model } = await house.models.current(tenant.id)
      await house.database.writeAs(tenant.id, insertRecord(model.entities.get('org_unit'), id, { name: id, kind: 'branch', parent }))
      return id
    },
    async context(house, caller) {
      const { model, revision, building } = await house.models.current(caller.tenant.id)
      const within = await house.identity.trees.of(caller.tenant.id)
      const request = {
        traceId: '0'.repeat(32),
        traceparent: '',
        route: 'test',
        ip: '198.51.100.1',
        now: new Date(),
        causationId: null,
        stations: { ms: {} },
      }
      return { ...request, caller, model, revision, building, within }
    },
  }
  return around
}

let passwordHash: Promise<string> | undefined

function readPacks(): ReadonlyMap<string, PackSource> {
  const core = readPackFolder(join(root, 'seeds'), 'core')
  if (core.lock === null) throw new Error('The core pack has no lock.')
  return new Map<string, PackSource>([
    ['core', { key: 'core', version: '1.0.0', requires: [], documents: core.documents, lock: core.lock }],
    ['house', { key: 'house', version: '1.0.0', requires: ['core'], documents: HOUSE, lock: { base: 9_000, entities: {} } }],
  ])
}

/** People as rows: every caller of the tenant sees them all. */
function plainPeople(database: Database): PeopleRecords {
  const select = (ctx: ModelContext, ids: readonly string[] | null) => {
    const user = ctx.model.entities.get('user')
    const tenantId = ctx.caller.tenant.id
    return database.readAs(tenantId, async connection => {
      const rows = await connection.run<{ id: string; org_unit_id: string | null; data: Record<string, string> }>({
        text: `select id, org_unit_id, data from nexus.record
          where tenant_id = $1 and entity_no = $2 and deleted_at is null and ($3::uuid[] is null or id = any($3)) order by id`,
        values: [tenantId, user?.no, ids],
      })
      const value = (row: (typeof rows)[number], key: string) => row.data[user?.fields.get(key)?.no ?? ''] ?? null
      return rows.map(
        (row): Person => ({
          id: row.id,
          name: value(row, 'name'),
          email: value(row, 'email'),
          actor: value(row, 'actor'),
          orgUnitId: row.org_unit_id,
        }),
      )
    })
  }
  return {
    list: async ctx => ({ people: await select(ctx, null), next: null }),
    find: async (ctx, id) => {
      const [person] = await select(ctx, [id])
      if (person === undefined) throw commonErrors.NOT_FOUND({})
      return person
    },
    seen: async (ctx, ids) => new Set((await select(ctx, ids)).map(person => person.id)),
    prepareCreate: async (ctx, entity, id, values) => insertRecord(ctx.model.entities.get(entity), id, values),
    prepareUpdate: async (ctx, entity, id, values) => async connection => {
      const { org_unit_id, ...fields } = values
      const data = numbered(ctx.model.entities.get(entity), fields)
      await connection.execute({
        text: `update nexus.record set version = version + 1, data = data || $4::jsonb, org_unit_id = case when $5 then $6::uuid else org_unit_id end
          where tenant_id = $1 and entity_no = $2 and id = $3`,
        values: [
          connection.tenantId,
          ctx.model.entities.get(entity)?.no,
          id,
          JSON.stringify(data),
          'org_unit_id' in values,
          org_unit_id ?? null,
        ],
      })
    },
  }
}

function insertRecord(entity: CompiledEntity | undefined, id: string, values: Readonly<Record<string, unknown>>) {
  const { org_unit_id, ...fields } = values
  return async (connection: Parameters<Parameters<Database['writeAs']>[1]>[0]): Promise<void> => {
    await connection.execute({
      text: `insert into nexus.record (tenant_id, entity_no, id, created_at, updated_at, org_unit_id, data) values ($1, $2, $3, now(), now(), $4, $5)`,
      values: [connection.tenantId, entity?.no, id, org_unit_id ?? null, JSON.stringify(numbered(entity, fields))],
    })
    if (entity?.key === 'org_unit')
      await connection.execute({ text: 'update nexus.tenant set tree_epoch = tree_epoch + 1 where id = $1', values: [connection.tenantId] })
  }
}

function numbered(entity: CompiledEntity | undefined, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [entity?.fields.get(key)?.no ?? key, value]))
}
