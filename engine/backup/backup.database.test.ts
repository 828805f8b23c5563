/** Backups of a real engine's database: taken under the engine's own roles, restored elsewhere, beside, and over what is there. */
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createZstdCompress, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditKeyOf, startSealer, verifyAudit } from '../audit/index.ts'
import { startRelay } from '../outbox/index.ts'
import { readMigrations } from '../platform/migrate.ts'
import { administer } from '../platform/server-admin.ts'
import { freshDatabase, type TestDatabase } from '../test/harness/database.ts'
import { PASSWORD, startWorkspace, type Client, type Workspace } from '../test/harness/workspace.ts'
import { pipeline } from 'node:stream/promises'
import { PassThrough } from 'node:stream'
import { sealing, sealOf } from './file-seal.ts'
import { LEFT_OUT } from './tables.ts'
import { BackupRefused, restoreBackup, type RestoreRequest, verifyBackup, writeBackup } from './index.ts'

const SECRET = 'secret-of-the-test-harness-0123456789'
const ENGINE = { name: 'nexus', version: '0.1.0', commit: 'test' }
const folder = mkdtempSync(join(tmpdir(), 'nexus-backup-'))
afterAll(() => rmSync(folder, { recursive: true }))
const schema = await readMigrations(join(import.meta.dirname, '../platform/migrations'))

const NAMES = ['Back\\slash', '\\.', 'Ünïcödé 🎈', 'NULL', '\\N', 'Seventh']
/** What a careless reader would take for ends of cells, rows and sections. */
const TEXT = 'tab\there, back\\slash\n\\.\nline\\nbreak\t\\N\n{"end":true}'

let origin: Workspace
let admin: Client
let acme: string
const file = join(folder, 'instance.backup')

async function back(path: string, workspace: Workspace, options: { tenant?: string; secret?: string } = {}) {
  const plain = new PassThrough()
  const [summary] = await Promise.all([
    writeBackup({ adminUrl: workspace.database.adminUrl, secret: options.secret ?? SECRET, engine: ENGINE, tenant: options.tenant }, plain),
    pipeline(plain, createZstdCompress(), sealing(), createWriteStream(path)),
  ])
  return summary
}

/** A file that is in order but for what is in it. */
function packed(content: Buffer): Buffer {
  const bytes = zstdCompressSync(content)
  return Buffer.concat([bytes, sealOf(createHash('sha256').update(bytes).digest())])
}

const sourceOf = (path: string, secret = SECRET) => ({ open: () => createReadStream(path), secret })

async function restore(path: string, database: TestDatabase, request: Partial<RestoreRequest> & { secret?: string } = {}) {
  const source = sourceOf(path, request.secret)
  const whole = { replace: false, otherSecret: false, schema, ...request }
  return restoreBackup(source, await verifyBackup(source), { ...whole, adminUrl: database.adminUrl })
}

async function seal(workspace: Workspace, secret = SECRET): Promise<void> {
  const { database, log } = workspace.wired
  const sealer = startSealer({ database, log, securityLog: { append: () => undefined, close: () => undefined }, key: auditKeyOf(secret) })
  await sealer.sealNow()
  await sealer.stop()
}

const count = async (database: TestDatabase, text: string, values: unknown[] = []): Promise<number> =>
  Number(
    (await administer(database.adminUrl, client => client.query<{ n: string }>(`select count(*) as n from nexus.${text}`, values))).rows[0]
      ?.n,
  )

beforeAll(async () => {
  origin = await startWorkspace()
  acme = (await origin.createTenant('acme')).id
  await origin.createTenant('beta')
  await origin.createTenant('empty', ['core'])
  admin = await origin.signIn('acme', 'admin@acme.test')
  for (const name of NAMES.slice(0, -1)) {
    const made = await admin('POST', '/api/records/customer', { name, description: TEXT })
    if (made.status !== 201) throw new Error(JSON.stringify(made.problem))
  }
  const beta = await origin.signIn('beta', 'admin@beta.test')
  await beta('POST', '/api/records/customer', { name: 'Of beta alone' })
  await seal(origin)
  const relay = startRelay({ database: origin.wired.database, log: origin.wired.log, streams: null, signals: null })
  await relay.relayNow()
  await relay.stop()
  // One row that has no seal yet, one event that has no place yet.
  await admin('POST', '/api/records/customer', { name: 'Seventh' })
  await back(file, origin)
}, 60_000)

