import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { freshDatabase } from '../test/harness/database.ts'
import { ConnectionLost, longSession } from './long-session.ts'
import { administer } from './server-admin.ts'

const { adminUrl } = await freshDatabase()

test('no limit of time holds, whatever the server was set to', async () => {
  const limited = new URL(adminUrl)
  limited.searchParams.set('options', '-c statement_timeout=50 -c idle_in_transaction_session_timeout=50 -c lock_timeout=50')
  const slept = longSession(limited.href, 'test', async session => {
    await session.run('begin')
    await new Promise(resolve => setTimeout(resolve, 120))
    return session.run(`select 'awake' as state from pg_sleep(0.12)`)
  })
  expect(await slept).toEqual([{ state: 'awake' }])
})

test('work that fails leaves nothing behind, not even in the middle of a COPY', async () => {
  await administer(adminUrl, client => client.query('create table public.kept (n int)'))
  const failing = longSession(adminUrl, 'test', async session => {
    await session.run('begin')
    await session.execute('insert into public.kept values (1)')
    session.copyIn('copy public.kept from stdin').write('2\n')
    throw new Error('given up')
  })
  await expect(failing).rejects.toThrow('given up')
  const rows = await administer(adminUrl, async client => (await client.query('select * from public.kept')).rows)
  expect(rows).toEqual([])
})

test('a connection that is cut while rows come is said to be lost, at once', async () => {
  const target = new URL(adminUrl)
  const { hostname, port } = target
  const open: Socket[] = []
  const proxy = createServer(near => {
    const far = connect(Number(port), hostname)
    near.pipe(far).pipe(near)
    open.push(near, far)
    for (const socket of [near, far]) socket.on('error', () => undefined)
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  target.port = String((proxy.address() as AddressInfo).port)
  const reading = longSession(target.href, 'test', async session => {
    let bytes = 0
    for await (const chunk of session.copyOut('copy (select n from generate_series(1, 100000000) n) to stdout') as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > 1e6) for (const socket of open) socket.destroy()
    }
  })
  await expect(reading).rejects.toBeInstanceOf(ConnectionLost)
  proxy.close()
})
