/** The doctor on a server of its own, since roles belong to the whole server: each thing is broken for real, named by him, and mended as he says. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startSealer, auditKeyOf } from '../../audit/index.ts'
import { routes } from '../../http/inventory.ts'
import { newId } from '../../kernel/ids.ts'
import { readConfig } from '../../kernel/config.ts'
import { createLog } from '../../kernel/log.ts'
import { startRelay } from '../../outbox/index.ts'
import { longSession } from '../../platform/long-session.ts'
import { administer } from '../../platform/server-admin.ts'
import { createRecord } from '../../records/index.ts'
import { startTestServer } from '../../test/harness/server.ts'
import { recordContextOf, requestOf } from '../command-engine.ts'
import { openGround } from '../main.ts'
import { buildEngine, type Wired } from '../wiring.ts'
import { examine } from './examine.ts'
import { lookAtClock, lookAtServer } from './look-at-server.ts'
import { lookAtUpkeep, UPKEEP, type UpkeepLimits } from './look-at-upkeep.ts'
import type { Verdict } from './verdict.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })
const folder = mkdtempSync(join(tmpdir(), 'nexus-doctor-'))
const SECRET = 'secret-of-the-doctor-test-0123456789'
let server: Awaited<ReturnType<typeof startTestServer>>
let env: NodeJS.ProcessEnv
let wired: Wired
let tenant: string
let customer: string

beforeAll(async () => {
  server = await startTestServer(() => undefined)
  env = {
    NEXUS_DATA_DIR: folder,
    NODE_ENV: 'test',
    NEXUS_SECRET: SECRET,
    DATABASE_URL: server.adminUrl,
    REDIS_URL: 'redis://127.0.0.1:9',
    PORT: '9',
  }
  const { config } = readConfig(env, () => ({ secret: SECRET, operator_token: 'operator-token-of-the-doctor-test' }))
  if (config === undefined) throw new Error('The settings of the test are wrong.')
  const ground = await openGround(config, () => undefined)
  const log = createLog(undefined, 'silent')
  wired = await buildEngine({ config, databaseUrl: ground.databaseUrl, redisUrl: undefined, background: false, log })
  const visit = {
    now: new Date(),
    ip: '127.0.0.1',
    traceId: '0'.repeat(32),
    traceparent: '',
    route: 'test',
    caller: null,
    userAgent: null,
    locale: 'en' as const,
  }
  const admin = { email: 'admin@acme.test', password: 'correct horse battery' }
  tenant = (
    await wired.identity.tenants.create({ key: 'acme', name: 'Acme', packs: ['sales'], admin, locale: 'en', currency: 'EUR' }, visit)
  ).id
  const ctx = await recordContextOf(wired, await requestOf(wired, 'acme', admin.email, 'test'))
  customer = (await createRecord(ctx, 'customer', { name: 'Alder' })).id
  await catchUp()
  await run('select nexus.ensure_partitions(2)')
})
afterAll(async () => {
  await wired.close()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** What a worker does. */
async function catchUp(): Promise<void> {
  const { database, log } = wired
  const sealer = startSealer({ database, log, securityLog: { append: () => undefined, close: () => undefined }, key: auditKeyOf(SECRET) })
  await sealer.sealNow()
  await sealer.stop()
  const relay = startRelay({ database, log, streams: null, signals: null })
  await relay.relayNow()
  await relay.stop()
}

const run = (text: string): Promise<unknown> => administer(server.adminUrl, client => client.query(text))
const look = (changes: NodeJS.ProcessEnv = {}): Promise<Verdict[]> =>
  examine({ env: { ...env, ...changes }, tenant: undefined, sample: 50, seconds: 60 }, () => undefined)
/** The server of tests gives up durability, and there is no Redis at that port: both are named, always. */
const AS_STARTED = ['server', 'redis']
const news = (verdicts: readonly Verdict[]): Verdict[] =>
  verdicts.filter(each => (each.level === 'wrong' || each.level === 'warning') && ![...AS_STARTED, 'versions'].includes(each.check))