async function customersOf(workspace: Workspace, tenant: string): Promise<string[]> {
  const client = await workspace.signIn(tenant, 'admin@acme.test')
  const { data } = await client<{ name: string }[]>('GET', '/api/records/customer?select=name&sort=created_at&limit=100')
  return data.map(each => each.name)
}

describe('a whole installation', () => {
  test('comes back row for row, and works', async () => {
    const database = await freshDatabase()
    const { restored } = await restore(file, database)
    expect(restored.map(each => [each.key, each.mode])).toEqual([
      ['acme', 'new'],
      ['beta', 'new'],
      ['empty', 'new'],
    ])
    expect(restored[0]?.compared).toEqual(
      expect.arrayContaining(['record', 'record_search', 'record_history', 'audit', 'audit_seal', 'outbox', 'credential', 'tenant']),
    )
    const again = await startWorkspace({ database })
    expect(await customersOf(again, 'acme')).toEqual(NAMES)
    const client = await again.signIn('acme', 'admin@acme.test')
    const texts = await client<{ description: string | null }[]>('GET', '/api/records/customer?select=description&sort=created_at')
    expect(texts.data.map(each => each.description)).toEqual([...NAMES.slice(1).map(() => TEXT), null])
    expect((await (await again.signIn('beta', 'admin@beta.test'))<unknown[]>('GET', '/api/records/customer')).data).toHaveLength(1)
    const found = await client<{ name: string }[]>(
      'GET',
      `/api/records/customer?select=name&where=${encodeURIComponent('{"name":{"contains":"slash"}}')}`,
    )
    expect(found.data.map(each => each.name)).toEqual(['Back\\slash'])
    await seal(again)
    expect(await verifyAudit(again.wired.database, acme, { key: auditKeyOf(SECRET) })).toMatchObject({ intact: true, unsealed: 0 })
    expect(await count(database, `audit where action = 'tenant.restored'`)).toBe(3)
  }, 60_000)

  test('holds no session: whoever was signed in signs in again', async () => {
    const database = await freshDatabase()
    await restore(file, database)
    expect(await count(origin.database, 'session')).toBeGreaterThan(0)
    expect(await count(database, 'session')).toBe(0)
    const again = await startWorkspace({ database })
    const login = await again.client('')<{ access_token: string }>('POST', '/api/auth/login', {
      tenant: 'acme',
      email: 'admin@acme.test',
      password: PASSWORD,
    })
    expect(login.status).toBe(200)
    const old = await origin.client('')<{ access_token: string }>('POST', '/api/auth/login', {
      tenant: 'acme',
      email: 'admin@acme.test',
      password: PASSWORD,
    })
    expect((await again.client(old.data.access_token)('GET', '/api/me')).status).toBe(401)
  }, 60_000)

  test('keeps the places of events, and gives the open one its own', async () => {
    const database = await freshDatabase()
    await restore(file, database)
    const places = (url: string) =>
      administer(
        url,
        async client => (await client.query('select id, sequence from nexus.outbox where tenant_id = $1 order by written', [acme])).rows,
      )
    expect(await places(database.adminUrl)).toEqual(await places(origin.database.adminUrl))
  }, 60_000)

  test('taken up again after it was broken off, it brings what is missing', async () => {
    const database = await freshDatabase()
    const source = sourceOf(file)
    const verified = await verifyBackup(source)
    const broken = restoreBackup(source, verified, {
      replace: false,
      otherSecret: false,
      schema,
      adminUrl: database.adminUrl,
      progress: key => {
        if (key === 'beta') throw new Error('broken off')
      },
    })
    await expect(broken).rejects.toThrow('broken off')
    expect(await count(database, 'tenant')).toBe(1)
    const { restored, there_already: there } = await restore(file, database)
    expect([restored.map(each => each.key), there.map(each => each.key)]).toEqual([['beta', 'empty'], ['acme']])
    expect(await count(database, `audit where action = 'tenant.restored'`)).toBe(3)
  }, 60_000)

  test('is refused where other tenants are, and changes nothing', async () => {
    const before = await count(origin.database, 'audit')
    await expect(restore(file, origin.database)).rejects.toMatchObject({ reason: 'not_alone' })
    expect(await count(origin.database, 'audit')).toBe(before)
  })
})

