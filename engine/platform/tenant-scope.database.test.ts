/** The two faces of the database against a real server: who sees what, what commits, what is thrown away. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../test/harness/database.ts'
import { createDatabase } from './postgres.ts'
import { NAMED_STATEMENTS_KEPT } from './prepared-statements.ts'
import { administer } from './server-admin.ts'
import { revealFailures, SqlFailure } from './sql-failure.ts'
import type { Database } from './types.ts'

const A = '00000000-0000-7000-8000-00000000000a'
const B = '00000000-0000-7000-8000-00000000000b'

let database: Database
let url: string
let adminUrl: string

beforeAll(async () => {
  ;({ url, adminUrl } = await freshDatabase())
  await administer(adminUrl, async client => {
    await client.query(`set role nexus_owner`)
    await client.query(`create table nexus.probe (tenant_id uuid not null, n int not null, primary key (tenant_id, n))`)
    await client.query(`alter table nexus.probe enable row level security`)
    await client.query(`alter table nexus.probe force row level security`)
    await client.query(
      `create policy own on nexus.probe to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid)
         with check (tenant_id = current_setting('nexus.tenant_id')::uuid)`,
    )
    await client.query(`grant select, insert, update, delete on nexus.probe to nexus_engine`)
  })
  database = createDatabase({ url, readers: 1, writers: 2, limits: { statementMs: 400, lockMs: 150, transactionMs: 600, connectMs: 500 } })
  for (const tenant of [A, B]) await add(tenant, 1)
})

afterAll(() => database.close())

const all = { text: 'select tenant_id, n from nexus.probe order by n', values: [] }
const add = (tenant: string, n: number): Promise<number> =>
  database.writeAs(tenant, connection => connection.execute({ text: 'insert into nexus.probe values ($1, $2)', values: [tenant, n] }))
const count = async (tenant: string): Promise<number> => (await database.readAs(tenant, connection => connection.run(all))).length
const one = async (text: string): Promise<unknown> =>
  (await database.readAs(A, connection => connection.run<{ value: unknown }>({ text, values: [] })))[0]?.value
const kindOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.then(
    () => 'no failure',
    (thrown: unknown) => thrown,
  )
  return error instanceof SqlFailure ? error.kind : String(error)
}

test('shows a tenant its own rows, whoever used the connection before', async () => {
  for (const tenant of [A, B, B, A]) {
    const rows = await database.readAs(tenant, connection => connection.run(all))
    expect(rows).toEqual([{ tenant_id: tenant, n: 1 }])
  }
})

test('writes as several tenants in one transaction, each statement as the tenant it is of, all of it or nothing', async () => {
  const insert = (tenant: string, n: number) => ({ text: 'insert into nexus.probe values ($1, $2)', values: [tenant, n] })
  const foreign = database.writeAsEach([A, B], async ([asA, asB]) => {
    await Promise.all([asA?.execute(insert(A, 50)), asB?.execute(insert(A, 51))])
  })
  expect(await kindOf(foreign)).toBe('other')
  expect(await Promise.all([count(A), count(B)])).toEqual([1, 1])
  const seen = await database.writeAsEach([A, B], async ([asA, asB]) => {
    const rows = await Promise.all([asA?.run(all), asB?.run(all), asA?.run(all)])
    asA?.commitAfterThis()
    await Promise.all([asB?.execute(insert(B, 52)), asA?.execute(insert(A, 52))])
    return rows.map(each => each?.map(row => row['tenant_id']))
  })
  expect(seen).toEqual([[A], [B], [A]])
  expect(await Promise.all([count(A), count(B)])).toEqual([2, 2])
  for (const tenant of [A, B])
    await database.writeAs(tenant, connection => connection.execute({ text: 'delete from nexus.probe where n = 52', values: [] }))
})

test('refuses to write a row of another tenant', async () => {
  const foreign = database.writeAs(A, connection => connection.execute({ text: 'insert into nexus.probe values ($1, 99)', values: [B] }))
  expect(await kindOf(foreign)).toBe('other')
  expect(await count(B)).toBe(1)
})

test.each([`${A}'; drop table nexus.probe; --`, A.toUpperCase(), '', 'null'])(
  'takes nothing but a lower-case UUID for a tenant: %s',
  async tenant => {
    await expect(database.readAs(tenant, connection => connection.run(all))).rejects.toThrow(TypeError)
    await expect(database.writeAs(tenant, connection => connection.run(all))).rejects.toThrow(TypeError)
  },
)

test('no statement of a request takes other cores', async () => {
  expect(await one(`select current_setting('max_parallel_workers_per_gather') as value`)).toBe('0')
})

test('can not write through the reading face', async () => {
  const write = database.readAs(A, connection => connection.execute({ text: 'insert into nexus.probe values ($1, 50)', values: [A] }))
  expect(await kindOf(write)).toBe('other')
  expect(await count(A)).toBe(1)
})

test('leaves no tenant behind on a writing connection', async () => {
  const small = createDatabase({ url, writers: 1 })
  await small.writeAs(A, connection => connection.run(all))
  await small.close()
  await expect(
    administer(adminUrl, async client => {
      await client.query('begin')
      await client.query(`set local nexus.tenant_id = '${A}'`)
      await client.query('commit')
      await client.query('set role nexus_engine')
      return client.query('select * from nexus.probe')
    }),
  ).rejects.toThrow('invalid input syntax for type uuid')
})

test('rolls back when the work throws, and the connection serves on', async () => {
  const work = database.writeAs(A, async connection => {
    await connection.execute({ text: 'insert into nexus.probe values ($1, 60)', values: [A] })
    throw new RangeError('changed my mind')
  })
  await expect(work).rejects.toThrow(RangeError)
  expect(await count(A)).toBe(1)
})

test('a swallowed failure still fails the transaction', async () => {
  const work = database.writeAs(A, async connection => {
    await connection.execute({ text: 'insert into nexus.probe values ($1, 61)', values: [A] })
    await connection.execute({ text: 'insert into nexus.probe values ($1, 61)', values: [A] }).catch(() => undefined)
    return 'done'
  })
  expect(await kindOf(work)).toBe('unique')
  expect(await count(A)).toBe(1)
})

test('names the constraint that refused, and nothing of the values', async () => {
  revealFailures(false)
  const failure = await add(A, 1).catch((error: unknown) => error)
  revealFailures()
  expect(failure).toMatchObject({ kind: 'unique', sqlState: '23505', constraint: 'probe_pkey' })
  expect(JSON.stringify(failure) + String(failure)).not.toContain(A)
})

test('a connection is of no use after its work', async () => {
  const kept = await database.readAs(A, async connection => connection)
  await expect(kept.run(all)).rejects.toThrow('after the work')
})

test('a statement that was not waited for does not commit', async () => {
  const work = database.writeAs(A, async connection => {
    void connection.run({ text: `select pg_sleep(0.2)`, values: [] }).catch(() => undefined)
  })
  expect(await kindOf(work)).toBe('other')
  expect(await count(A)).toBe(1)
})

const insert = (n: number): { text: string; values: readonly unknown[] } => ({
  text: 'insert into nexus.probe values ($1, $2)',
  values: [A, n],
})

test('a commit that goes out with the last statements commits them, and nothing comes after', async () => {
  const late = await database.writeAs(A, async connection => {
    await connection.execute(insert(80))
    connection.commitAfterThis()
    await Promise.all([connection.execute(insert(81)), connection.execute(insert(82))])
    return connection.execute(insert(83)).catch((error: unknown) => String(error))
  })
  expect(late).toContain('after the work')
  expect(await count(A)).toBe(4)
  await database.writeAs(A, connection => connection.execute({ text: 'delete from nexus.probe where n >= 80', values: [] }))
})

test('a commit that goes out with a statement that fails is not done, and the connection serves on', async () => {
  const pid = { text: 'select pg_backend_pid() as pid', values: [] }
  const small = createDatabase({ url, writers: 1 })
  const before = await small.writeAs(A, connection => connection.run(pid))
  const work = small.writeAs(A, async connection => {
    connection.commitAfterThis()
    await Promise.all([connection.execute(insert(84)), connection.execute(insert(1)), connection.execute(insert(85))])
  })
  expect(await kindOf(work)).toBe('unique')
  expect(await count(A)).toBe(1)
  expect(await small.writeAs(A, connection => connection.run(pid))).toEqual(before)
  await small.close()
})

test('nobody knows what became of a commit that was on its way when the connection was cut', async () => {
  const sleep = { text: 'select pg_sleep(0.35)', values: [] }
  const cut = database.writeAs(A, async connection => {
    connection.commitAfterThis()
    await Promise.all(Array.from({ length: 5 }, () => connection.run(sleep)))
  })
  expect(await kindOf(cut)).toBe('outcome_unknown')
  // Where the server itself says that it did not come so far, nothing was written.
  const ended = database.writeAs(A, async connection => {
    const [row] = await connection.run<{ pid: number }>({ text: 'select pg_backend_pid() as pid', values: [] })
    connection.commitAfterThis()
    const slow = connection.run({ text: 'select pg_sleep(0.3)', values: [] })
    await Promise.all([slow, administer(adminUrl, client => client.query('select pg_terminate_backend($1)', [row?.pid]))])
  })
  expect(await kindOf(ended)).toBe('unavailable')
})

test('what fails among statements sent together fails those after it, and not those before', async () => {
  const answers = await database
    .writeAs(A, async connection => {
      const sent = [insert(86), insert(1), insert(87)].map(each => connection.execute(each))
      const settled = await Promise.allSettled(sent)
      throw Object.assign(new Error('told'), { settled })
    })
    .catch((error: unknown) => (error as { settled: PromiseSettledResult<number>[] }).settled)
  expect(answers.map(each => (each.status === 'fulfilled' ? each.value : (each.reason as SqlFailure).kind))).toEqual([
    1,
    'unique',
    'unique',
  ])
  expect(await count(A)).toBe(1)
})

test('cuts a statement, a wait for a lock and a transaction that take too long', async () => {
  const sleep = { text: 'select pg_sleep(5)', values: [] }
  expect(await kindOf(database.readAs(A, connection => connection.run(sleep)))).toBe('statement_timeout')

  const lock = { text: 'select 1 from nexus.probe where n = 1 for update', values: [] }
  const second = database.writeAs(A, async first => {
    await first.run(lock)
    return kindOf(database.writeAs(A, connection => connection.run(lock)))
  })
  expect(await second).toBe('lock_timeout')

  const hanging = database.writeAs(A, async connection => {
    await connection.execute({ text: 'insert into nexus.probe values ($1, 62)', values: [A] })
    await new Promise(() => undefined)
  })
  expect(await kindOf(hanging)).toBe('transaction_timeout')
  expect(await count(A)).toBe(1)
})

test('throws a connection away after a timeout', async () => {
  const pid = (): Promise<unknown> => one('select pg_backend_pid() as value')
  const before = await pid()
  expect(await pid()).toBe(before)
  await kindOf(database.readAs(A, connection => connection.run({ text: 'select pg_sleep(5)', values: [] })))
  expect(await pid()).not.toBe(before)
})

test('tells two transactions in each other’s way from a fault', async () => {
  const both = Promise.withResolvers<void>()
  let holding = 0
  await add(A, 2)
  const crossing = (first: number, second: number): Promise<void> =>
    database.writeAs(A, async connection => {
      const lock = (n: number): Promise<unknown> =>
        connection.run({ text: 'select 1 from nexus.probe where n = $1 for update', values: [n] })
      await lock(first)
      if (++holding === 2) both.resolve()
      await both.promise
      await lock(second)
    })
  const kinds = await Promise.all([kindOf(crossing(1, 2)), kindOf(crossing(2, 1))])
  expect(kinds.filter(kind => kind === 'serialization' || kind === 'lock_timeout').length).toBeGreaterThan(0)
  await database.writeAs(A, connection => connection.execute({ text: 'delete from nexus.probe where n = 2', values: [] }))
})

test('sends one statement per message, so that text can not bring a second one along', async () => {
  expect(await kindOf(one('select 1 as value; delete from nexus.probe'))).toBe('other')
  expect(await count(A)).toBe(1)
})

test('is the engine role, and resetting it leads to nobody', async () => {
  expect(await one('select current_user::text as value')).toBe('nexus_engine')
  await database
    .asRole('nexus_jobs', async run => {
      await run({ text: 'reset role', values: [] })
      expect(await run({ text: 'select current_user::text as value', values: [] })).toEqual([{ value: 'nexus_jobs' }])
      await run({ text: 'set role none', values: [] })
      await expect(run({ text: 'select * from nexus.probe', values: [] })).rejects.toMatchObject({ kind: 'other', sqlState: '42501' })
      // Left behind as another role, the connection must not serve the next caller.
      throw new SqlFailure('unavailable')
    })
    .catch(() => undefined)
})

test('keeps its role and limits whatever the URL asks for', async () => {
  const meddled = new URL(url)
  meddled.searchParams.set('options', '-c role=none -c statement_timeout=0')
  const other = createDatabase({ url: meddled.href })
  const rows = await other.readAs(A, connection =>
    connection.run({ text: `select current_user::text as role, current_setting('statement_timeout') as limit`, values: [] }),
  )
  expect(rows).toEqual([{ role: 'nexus_engine', limit: '5s' }])
  await other.close()
})

test('fails closed for a login that may not be the engine', async () => {
  const login = 'nexus_stranger'
  await administer(adminUrl, async client => {
    await client.query(`do $$ begin create role ${login} login password 'x'; exception when duplicate_object then null; end $$`)
  })
  const stranger = new URL(url)
  stranger.username = login
  stranger.password = 'x'
  const other = createDatabase({ url: stranger.href })
  expect(await kindOf(other.readAs(A, connection => connection.run(all)))).toBe('other')
  await other.close()
})

test('keeps the most recently used named statements and no more', async () => {
  const names = await database.readAs(B, async connection => {
    for (let n = 0; n < NAMED_STATEMENTS_KEPT + 30; n++) await connection.run({ text: `select ${n} as n`, values: [], name: `probe_${n}` })
    await connection.run({ text: 'select 40 as n', values: [], name: 'probe_40' })
    return connection.run<{ statement: string }>({ text: 'select statement from pg_prepared_statements', values: [] })
  })
  const kept = new Set(names.map(row => row.statement))
  expect(kept.size).toBe(NAMED_STATEMENTS_KEPT)
  expect([...kept].filter(text => /^select (0|29) as n$/.test(text))).toEqual([])
  expect(kept.has('select 40 as n')).toBe(true)
})

test('a named statement that failed at its first use serves at the next, whether it answers with rows or not', async () => {
  for (const returning of ['', ' returning n']) {
    const insert = (n: number): Promise<unknown> =>
      database.writeAs(A, connection =>
        connection.run({ name: 'probe', text: `insert into nexus.probe values ($1, $2)${returning}`, values: [A, n] }),
      )
    expect(await kindOf(insert(1))).toBe('unique')
    expect(await kindOf(insert(70))).toBe('no failure')
    expect(await kindOf(insert(70))).toBe('unique')
    await database.writeAs(A, connection => connection.execute({ text: 'delete from nexus.probe where n = 70', values: [] }))
  }
})

test('gives rows as they came and as values, whichever of the two a statement was asked for first', async () => {
  for (const name of ['texts_first', 'values_first', undefined]) {
    const statement = {
      text: `select 7 as n, null::text as t, true as ${name ?? 'b'}`,
      values: [],
      ...(name === undefined ? {} : { name }),
    }
    await database.readAs(A, async connection => {
      const texts = async (): Promise<unknown> => (await connection.rows(statement)).map(row => row.fields)
      const values = (): Promise<unknown> => connection.run(statement)
      const [first, second] = name === 'values_first' ? [values, texts] : [texts, values]
      const found = [await first(), await second(), await first()]
      const asTexts = [['7', null, 't']]
      const asValues = [{ n: 7, t: null, [name ?? 'b']: true }]
      expect(found).toEqual(name === 'values_first' ? [asValues, asTexts, asValues] : [asTexts, asValues, asTexts])
    })
  }
})

test('gives times in their wire form and dates as dates', async () => {
  expect(await one(`select timestamptz '2026-05-01 12:20:30.12345+02' as value`)).toBe('2026-05-01T10:20:30.123Z')
  expect(await one(`select timestamptz '2026-05-01 12:20:30+00' as value`)).toBe('2026-05-01T12:20:30.000Z')
  expect(await one(`select date '2026-05-01' as value`)).toBe('2026-05-01')
})

test('answers "unavailable" when no connection comes free in time', async () => {
  const waiting = database.readAs(A, () => kindOf(database.readAs(A, connection => connection.run(all))))
  expect(await waiting).toBe('unavailable')
})

test('loses a connection and goes on with another', async () => {
  const cut = database.readAs(A, async connection => {
    const [row] = await connection.run<{ pid: number }>({ text: 'select pg_backend_pid() as pid', values: [] })
    await administer(adminUrl, client => client.query('select pg_terminate_backend($1)', [row?.pid]))
    return connection.run(all)
  })
  expect(await kindOf(cut)).toBe('unavailable')
  expect(await count(A)).toBe(1)
})

test('a tenant that takes all the connections it can get leaves some to the others', async () => {
  const shared = createDatabase({ url, readers: 5, limits: { connectMs: 5_000 } })
  const gate = Promise.withResolvers<void>()
  const held: Promise<unknown>[] = []
  let begun = 0
  for (let n = 0; n < 20; n++)
    held.push(
      shared.readAs(A, async connection => {
        begun += 1
        await connection.run(all)
        await gate.promise
      }),
    )
  await expect.poll(() => begun).toBe(3)
  // Answered while every connection that A may have is held, and seventeen more of A are waiting.
  expect(await shared.readAs(B, connection => connection.run(all))).toEqual([{ tenant_id: B, n: 1 }])
  expect([begun, shared.pools().find(pool => pool.name === 'read')?.waiting]).toEqual([3, 17])
  gate.resolve()
  await Promise.all(held)
  await shared.close()
})

test('whoever waits longer than a connection may take is told that there is none', async () => {
  const shared = createDatabase({ url, readers: 5, limits: { connectMs: 2_000 } })
  const gate = Promise.withResolvers<void>()
  const held = Array.from({ length: 3 }, () => shared.readAs(A, () => gate.promise))
  expect(await kindOf(shared.readAs(A, connection => connection.run(all)))).toBe('unavailable')
  gate.resolve()
  await Promise.all(held)
  await shared.close()
})