test('a sound installation is well, apart from what it was started with', async () => {
  const verdicts = await look()
  expect(news(verdicts)).toEqual([])
  expect(verdicts.filter(each => AS_STARTED.includes(each.check))).toMatchObject([
    { level: 'wrong', found: expect.stringContaining('fsync') },
    { level: 'wrong', found: expect.stringContaining('Redis does not answer') },
  ])
  expect(verdicts.map(each => each.check)).toEqual(
    expect.arrayContaining([
      'settings',
      'disk',
      'versions',
      'clock',
      'server',
      'roles',
      'schema',
      'row security',
      'events',
      'seals',
      'jobs',
      'days',
      'tenants',
    ]),
  )
  expect(verdicts.at(-1)?.found).toMatch(/^1 compile and have an administrator; \d+ seals fit; \d+ records say the same/)
})

describe('what keeps tenants apart', () => {
  test.each([
    ['roles', 'alter role nexus_engine bypassrls', 'nexus_engine is past row security'],
    ['roles', 'alter role nexus_relay login', 'nexus_relay can sign in by itself'],
    ['roles', 'grant nexus_jobs to nexus_engine', 'nexus_engine can become nexus_jobs'],
    ['row security', 'alter table nexus.record_link no force row level security', 'Row security of nexus.record_link is not forced'],
    ['row security', 'alter table nexus.record disable row level security', 'nexus.record has no row security'],
    [
      'row security',
      'create policy helpful on nexus.record to nexus_engine using (true)',
      'The policy helpful of nexus.record does not ask for the tenant',
    ],
    ['row security', 'create policy helpful on nexus.job using (true)', 'The policy helpful of nexus.job does not ask for the tenant'],
    ['row security', 'grant select on nexus.audit_default to nexus_engine', 'The partition nexus.audit_default is open to nexus_engine'],
    ['row security', 'create table nexus.extra (tenant_id uuid)', 'nexus.extra has no row security'],
  ])('%s: %s', async (check, breaking, words) => {
    await run(breaking)
    try {
      const found = news(await look())
      const named = found.find(each => each.found.includes(words))
      expect(named, JSON.stringify(found)).toMatchObject({ check, level: 'wrong' })
      if (!breaking.startsWith('create table')) {
        await run(named?.mend ?? '')
        expect(news(await look())).toEqual([])
      }
    } finally {
      await run('drop table if exists nexus.extra')
    }
  })

  test('the schema: an index that is not valid, mended as he says', async () => {
    await run(`update pg_index set indisvalid = false where indexrelid = 'nexus.record_t1'::regclass`)
    const [named] = news(await look())
    expect(named).toMatchObject({ check: 'schema', level: 'wrong', found: expect.stringContaining('nexus.record_t1 is not used') })
    await run(named?.mend ?? '')
    expect(news(await look())).toEqual([])
  })

  test('a table without its policy', async () => {
    await run('drop policy draft_of_tenant on nexus.draft')
    expect(news(await look())).toMatchObject([{ check: 'row security', found: 'nexus.draft has no policy for nexus_engine' }])
    const mine = `(tenant_id = current_setting('nexus.tenant_id')::uuid)`
    await run(`create policy draft_of_tenant on nexus.draft to nexus_engine using ${mine} with check ${mine}`)
  })

  test.each([
    ['a migration that did not run', `delete from nexus.migration where number = 5`, 'The database lacks 005-search.sql'],
    ['one of a newer version', `insert into nexus.migration values (999, '999-later.sql', 'x')`, 'newer than this program: 999-later.sql'],
    ['one that was changed', `update nexus.migration set checksum = 'x' where number = 3`, '003-security.sql was changed after it ran'],
  ])('the schema: %s', async (_, breaking, words) => {
    await run('create table public.kept as select * from nexus.migration')
    await run(breaking)
    const verdicts = await look()
    expect(news(verdicts)).toMatchObject([{ check: 'schema', level: 'wrong', found: expect.stringContaining(words) }])
    // Tables of another schema are not looked at by a program that does not know them.
    expect(verdicts.at(-1)).toMatchObject({ level: 'skipped' })
    await run('delete from nexus.migration; insert into nexus.migration select * from public.kept; drop table public.kept')
  })
})