describe('one tenant', () => {
  test('out of a whole backup, into an installation that has others', async () => {
    const database = await freshDatabase()
    const other = await startWorkspace({ database })
    await other.createTenant('gamma')
    expect((await restore(file, database, { tenant: 'acme' })).restored).toMatchObject([{ key: 'acme', id: acme, mode: 'new' }])
    expect(await customersOf(other, 'acme')).toEqual(NAMES)
    expect(await count(database, 'tenant')).toBe(2)
    await expect(restore(file, database, { tenant: 'acme' })).rejects.toMatchObject({ reason: 'there_already' })
  }, 60_000)

  test('as a copy beside itself: same content, nobody’s keys, a stream and a chain of its own', async () => {
    const key = await admin<{ key: string }>('POST', '/api/admin/api_keys', { name: 'Robot', roles: ['admin'] })
    expect(key.status).toBe(201)
    const path = join(folder, 'acme.backup')
    await back(path, origin, { tenant: 'acme' })
    const [copy] = (await restore(path, origin.database, { asKey: 'acme-test' })).restored
    expect(copy?.id).not.toBe(acme)
    expect(copy?.chain).toMatchObject({ seals: 1, first_break: null })
    expect(await customersOf(origin, 'acme-test')).toEqual(NAMES)
    const client = await origin.signIn('acme-test', 'admin@acme.test')
    const hits = await client<{ name: string }[]>(
      'GET',
      '/api/records/customer?select=name&where=' + encodeURIComponent(JSON.stringify({ name: { contains: 'eventh' } })),
    )
    expect(hits.data.map(each => each.name)).toEqual(['Seventh'])

    const [, , id, secret] = key.data.key.split('.')
    expect((await origin.client(key.data.key)('GET', '/api/me')).status).toBe(200)
    expect((await origin.client(`${copy?.id}.key.${id}.${secret}`)('GET', '/api/me')).status).toBe(401)
    expect(await count(origin.database, 'outbox where tenant_id = $1', [copy?.id])).toBe(0)
    await client('POST', '/api/records/customer', { name: 'Only in the copy' })
    expect(await customersOf(origin, 'acme')).toEqual(NAMES)

    await seal(origin)
    for (const tenant of [acme, copy?.id ?? ''])
      expect(await verifyAudit(origin.wired.database, tenant, { key: auditKeyOf(SECRET) })).toMatchObject({ intact: true, unsealed: 0 })
    await expect(restore(path, origin.database, { asKey: 'acme-test' })).rejects.toMatchObject({ reason: 'there_already' })
  }, 60_000)
})

describe('a tenant that is put back', () => {
  test('has the content of then; its ledgers, epochs, revocations and numbers go on', async () => {
    const workspace = await startWorkspace()
    const { id } = await workspace.createTenant('acme')
    const client = await workspace.signIn('acme', 'admin@acme.test')
    const first = await client<{ id: string }>('POST', '/api/records/customer', { name: 'Kept' })
    const revoked = await client<{ id: string; key: string }>('POST', '/api/admin/api_keys', { name: 'Leaked', roles: ['admin'] })
    await seal(workspace)
    const path = join(folder, 'set-back.backup')
    await back(path, workspace, { tenant: 'acme' })
    await client('PATCH', `/api/records/customer/${first.data.id}`, { name: 'Changed' }, { 'if-match': '"1"' })
    await client('POST', '/api/records/customer', { name: 'Later' })
    expect((await client('DELETE', `/api/admin/api_keys/${revoked.data.id}`)).status).toBe(204)
    await expect(restore(path, workspace.database)).rejects.toMatchObject({ reason: 'there_already' })
    const [events, audit] = [await count(workspace.database, 'outbox'), await count(workspace.database, 'audit')]

    const { restored } = await restore(path, workspace.database, { replace: true })
    expect(restored).toMatchObject([{ id, key: 'acme', mode: 'replace' }])
    expect((await client('GET', '/api/me')).status).toBe(401)
    expect(await customersOf(workspace, 'acme')).toEqual(['Kept'])
    expect(await count(workspace.database, 'record_history where record_id = $1', [first.data.id])).toBe(1)
    expect(await count(workspace.database, 'outbox')).toBe(events)
    // The restore and the sign-in after it.
    expect(await count(workspace.database, 'audit')).toBeGreaterThan(audit)
    expect((await workspace.client(revoked.data.key)('GET', '/api/me')).status).toBe(401)
    await seal(workspace)
    expect(await verifyAudit(workspace.wired.database, id, { key: auditKeyOf(SECRET) })).toMatchObject({ intact: true })
    const again = await workspace.signIn('acme', 'admin@acme.test')
    expect((await again('PATCH', `/api/records/customer/${first.data.id}`, { name: 'Goes on' }, { 'if-match': '"1"' })).status).toBe(200)
  }, 60_000)
})

