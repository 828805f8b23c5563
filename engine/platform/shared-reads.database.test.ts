/** Reads that share a connection, against a real server: each under its own tenant's row security, none hurt by another's failure. */
import { createServer, connect as dial } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../test/harness/database.ts'
import { createDatabase } from './postgres.ts'
import { administer } from './server-admin.ts'
import { SqlFailure } from './sql-failure.ts'
import type { Database, Statement, TenantConnection } from './types.ts'

const TENANTS = ['a', 'b', 'c'].map(letter => `00000000-0000-7000-8000-00000000000${letter}`)
const [A = '', B = '', C = ''] = TENANTS

let database: Database
let url: string
let adminUrl: string

beforeAll(async () => {
  ;({ url, adminUrl } = await freshDatabase())
  await administer(adminUrl, async client => {
    await client.query(`set role nexus_owner`)
    await client.query(`create table nexus.probe (tenant_id uuid not null, primary key (tenant_id))`)
    await client.query(`alter table nexus.probe enable row level security`)
    await client.query(`alter table nexus.probe force row level security`)
    await client.query(`create policy own on nexus.probe to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid)`)
    await client.query(`grant select on nexus.probe to nexus_engine`)
    await client.query(`reset role`)
    for (const tenant of TENANTS) await client.query(`insert into nexus.probe values ('${tenant}')`)
  })
  database = createDatabase({ url, readers: 6, limits: { statementMs: 400, lockMs: 150, transactionMs: 600, connectMs: 2_000 } })
})

afterAll(() => database.close())

interface Seen {
  readonly tenant_id: string
  readonly backend: number
}
const LOOK: Statement = { text: 'select tenant_id, pg_backend_pid() as backend from nexus.probe', values: [] }
const NAMED: Statement = { text: 'select tenant_id, pg_backend_pid() as backend from nexus.probe where $1', values: [true], name: 'look' }
const UNNAMED: Statement = { text: 'select tenant_id, pg_backend_pid() as backend from nexus.probe where $1', values: [true] }
const WRONG: Statement = { text: 'select 1 / ($1::int)', values: [0] }
const SLOW: Statement = { text: 'select pg_sleep(2)', values: [] }

const shared = <T>(tenant: string, work: (connection: TenantConnection) => Promise<T>): Promise<T> =>
  database.readAs(tenant, work, 'shared')
const look = (tenant: string, statement = LOOK): Promise<Seen[]> =>
  shared(tenant, connection => connection.run<Seen & Record<string, unknown>>(statement))
const kindOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'answered',
    (thrown: unknown) => (thrown instanceof SqlFailure ? thrown.kind : String(thrown)),
  )

test('those of one moment go over one connection, four at most, and each sees its own tenant', async () => {
  const asked = [A, B, C, A, B, C]
  const seen = await Promise.all(asked.map(tenant => look(tenant)))
  expect(seen.map(rows => rows.map(row => row.tenant_id))).toEqual(asked.map(tenant => [tenant]))
  const backends = seen.map(([row]) => row?.backend)
  expect(new Set(backends.slice(0, 4)).size).toBe(1)
  expect(new Set(backends.slice(4)).size).toBe(1)
  expect(new Set(backends).size).toBe(2)
})

test('those of different moments wait for nobody', async () => {
  const slow = kindOf(shared(A, connection => connection.run(SLOW)))
  await new Promise(resolve => setTimeout(resolve, 50))
  expect(await Promise.race([slow, look(B)])).toMatchObject([{ tenant_id: B }])
  expect(await slow).toBe('statement_timeout')
})

test.each([0, 1, 2])('the one that fails fails alone, wherever it stands (place %i)', async place => {
  const asked = [A, B, C].map((tenant, at) => (at === place ? kindOf(shared(tenant, connection => connection.run(WRONG))) : look(tenant)))
  const answers = await Promise.all(asked)
  expect(answers.map(answer => (typeof answer === 'string' ? answer : answer[0]?.tenant_id))).toEqual(
    [A, B, C].map((tenant, at) => (at === place ? 'other' : tenant)),
  )
})