describe('what is done in the background', () => {
  const old = `now() - interval '10 minutes'`
  const job = (status: string, leased: string): string =>
    `insert into nexus.job (tenant_id, id, kind, status, payload, leased_until, created_at, updated_at) values ('${tenant}', '${newId()}', 'import', '${status}', '{}', ${leased}, ${old}, ${old})`

  test.each([
    [
      'events',
      `insert into nexus.outbox (tenant_id, id, at, envelope) values ('$T', '${newId()}', ${old}, '{}')`,
      /^1 event without a place in the stream, the first for 10 min/,
      'delete from nexus.outbox where sequence is null',
    ],
    [
      'seals',
      `insert into nexus.audit_unsealed values ('$T', ${old}, '${newId()}')`,
      /^1 row of the audit without a seal, the first for 10 min/,
      'delete from nexus.audit_unsealed',
    ],
    ['jobs', '$STALLED', /^1 job that nobody works on/, 'delete from nexus.job'],
    ['jobs', '$FAILED', /^1 failed job of the kind import/, 'delete from nexus.job'],
  ])('%s that wait or fail', async (check, breaking, words, undo) => {
    await run(breaking.replace('$T', tenant).replace('$STALLED', job('running', old)).replace('$FAILED', job('failed', 'null')))
    const found = news(await look())
    expect(found.map(each => each.check)).toEqual([check])
    expect(found[0]?.found).toMatch(words)
    expect(found[0]?.mend).not.toBe('')
    const addresses = [...(found[0]?.mend ?? '').matchAll(/\bGET (\/[^\s?]*)/g)].map(([, path = '']) =>
      path.replaceAll(/\{(\w+)\}/g, ':$1'),
    )
    expect(routes.map(route => route.path)).toEqual(expect.arrayContaining(addresses))
    await run(undo)
  })

  test('a day that is not made', async () => {
    const [{ name }] = await administer(
      server.adminUrl,
      async client => (await client.query(`select 'nexus.audit_' || to_char(current_date + 1, 'YYYYMMDD') as name`)).rows,
    )
    await run(`drop table ${name}`)
    expect(news(await look())).toMatchObject([{ check: 'days', level: 'warning', found: expect.stringContaining('audit_') }])
    await run('select nexus.ensure_partitions(2)')
  })
})