describe('a file that is not what it was is refused before anything changes', () => {
  let bytes: Buffer
  let database: TestDatabase
  beforeAll(async () => {
    bytes = readFileSync(file)
    database = await freshDatabase()
  })

  async function refusal(content: Buffer | string, request: Partial<RestoreRequest> & { secret?: string } = {}): Promise<string> {
    const path = join(folder, 'bad.backup')
    writeFileSync(path, content)
    const reason = await restore(path, database, request).then(
      () => 'taken',
      (error: unknown) => (error instanceof BackupRefused ? error.reason : String(error)),
    )
    expect(await count(database, 'tenant')).toBe(0)
    expect(await count(database, 'record')).toBe(0)
    return reason
  }
  const flipped = (source: Buffer, at: number, bit = 0): Buffer => {
    const copy = Buffer.from(source)
    copy.writeUInt8(copy.readUInt8(at) ^ (1 << bit), at)
    return copy
  }

  test('a flipped bit, wherever it is', async () => {
    // The unused bit of the head of a frame, and others that unpack to the same, among them.
    const places = [4, ...Array.from({ length: 24 }, (_, n) => Math.floor(((n + 0.5) / 24) * bytes.length)), bytes.length - 1]
    for (const at of places)
      for (const bit of [0, 4]) {
        const reason = await refusal(flipped(bytes, at, bit))
        expect([at, bit, ['damaged', 'not_a_backup', 'newer'].includes(reason)]).toEqual([at, bit, true])
      }
  }, 60_000)

  test('a flipped bit under a compression that was made anew', async () => {
    const plain = zstdDecompressSync(bytes)
    const row = plain.indexOf('Seventh')
    expect(row).toBeGreaterThan(0)
    expect(await refusal(packed(flipped(plain, row)))).toBe('damaged')
  })

  test('rows changed together with their digest: the signature knows', async () => {
    const text = zstdDecompressSync(bytes).toString('utf8')
    const [before = '', rest = ''] = text.split(/(?<="table":"credential","tenant":"[^"]*","columns":\[[^\]]*\]\}\n)/)
    const [rows = ''] = rest.split('\\.\n')
    const forged = rows.replace('{admin}', '{owner}')
    expect(forged).not.toBe(rows)
    const sha = (value: string): string => createHash('sha256').update(value).digest('hex')
    const whole = before + text.slice(before.length).replace(rows, forged).replace(sha(rows), sha(forged))
    expect(await refusal(packed(Buffer.from(whole)))).toBe('damaged')
  })

  test('one that ends early, or goes on after its end', async () => {
    const plain = zstdDecompressSync(bytes)
    expect(await refusal(bytes.subarray(0, bytes.length - 1))).toBe('damaged')
    expect(await refusal(bytes.subarray(0, Math.floor(bytes.length / 2)))).toBe('damaged')
    expect(await refusal(packed(plain.subarray(0, plain.lastIndexOf('{"end"'))))).toBe('damaged')
    expect(await refusal(packed(plain.subarray(0, Math.floor(plain.length * 0.6))))).toBe('damaged')
    expect(await refusal(packed(Buffer.concat([plain, Buffer.from('more\n')])))).toBe('damaged')
    const lines = plain.toString('utf8')
    const section = /\{"table":"record_recent"[^\n]*\n[\s\S]*?\\\.\n[^\n]*\n/.exec(lines)?.[0] ?? ''
    expect(section.length).toBeGreaterThan(0)
    expect(await refusal(packed(Buffer.from(lines.replace(section, ''))))).toBe('damaged')
  })

  test('what never was one', async () => {
    expect(await refusal('')).toBe('not_a_backup')
    expect(await refusal('select 1;')).toBe('not_a_backup')
    expect(await refusal(packed(Buffer.from('{"a":1}\n')))).toBe('not_a_backup')
    expect(await refusal(packed(Buffer.from('not json')))).toBe('not_a_backup')
  })

  test('of a newer or an older version, of another installation, of another tenant', async () => {
    expect(await refusal(bytes, { schema: schema.slice(0, -1) })).toBe('newer')
    expect(await refusal(bytes, { schema: [...schema, { number: 999, name: '999-later.sql', checksum: 'x' }] })).toBe('older')
    const text = zstdDecompressSync(bytes).toString('utf8')
    expect(await refusal(packed(Buffer.from(text.replace('"nexus_backup":1', '"nexus_backup":2'))))).toBe('newer')
    expect(await refusal(bytes, { secret: 'another-secret-of-an-installation-9876' })).toBe('other_secret')
    expect(await refusal(bytes, { tenant: 'nobody' })).toBe('not_in_it')
    expect(await refusal(bytes, { asKey: 'copy' })).toBe('not_in_it')
    expect(await refusal(bytes, { tenant: 'acme', replace: true })).toBe('not_there')
    expect(await refusal(bytes, { tenant: 'acme', asKey: 'Not a key' })).toBe('no_key')
  })
})

test('a backup of another installation, once it is trusted, is sealed by this one', async () => {
  const database = await freshDatabase()
  const secret = 'another-secret-of-an-installation-9876'
  const { restored } = await restore(file, database, { secret, otherSecret: true })
  expect(restored[0]?.chain).toMatchObject({ first_break: null })
  const workspace = await startWorkspace({ database })
  await seal(workspace, secret)
  expect(await verifyAudit(workspace.wired.database, acme, { key: auditKeyOf(secret) })).toMatchObject({ intact: true, unsealed: 0 })
}, 60_000)

test('a backup is one moment: writers before and after, none of them by half', async () => {
  const path = join(folder, 'moment.backup')
  let stop = false
  const writing = (async () => {
    let made = 0
    while (!stop) {
      await admin('POST', '/api/records/customer', { name: `Written while ${(made += 1)}` })
    }
    return made
  })()
  await back(path, origin)
  stop = true
  expect(await writing).toBeGreaterThan(0)
  const database = await freshDatabase()
  await restore(path, database)
  // Each change is a record, a history and an event together.
  const [records, histories] = [
    await count(database, 'record where tenant_id = $1 and version > 0', [acme]),
    await count(database, 'record_history where tenant_id = $1 and version = 1', [acme]),
  ]
  expect(records).toBe(histories)
  const told = await count(
    database,
    `outbox where tenant_id = $1 and envelope ->> 'type' = 'nexus.record.created' and envelope ->> 'subject' like 'customer/%'`,
    [acme],
  )
  const customers = await count(
    database,
    `outbox o where tenant_id = $1 and envelope ->> 'type' = 'nexus.record.created' and exists (select 1 from nexus.record r where r.tenant_id = o.tenant_id and 'customer/' || r.id = o.envelope ->> 'subject')`,
    [acme],
  )
  expect(customers).toBe(told)
}, 60_000)

test('a login that is a member of the roles and no superuser does both', async () => {
  const database = await freshDatabase()
  const login = `backup_login_${randomBytes(4).toString('hex')}`
  const roles = 'nexus_owner, nexus_engine, nexus_relay, nexus_search, nexus_jobs'
  await administer(database.adminUrl, client =>
    client.query(`create role ${login} login password 'x' nosuperuser; grant ${roles} to ${login}`),
  )
  const as = (url: string): string => {
    const changed = new URL(url)
    changed.username = login
    changed.password = 'x'
    return changed.href
  }
  try {
    const path = join(folder, 'member.backup')
    await back(path, { ...origin, database: { ...origin.database, adminUrl: as(origin.database.adminUrl) } }, { tenant: 'beta' })
    const member = { ...database, adminUrl: as(database.adminUrl) }
    expect((await restore(path, member)).restored).toMatchObject([{ key: 'beta', mode: 'new' }])
    expect((await restore(path, member, { replace: true })).restored).toMatchObject([{ key: 'beta', mode: 'replace' }])
    expect((await restore(path, member, { asKey: 'beta-2' })).restored).toMatchObject([{ key: 'beta-2', mode: 'copy' }])
  } finally {
    await administer(database.adminUrl, client => client.query(`drop role ${login}`))
  }
}, 60_000)

test('every table of tenants is carried, or left out on purpose', async () => {
  const rows = await administer(
    origin.database.adminUrl,
    async client =>
      (
        await client.query<{ name: string; tenant: boolean }>(
          `select c.relname::text as name, exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id') as tenant
             from pg_class c join pg_namespace s on s.oid = c.relnamespace where s.nspname = 'nexus' and c.relkind in ('r', 'p') and not c.relispartition`,
        )
      ).rows,
  )
  // Whoever adds a table that belongs to no tenant has to say what a backup does with it.
  expect(
    rows
      .filter(row => !row.tenant)
      .map(row => row.name)
      .sort(),
  ).toEqual(['migration', 'tenant'])
  expect(rows.map(row => row.name)).toEqual(expect.arrayContaining([...LEFT_OUT]))
})
