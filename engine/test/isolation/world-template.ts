/**
 * The database all worlds are copied from: migrated, with both tenants seeded through the doors everybody uses and everybody signed in.
 * Made once per state of the code (its name is a digest of it) and kept on the test server; of several processes one makes it.
 */
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRef, type SeedUser } from '../../../seeds/sales/demo/records.ts'
import { type SeedDoor, seedTenant } from '../../../seeds/load.ts'
import { administer, dropDatabase, ensureDatabase, withDatabase } from '../../platform/server-admin.ts'
import { revealFailures } from '../../platform/sql-failure.ts'
import { ensureTemplate, findTestServer, servingUrl } from '../harness/server.ts'
import { root } from '../source-files.ts'
import { bootWorld, type BootedWorld } from './world-boot.ts'
import { publishOverlay } from './world-overlay.ts'
import { NORTH, SOUTH, worldData, type WorldTenant } from './world-seed.ts'

/** What a world remembers of its making. */
export interface WorldMemory {
  /** Ids by tenant key and symbolic name: `north` → `deal/mine`. */
  readonly ids: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Tenant ids by key. */
  readonly tenants: Readonly<Record<string, string>>
  /** Bearer texts by `north/rep`. */
  readonly tokens: Readonly<Record<string, string>>
}

/** The instant at which every world stands still before its first request. */
export const WORLD_BEGAN = new Date('2024-06-03T08:00:00.000Z')

export const WORLD_PASSWORD = 'correct horse battery'
const PREFIX = 'nexus_world_'
/** What the content of a world depends on. */
const SOURCES = ['engine', 'metadata', 'seeds']

/** The name of today's template on a test server; makes it unless it is there. */
export async function ensureWorldTemplate(adminUrl: string): Promise<string> {
  const name = PREFIX + (await digestSources())
  await administer(adminUrl, async client => {
    // One maker at a time; the others find it made.
    await client.query(`select pg_advisory_lock(hashtext('${PREFIX}'))`)
    const known = await client.query<{ name: string; old: boolean }>(
      `select datname as name, (pg_stat_file('base/' || oid || '/PG_VERSION')).modification < now() - interval '1 hour' as old from pg_database where datname like '${PREFIX}%'`,
    )
    if (known.rows.some(row => row.name === name)) return
    // Another run may still be copying the template of other code; an old one nobody needs.
    for (const row of known.rows.filter(each => each.old)) await dropDatabase(adminUrl, row.name)
    const building = `${PREFIX.replace('world', 'making')}${process.pid}`
    await dropDatabase(adminUrl, building)
    await ensureDatabase(adminUrl, building, await ensureTemplate(adminUrl))
    await seedWorld(withDatabase(adminUrl, building))
    await client.query(`alter database ${building} rename to ${name}`)
  })
  return name
}

async function digestSources(): Promise<string> {
  const hash = createHash('sha256')
  for (const folder of SOURCES) {
    const found = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
    const files = found.filter(file => file.isFile() && /\.(ts|sql|json)$/.test(file.name) && !file.name.endsWith('.test.ts'))
    for (const file of files.map(each => join(each.parentPath, each.name)).sort()) hash.update(file).update(await readFile(file))
  }
  return hash.digest('hex').slice(0, 24)
}

async function seedWorld(adminUrl: string): Promise<void> {
  revealFailures()
  const folder = await mkdtemp(join(tmpdir(), 'nexus-world-'))
  const world = await bootWorld(await servingUrl(adminUrl), folder, WORLD_BEGAN)
  try {
    const seeded = [await seed(world, NORTH), await seed(world, SOUTH)]
    const memory: WorldMemory = {
      ids: Object.fromEntries(seeded.map(each => [each.key, each.ids])),
      tenants: Object.fromEntries(seeded.map(each => [each.key, each.id])),
      tokens: Object.assign({}, ...seeded.map(each => each.tokens)) as Record<string, string>,
    }
    await world.close()
    await administer(adminUrl, async client => {
      await client.query('create schema world')
      await client.query('create table world.memory (content jsonb not null)')
      await client.query('insert into world.memory values ($1)', [JSON.stringify(memory)])
    })
  } finally {
    await world.close()
    await rm(folder, { recursive: true, force: true })
  }
}

interface SeededTenant {
  readonly key: string
  readonly id: string
  readonly ids: Record<string, string>
  readonly tokens: Record<string, string>
}