describe('tenants', () => {
  test.each([
    [
      'audit',
      `update nexus.audit set action = 'nothing.happened' where action = 'tenant.created'`,
      `update nexus.audit set action = 'tenant.created' where action = 'nothing.happened'`,
      /^The audit of acme is broken: row changed, row /,
    ],
    ['records', `update nexus.record set t1 = 'zzz' where id = '$C'`, '', /^1 record of customer in acme with another slot in /],
    [
      'records',
      `update nexus.record_history set version = 7 where record_id = '$C'`,
      `update nexus.record_history set version = 1 where record_id = '$C'`,
      /with another history in version than the values give/,
    ],
    ['tenants', `update nexus.credential set locked = true`, 'update nexus.credential set locked = false', /^Nobody administers acme$/],
  ])('%s: %s', async (check, breaking, undo, words) => {
    const before = await administer(
      server.adminUrl,
      async client => (await client.query('select t1 from nexus.record where id = $1', [customer])).rows[0],
    )
    await run(breaking.replace('$C', customer))
    const found = news(await look())
    expect(found.map(each => each.check)).toContain(check)
    expect(found.find(each => each.check === check)?.found).toMatch(words)
    await administer(server.adminUrl, client => client.query('update nexus.record set t1 = $1 where id = $2', [before.t1, customer]))
    if (undo !== '') await run(undo.replace('$C', customer))
    expect(news(await look())).toEqual([])
  })

  test('metadata that does not compile', async () => {
    await run(`update nexus.revision set overlay = '[{"kind": "entity", "key": "broken"}]'`)
    const found = news(await look())
    expect(found).toMatchObject([
      {
        check: 'tenants',
        level: 'wrong',
        found: expect.stringMatching(/^The metadata of acme does not compile, so nobody signs in to it: entity broken \/label \(/),
      },
    ])
    await run(`update nexus.revision set overlay = '[]'`)
  })

  test('an audit that was sealed with another secret', async () => {
    const found = news(await look({ NEXUS_SECRET: 'another-secret-of-an-installation-9876' }))
    expect(found).toMatchObject([
      { check: 'audit', found: expect.stringContaining('seal changed, seal 1'), mend: expect.stringContaining('Is NEXUS_SECRET the one') },
    ])
  })

  test('one that does not exist, and what there was no time for', async () => {
    const asked = (changes: object) => examine({ env, tenant: undefined, sample: 10, seconds: 60, ...changes }, () => undefined)
    expect(news(await asked({ tenant: 'acne' }))).toMatchObject([{ found: 'There is no tenant “acne”' }])
    expect((await asked({ seconds: 0 })).filter(each => each.level === 'skipped')).toMatchObject([
      { found: expect.stringContaining('no time left for 1 of 1 tenants') },
    ])
  })
})

describe('the server and the machine', () => {
  test('a clock that is wrong', async () => {
    const skewed = (ms: number) => longSession(server.adminUrl, 'test', session => lookAtClock(session, () => Date.now() + ms))
    expect(await skewed(0)).toMatchObject([{ level: 'ok' }])
    expect(await skewed(-2_000)).toMatchObject([{ level: 'warning', found: expect.stringMatching(/(19|20)\d\d ms apart/) }])
    expect(await skewed(60_000)).toMatchObject([{ level: 'wrong' }])
  })

  test('a connection that sits in a transaction, ended as he says', async () => {
    const client = new pg.Client({ connectionString: server.adminUrl, application_name: 'forgotten' })
    client.on('error', () => undefined)
    await client.connect()
    await client.query('begin')
    await client.query('select 1')
    const seen = () =>
      longSession(server.adminUrl, 'test', session => lookAtServer(session, { longSeconds: 600, idleSeconds: 0, blockedSeconds: 60 }))
    const named = (await seen()).find(each => each.found.startsWith('forgotten'))
    expect(named).toMatchObject({ level: 'wrong', found: expect.stringContaining('sits in an open transaction') })
    await run(named?.mend ?? '')
    expect((await seen()).filter(each => each.found.startsWith('forgotten'))).toEqual([])
  })

  test('what a plain login is not shown, mended as he says', async () => {
    await run(`create role plain login password 'plain-login-of-the-test'`)
    const [holder, url] = [new pg.Client({ connectionString: server.adminUrl }), new URL(server.adminUrl)]
    holder.on('error', () => undefined)
    await holder.connect()
    Object.assign(url, { username: 'plain', password: 'plain-login-of-the-test' })
    const seen = () => longSession(url.href, 'test', session => lookAtServer(session))
    const hidden = async () => (await seen()).filter(each => each.found.includes('can not be seen'))
    const [named] = await hidden()
    expect(named).toMatchObject({ level: 'warning', found: expect.stringMatching(/^What \d+ sessions? of .* can not be seen by plain$/) })
    await run(named?.mend ?? '')
    expect(await hidden()).toEqual([])
    await holder.end()
    await run('drop role plain')
  })

  test('who waits for a lock, and for whom, ended as he says', async () => {
    const open = async (name: string): Promise<pg.Client> => {
      const client = new pg.Client({ connectionString: server.adminUrl, application_name: name })
      client.on('error', () => undefined)
      await client.connect()
      return client
    }
    const [holder, first, second] = [await open('holder'), await open('first'), await open('second')]
    await holder.query('begin; lock table nexus.draft')
    const waiting = [first, second].map(client => client.query('select 1 from nexus.draft').catch(() => undefined))
    const seen = () =>
      longSession(server.adminUrl, 'test', session => lookAtServer(session, { longSeconds: 600, idleSeconds: 600, blockedSeconds: 0 }))
    const named = async () => (await seen()).filter(each => each.found.includes('wait'))
    await expect
      .poll(named)
      .toMatchObject([{ level: 'wrong', found: expect.stringMatching(/^2 sessions wait for what holder \(process \d+\) holds/) }])
    await run((await named())[0]?.mend ?? '')
    await Promise.all(waiting)
    expect(await named()).toEqual([])
    await Promise.all([first, second].map(client => client.end()))
  })

  test('transactions that are read-only, mended as he says', async () => {
    await run('alter database nexus set default_transaction_read_only = on')
    const words = (await look()).find(each => each.found.includes('read-only'))
    expect(words).toMatchObject({ check: 'server', level: 'wrong' })
    await administer(server.adminUrl, async client => {
      await client.query('set default_transaction_read_only = off')
      await client.query(words?.mend?.split(';')[0] ?? '')
    })
    expect((await look()).filter(each => each.found.includes('read-only'))).toEqual([])
  })

  test('a server that is not tidied up, mended as he says', async () => {
    await run('alter system set autovacuum = off')
    await run('select pg_reload_conf()')
    await expect.poll(async () => news(await look()).map(each => each.check), { timeout: 20_000 }).toEqual(['upkeep'])
    const [off] = news(await look())
    expect(off).toMatchObject({ level: 'wrong', found: expect.stringContaining('autovacuum is off') })
    for (const text of (off?.mend ?? '').split(/(?<=;) /).slice(0, 3)) await run(text)
    await expect.poll(async () => news(await look()), { timeout: 20_000 }).toEqual([])
  })

  test('what is kept for who does not come, ids that run out, tables the planner knows nothing of', async () => {
    const seen = (limits: Partial<UpkeepLimits>) =>
      longSession(server.adminUrl, 'test', session => lookAtUpkeep(session, { ...UPKEEP, ...limits }))
    await run(`select pg_create_physical_replication_slot('gone', true)`)
    const [kept] = await seen({ keptBytes: 0 })
    expect(kept).toMatchObject({ level: 'wrong', found: expect.stringContaining('for the replication slot gone') })
    expect(await seen({})).toMatchObject([{ level: 'ok' }])
    await run(/select .*;/.exec(kept?.mend ?? '')?.[0] ?? '')
    expect(await seen({ keptBytes: 0 })).toMatchObject([{ level: 'ok' }])
    expect(await seen({ age: 0 })).toMatchObject([{ level: 'warning', found: expect.stringMatching(/^\d+ million transactions/) }])
    expect(await seen({ age: 0, wrongAge: 0 })).toMatchObject([{ level: 'wrong', mend: expect.stringContaining('vacuum (freeze') }])
    await run('create table nexus.unseen (tenant_id uuid); insert into nexus.unseen select gen_random_uuid() from generate_series(1, 5000)')
    const [unseen] = await seen({ pages: 2 })
    expect(unseen).toMatchObject({ level: 'warning', found: expect.stringContaining('knows nothing of nexus.unseen') })
    await run(unseen?.mend ?? '')
    expect(await seen({ pages: 2 })).toMatchObject([{ level: 'ok' }])
    await run('drop table nexus.unseen')
  })

  test('files that others can read, and a folder that is not there', async () => {
    writeFileSync(join(folder, 'security.log'), '')
    chmodSync(join(folder, 'security.log'), 0o644)
    expect(news(await look())).toMatchObject([{ check: 'disk', level: 'wrong', mend: `chmod 600 ${join(folder, 'security.log')}` }])
    chmodSync(join(folder, 'security.log'), 0o600)
  })

  test('a database that is not there is said at once', async () => {
    const started = performance.now()
    const verdicts = await look({ DATABASE_URL: 'postgres://nexus:x@127.0.0.1:9/nexus' })
    expect(verdicts.at(-1)).toMatchObject({ check: 'database', level: 'wrong', found: expect.stringContaining('127.0.0.1:9') })
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