test('several that fail are each told their own reason', async () => {
  const answers = await Promise.all([
    kindOf(shared(A, connection => connection.run(WRONG))),
    kindOf(shared(B, connection => connection.run(SLOW))),
    kindOf(shared(C, connection => connection.run({ text: 'select nothing_like_that', values: [] }))),
    look(A),
  ])
  expect(answers).toMatchObject(['other', 'statement_timeout', 'other', [{ tenant_id: A }]])
})

test('can not write, whoever else is there', async () => {
  const write = kindOf(shared(A, connection => connection.execute({ text: `insert into nexus.probe values ('${A}')`, values: [] })))
  expect(await Promise.all([write, look(B)])).toMatchObject(['other', [{ tenant_id: B }]])
})

test('a reader may go on asking, and the connection is given back after the last of them', async () => {
  const long = shared(A, async connection => {
    const first = await connection.run(LOOK)
    await new Promise(resolve => setTimeout(resolve, 20))
    return [...first, ...(await connection.run(NAMED)), ...(await connection.run(UNNAMED))]
  })
  const [rows] = await Promise.all([long, look(B), look(C)])
  expect(rows.map(row => row['tenant_id'])).toEqual([A, A, A])
  expect(new Set(rows.map(row => row['backend'])).size).toBe(1)
  const [pool] = database.pools()
  expect(pool).toMatchObject({ waiting: 0 })
  expect(pool?.idle).toBe(pool?.open)
})

test('a reader that leaves a question open takes the connection away from no other tenant', async () => {
  let left: Promise<unknown> = Promise.resolve()
  const leaving = shared(A, async connection => {
    left = kindOf(connection.run({ text: 'select pg_sleep(0.1)', values: [] }))
  })
  const other = look(B)
  await leaving
  expect(await other).toMatchObject([{ tenant_id: B }])
  await left
  for (const tenant of [C, A, B]) expect(await look(tenant)).toMatchObject([{ tenant_id: tenant }])
})

test('a connection used after the work it was lent for is refused', async () => {
  let kept: TenantConnection | undefined
  await shared(A, async connection => {
    kept = connection
    return connection.run(LOOK)
  })
  await expect(kept?.run(LOOK)).rejects.toThrow('after the work')
})

test('whose shared connection is ended by the server goes on over another one, and the next find others', async () => {
  const asked = [A, B, C].map(tenant => kindOf(shared(tenant, connection => connection.run({ text: 'select pg_sleep(0.3)', values: [] }))))
  await new Promise(resolve => setTimeout(resolve, 80))
  await administer(adminUrl, client =>
    client.query(`select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(0.3)%' and pid <> pg_backend_pid()`),
  )
  expect(await Promise.all(asked)).toEqual(['answered', 'answered', 'answered'])
  for (const tenant of TENANTS) expect(await look(tenant)).toMatchObject([{ tenant_id: tenant }])
})

test.each([`${A}'; drop table nexus.probe; --`, A.toUpperCase(), '', 'null'])(
  'takes nothing but a lower-case UUID for a tenant: %s',
  async tenant => {
    await expect(look(tenant)).rejects.toThrow(TypeError)
  },
)

test('what can not be sent fails its own reader alone', async () => {
  const round: { self?: unknown } = {}
  round.self = round
  const unsendable = kindOf(shared(A, connection => connection.run({ ...UNNAMED, values: [round] })))
  const [first, ...others] = await Promise.all([unsendable, look(B), look(C), look(A)])
  expect(first).not.toBe('answered')
  expect(others).toMatchObject([[{ tenant_id: B }], [{ tenant_id: C }], [{ tenant_id: A }]])
})

test('nobody is cut off because those beside him took as long as they may', async () => {
  const long: Statement = { text: 'select pg_sleep(0.38)', values: [] }
  const asked = [A, B, C, A].map(tenant => kindOf(shared(tenant, connection => connection.run(long))))
  expect(await Promise.all(asked)).toEqual(['answered', 'answered', 'answered', 'answered'])
})

test('those that fail by a limit of time do not wait for each other', async () => {
  const began = performance.now()
  const asked = [A, B, C, A].map(tenant => kindOf(shared(tenant, connection => connection.run(SLOW))))
  expect(await Promise.all(asked)).toEqual(Array.from({ length: 4 }, () => 'statement_timeout'))
  expect(performance.now() - began).toBeLessThan(1_100)
})