async function seed(world: BootedWorld, tenant: WorldTenant): Promise<SeededTenant> {
  const { key, word } = tenant
  const operator = world.operatorToken
  const admin = { email: `admin@${key}.test`, password: WORLD_PASSWORD, name: `${word} admin` }
  const input = { key, name: `${word} Trading`, packs: ['sales'], admin, locale: 'en', currency: 'EUR', time_zone: 'Europe/Berlin' }
  const made = await world.must<{ id: string; admin_id: string; org_unit_id: string }>('POST', '/api/platform/tenants', operator, input)
  const signIn = async (email: string): Promise<string> =>
    (await world.must<{ access_token: string }>('POST', '/api/auth/login', null, { tenant: key, email, password: WORLD_PASSWORD }))
      .access_token
  let token = await signIn(admin.email)
  await publishOverlay(world, made.id)
  token = await signIn(admin.email)
  const ids: Record<string, string> = {}
  const door = seedDoor(world, token, { adminId: made.admin_id, rootUnit: made.org_unit_id, adminEmail: admin.email })
  const data = worldData(tenant)
  const batches = [...data.units, ...data.batches]
  const remember = (refs: readonly string[], given: readonly string[]): void =>
    refs.forEach((ref, index) => (ids[ref] = given[index] ?? ''))
  await seedTenant(
    {
      createMany: async (entity, records, refs) => {
        const given = await door.createMany(entity, records, refs)
        remember(batches.shift()?.records.map(record => record.ref) ?? [], given)
        return given
      },
      createUsers: async users => {
        const given = await door.createUsers(users)
        remember(
          users.map(user => refOf(data.users, user.email)),
          given,
        )
        return given
      },
    },
    data,
  )
  // A person of two roles makes a key that carries the weaker one.
  const robot = {
    email: `robot@${key}.test`,
    name: `${word} robot`,
    roles: ['admin', 'clerk'],
    org_unit_id: ids['org_unit/harbour'],
    password: WORLD_PASSWORD,
  }
  ids['user/robot'] = (await world.must<{ id: string }>('POST', '/api/admin/users', token, robot)).id
  const robotToken = await signIn(robot.email)
  const apiKey = await world.must<{ id: string; key: string }>('POST', '/api/admin/api_keys', robotToken, {
    name: `${word} key`,
    roles: ['clerk'],
  })
  ids['api_key/clerk'] = apiKey.id
  const tokens: Record<string, string> = { [`${key}/key`]: apiKey.key, [`${key}/robot`]: robotToken }
  for (const user of data.users) tokens[`${key}/${user.ref.slice('user/'.length)}`] = await signIn(user.email)
  await putIntoTrash(world, tokens[`${key}/admin`] ?? '', word, ids)
  return { key, id: made.id, ids, tokens }
}

/** Something in the trash, which nobody but a restorer may know of. */
async function putIntoTrash(world: BootedWorld, token: string, word: string, ids: Record<string, string>): Promise<void> {
  const body = { subject: `${word} forgotten`, body: `${word} thrown away`, customer: ids['customer/first'] }
  const { id } = await world.must<{ id: string }>('POST', '/api/records/note', token, body)
  await world.must('DELETE', `/api/records/note/${id}`, token, undefined, { 'if-match': '"1"' })
  ids['note/trashed'] = id
}

const refOf = (users: readonly SeedUser[], email: string): string => users.find(user => user.email === email)?.ref ?? ''

function seedDoor(world: BootedWorld, token: string, known: { adminId: string; rootUnit: string; adminEmail: string }): SeedDoor {
  return {
    async createMany(entity, records) {
      const fresh = records.filter(record => entity !== 'org_unit' || record['kind'] !== 'company')
      const operations = fresh.map(values => ({ op: 'create', values }))
      const made =
        operations.length === 0
          ? []
          : await world.must<{ id: string }[]>('POST', `/api/records/${entity}/bulk`, token, { operations, atomic: true })
      const given = made.map(each => each.id)
      return records.map(record => (entity === 'org_unit' && record['kind'] === 'company' ? known.rootUnit : (given.shift() ?? '')))
    },
    async createUsers(users) {
      const given: string[] = []
      for (const { signs_in: _, values, ...user } of users) {
        if (isRef(values)) throw new Error('Values are values.')
        const id =
          user.email === known.adminEmail
            ? known.adminId
            : (await world.must<{ id: string }>('POST', '/api/admin/users', token, { ...user, password: WORLD_PASSWORD })).id
        await world.must('PATCH', `/api/records/user/${id}`, token, values, { 'if-match': '"1"' })
        given.push(id)
      }
      return given
    },
  }
}

/** The server worlds live on. */
export async function requireTestServer(): Promise<string> {
  const server = await findTestServer()
  if (server === undefined) throw new Error('No test server: run tests by "npm run test:only -- <path>".')
  return server
}
