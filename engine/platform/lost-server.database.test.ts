/** A database that goes away, hangs, or is cut off in the middle of a commit, and comes back. */
import { createServer, connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase } from '../test/harness/database.ts'
import { createDatabase } from './postgres.ts'
import { administer } from './server-admin.ts'
import { SqlFailure } from './sql-failure.ts'
import type { Database } from './types.ts'

const A = '00000000-0000-7000-8000-00000000000a'

/** A wire between engine and server that can be cut, or made deaf. */
async function wireTo(
  target: URL,
): Promise<{ url: string; cut(): void; mend(): void; deaf(is: boolean): void; cutAt(text: string | undefined): void; close(): void }> {
  const sockets = new Set<Socket>()
  let isCut = false
  let isDeaf = false
  let trigger: string | undefined
  const wire = createServer(near => {
    if (isCut) return void near.destroy()
    const far = connect(Number(target.port), target.hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', chunk => {
      if (isDeaf) return
      far.write(chunk)
      // The server gets it; the engine never hears what came of it.
      if (trigger !== undefined && chunk.includes(trigger)) near.destroy()
    })
    far.on('data', chunk => near.write(chunk))
  })
  await new Promise<void>(ready => wire.listen(0, '127.0.0.1', ready))
  const address = wire.address()
  const url = new URL(target)
  url.port = String(typeof address === 'object' && address !== null ? address.port : 0)
  const cut = (): void => {
    isCut = true
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: url.href,
    cut,
    mend: () => (isCut = false),
    deaf: is => (isDeaf = is),
    cutAt: text => (trigger = text),
    close: () => (cut(), wire.close()),
  }
}

let wire: Awaited<ReturnType<typeof wireTo>>
let database: Database
let adminUrl: string

beforeAll(async () => {
  const fresh = await freshDatabase()
  adminUrl = fresh.adminUrl
  await administer(adminUrl, client =>
    client.query('create table nexus.probe (n int primary key); grant select, insert on nexus.probe to nexus_engine'),
  )
  wire = await wireTo(new URL(fresh.url))
  database = createDatabase({ url: wire.url, limits: { statementMs: 300, connectMs: 500 } })
})
afterAll(async () => {
  await database.close()
  wire.close()
})

const read = (): Promise<unknown> => database.readAs(A, connection => connection.run({ text: 'select 1 as n', values: [] }))
const write = (n: number): Promise<unknown> =>
  database.writeAs(A, connection => connection.execute({ text: 'insert into nexus.probe values ($1)', values: [n] }))
const kindOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'fine',
    (error: unknown) => (error instanceof SqlFailure ? error.kind : String(error)),
  )
const stored = async (n: number): Promise<boolean> =>
  (await administer(adminUrl, client => client.query('select 1 from nexus.probe where n = $1', [n]))).rowCount === 1

test('says "unavailable" while the server is away, at once, and recovers without a hand', async () => {
  expect(await kindOf(read())).toBe('fine')
  expect(await kindOf(write(1))).toBe('fine')
  wire.cut()
  const started = Date.now()
  expect(await Promise.all([read(), read(), write(2)].map(kindOf))).toEqual(['unavailable', 'unavailable', 'unavailable'])
  expect(Date.now() - started).toBeLessThan(2000)
  wire.mend()
  expect(await kindOf(read())).toBe('fine')
  expect(await kindOf(write(3))).toBe('fine')
  expect([await stored(1), await stored(2), await stored(3)]).toEqual([true, false, true])
})

test('does not wait for ever for a server that hangs', async () => {
  wire.deaf(true)
  expect(await Promise.all([read(), write(4)].map(kindOf))).toEqual(['unavailable', 'unavailable'])
  wire.deaf(false)
  expect(await kindOf(read())).toBe('fine')
  expect(await kindOf(write(5))).toBe('fine')
  expect(await stored(4)).toBe(false)
})

test('admits that it does not know when the line breaks at commit', async () => {
  wire.cutAt('commit')
  expect(await kindOf(write(6))).toBe('outcome_unknown')
  wire.cutAt(undefined)
  expect(await kindOf(write(7))).toBe('fine')
})