test('a slow question of one tenant holds nobody else up, in its message or behind it', async () => {
  const own = createDatabase({ url, readers: 6 })
  const slow: Statement = { text: 'select pg_sleep(1.5)', values: [] }
  const began = performance.now()
  const twice = (tenant: string, second: Statement): Promise<unknown> =>
    own.readAs(
      tenant,
      async connection => {
        const [first] = await connection.run(LOOK)
        expect(first?.['tenant_id']).toBe(tenant)
        if (second === LOOK) await new Promise(resolve => setTimeout(resolve, 20))
        return connection.run(second)
      },
      'shared',
    )
  try {
    const behind = [twice(A, slow), twice(B, LOOK), twice(C, LOOK)]
    expect(await Promise.race([behind[0], Promise.all(behind.slice(1))])).toMatchObject([[{ tenant_id: B }], [{ tenant_id: C }]])
    expect(performance.now() - began).toBeLessThan(1_000)
    await Promise.all(behind)
    const beside = [slow, LOOK, LOOK].map((statement, at) =>
      own.readAs(TENANTS[at] ?? '', connection => connection.run(statement), 'shared'),
    )
    expect(await Promise.race([beside[0], Promise.all(beside.slice(1))])).toMatchObject([[{ tenant_id: B }], [{ tenant_id: C }]])
    expect(await beside[0]).toHaveLength(1)
    for (const tenant of TENANTS)
      expect(await own.readAs(tenant, connection => connection.run(LOOK), 'shared')).toMatchObject([{ tenant_id: tenant }])
    const [pool] = own.pools()
    expect(pool).toMatchObject({ waiting: 0, idle: pool?.open })
  } finally {
    await own.close()
  }
})

test('who comes later does not wait for a connection that is still being made where another one is free', async () => {
  const to = new URL(url)
  let made = 0
  const slowDoor = createServer(socket => {
    made += 1
    const wait = made === 1 ? 0 : 500
    setTimeout(() => {
      const server = dial(Number(to.port), to.hostname)
      socket.pipe(server).pipe(socket)
      server.on('error', () => socket.destroy())
      socket.on('error', () => server.destroy())
    }, wait)
  })
  await new Promise<void>(resolve => void slowDoor.listen(0, '127.0.0.1', resolve))
  const { port } = slowDoor.address() as { port: number }
  const through = new URL(url)
  through.host = `127.0.0.1:${port}`
  const own = createDatabase({ url: through.href, readers: 6 })
  try {
    const first = own.readAs(A, connection => connection.run({ text: 'select pg_sleep(0.1)', values: [] }))
    await new Promise(resolve => setTimeout(resolve, 50))
    const waits = own.readAs(B, connection => connection.run(LOOK), 'shared')
    await first
    const began = performance.now()
    expect(await own.readAs(C, connection => connection.run(LOOK), 'shared')).toMatchObject([{ tenant_id: C }])
    expect(performance.now() - began).toBeLessThan(200)
    expect(await waits).toMatchObject([{ tenant_id: B }])
  } finally {
    await own.close()
    slowDoor.close()
  }
})

test('nothing is kept of readers that ask nothing, fail before they ask, or leave at once', async () => {
  const odd = [
    kindOf(shared(A, async () => undefined)),
    kindOf(
      shared(B, () => {
        throw new TypeError('before asking')
      }),
    ),
    kindOf(shared(C, async connection => void kindOf(connection.run(LOOK)))),
  ]
  expect(await Promise.all(odd)).toEqual(['answered', 'TypeError: before asking', 'answered'])
  await new Promise(resolve => setTimeout(resolve, 50))
  for (const tenant of TENANTS) expect(await look(tenant)).toMatchObject([{ tenant_id: tenant }])
  const [pool] = database.pools()
  expect(pool?.idle).toBe(pool?.open)
})

test('who asks several at once goes on alone even where there is but one connection', async () => {
  const one = createDatabase({ url, readers: 1 })
  try {
    const began = performance.now()
    const answers = await one.readAs(A, connection => Promise.all([kindOf(connection.run(WRONG)), connection.run(LOOK)]), 'shared')
    expect(answers).toMatchObject(['other', [{ tenant_id: A }]])
    expect(performance.now() - began).toBeLessThan(1_000)
  } finally {
    await one.close()
  }
})

test('while the server ends connections at random, each reads his own or is told, and none is lost to the pool', async () => {
  const crowded = createDatabase({ url, readers: 4, limits: { statementMs: 600, connectMs: 10_000 } })
  const unheard: unknown[] = []
  const hear = (reason: unknown): void => void unheard.push(reason)
  process.on('unhandledRejection', hear)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(Math.random() * from.length)] as T
  const told: string[] = []
  const reads = Array.from({ length: 600 }, async (_, at) => {
    await new Promise(resolve => setTimeout(resolve, Math.floor(at / 6) * 20))
    const tenant = pick(TENANTS)
    const statements = Array.from({ length: 1 + Math.floor(Math.random() * 3) }, () => pick([LOOK, NAMED, UNNAMED, LOOK, NAMED, WRONG]))
    if (Math.random() < 0.02) statements.push({ text: 'select pg_sleep(0.3)', values: [] })
    const isPatient = Math.random() < 0.5
    const kind = await kindOf(
      crowded.readAs(
        tenant,
        async connection => {
          const asked = statements.map(statement => async () => {
            const rows = await connection.run(statement).catch((thrown: unknown) => {
              if (statement === WRONG && thrown instanceof SqlFailure && thrown.kind === 'other') return []
              throw thrown
            })
            if (statement === LOOK || statement === NAMED || statement === UNNAMED) expect(rows).toMatchObject([{ tenant_id: tenant }])
          })
          if (isPatient) for (const ask of asked) await ask()
          else {
            const ends = await Promise.allSettled(asked.map(ask => ask()))
            for (const end of ends) if (end.status === 'rejected') throw end.reason
          }
        },
        Math.random() < 0.8 ? 'shared' : undefined,
      ),
    )
    told.push(kind)
  })
  const all = Promise.all(reads)
  let done = false
  void all.finally(() => {
    done = true
  })
  await administer(adminUrl, async client => {
    while (!done) {
      await new Promise(resolve => setTimeout(resolve, 40))
      await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'nexus_engine' and random() < 0.15 and datname = current_database()`,
      )
    }
  })
  await all
  await new Promise(resolve => setTimeout(resolve, 50))
  process.off('unhandledRejection', hear)
  expect(told.filter(kind => !['answered', 'unavailable', 'crowded'].includes(kind))).toEqual([])
  expect(unheard).toEqual([])
  const [pool] = crowded.pools()
  expect(pool).toMatchObject({ waiting: 0, idle: pool?.open })
  for (const tenant of [...TENANTS, ...TENANTS])
    expect(await crowded.readAs(tenant, connection => connection.run(LOOK), 'shared')).toMatchObject([{ tenant_id: tenant }])
  await crowded.close()
}, 30_000)

test('whatever is asked together, everybody gets what he would get alone', async () => {
  const step = fc.record({
    tenant: fc.constantFrom(...TENANTS),
    statements: fc.array(fc.constantFrom(LOOK, NAMED, UNNAMED, WRONG), { minLength: 1, maxLength: 3 }),
    turn: fc.constantFrom<'shared' | 'first' | undefined>('shared', 'shared', 'shared', 'first', undefined),
    after: fc.integer({ min: 0, max: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async steps => {
      const answers = await Promise.all(
        steps.map(async ({ tenant, statements, turn, after }) => {
          for (let turns = 0; turns < after; turns++) await new Promise(resolve => setImmediate(resolve))
          return database.readAs(
            tenant,
            async connection => {
              const told: unknown[] = []
              for (const statement of statements)
                told.push(
                  await connection.run(statement).then(
                    rows => rows.map(row => row['tenant_id']).join(),
                    (thrown: unknown) => (thrown instanceof SqlFailure ? thrown.kind : thrown),
                  ),
                )
              return told
            },
            turn,
          )
        }),
      )
      expect(answers).toEqual(steps.map(({ tenant, statements }) => statements.map(statement => (statement === WRONG ? 'other' : tenant))))
    }),
    { numRuns: 150 },
  )
})
