import { expect, test, vi } from 'vitest'
import { createClient } from './client.ts'
import { Problem } from './problem.ts'
import { createSession, type Memory } from './session.ts'
import type { Exchange, Reply, Transport } from './transport.ts'

const me = { user: { id: 'u', email: 'rep@demo.test' }, tenant: { key: 'demo', name: 'Demo' }, roles: [], capabilities: [] }
const refused = (): Problem => new Problem({ type: '', title: 'No', status: 401, code: 'IDENTITY' })
const tokens = (name: string, seconds = 600) => ({ access_token: name, expires_at: new Date(Date.now() + seconds * 1000).toISOString() })

function setUp(answers: Record<string, (options: Exchange) => unknown>, remembered = true) {
  const asked: string[] = []
  const transport: Transport = {
    async exchange<T>(method: string, path: string, options: Exchange = {}) {
      asked.push(`${method} ${path}${options.token ? ` ${options.token}` : ''}`)
      const data = await answers[`${method} ${path}`]?.(options)
      return { status: 200, data, page: null } as Reply<T>
    },
    onRevision: () => undefined,
  }
  const kept = new Map(remembered ? [['nexus.session', 'demo']] : [])
  const memory: Memory = {
    getItem: key => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: key => kept.delete(key),
  }
  const session = createSession(transport, memory, async work => work())
  return { session, client: createClient(transport, session), asked, kept }
}

test('a stranger is asked to sign in, and nothing is sent', async () => {
  const { session, asked } = setUp({}, false)
  await session.start()
  expect(session.state()).toEqual({ phase: 'signed_out' })
  expect(asked).toEqual([])
})

test('takes up the session of the cookie', async () => {
  const { session } = setUp({ 'POST /api/auth/refresh': () => tokens('a'), 'GET /api/me': () => me })
  await session.start()
  expect(session.state()).toEqual({ phase: 'signed_in', me })
})

test('a refused token is renewed and the call sent once more', async () => {
  const names = ['a', 'b']
  const { session, client, asked } = setUp({
    'POST /api/auth/refresh': () => tokens(names.shift() ?? ''),
    'GET /api/me': () => me,
    'GET /api/model': ({ token }) => {
      if (token === 'a') throw refused()
      return { revision: 1 }
    },
  })
  await session.start()
  await expect(client.model()).resolves.toEqual({ revision: 1 })
  expect(asked.slice(2)).toEqual(['GET /api/model a', 'POST /api/auth/refresh', 'GET /api/model b'])
})

test('many calls renew the token once', async () => {
  const refresh = vi.fn(() => tokens('a'))
  const { session, client } = setUp({
    'POST /api/auth/refresh': refresh,
    'GET /api/me': () => me,
    'POST /api/auth/login': () => tokens('x', 1),
  })
  await session.signIn({ tenant: 'demo', email: 'e', password: 'p' })
  await Promise.all([client.model(), client.model(), client.search('a')])
  expect(refresh).toHaveBeenCalledTimes(1)
})

test('a call waits while the person signs in again, and then goes through', async () => {
  let over = false
  const { session, client } = setUp({
    'POST /api/auth/refresh': () => {
      if (over) throw refused()
      return tokens('a')
    },
    'GET /api/me': () => me,
    'POST /api/auth/login': () => tokens('b'),
    'GET /api/model': ({ token }) => {
      if (token === 'a') throw refused()
      return { revision: 2 }
    },
  })
  await session.start()
  over = true
  const waiting = client.model()
  await vi.waitFor(() => expect(session.state().phase).toBe('expired'))
  await session.signIn({ tenant: 'demo', email: 'rep@demo.test', password: 'p' })
  await expect(waiting).resolves.toEqual({ revision: 2 })
})

test('signing out ends calls that wait, and forgets the session', async () => {
  let over = false
  const { session, client, kept } = setUp({
    'POST /api/auth/refresh': () => {
      if (over) throw refused()
      return tokens('a', 1)
    },
    'GET /api/me': () => me,
  })
  await session.start()
  over = true
  const waiting = client.model()
  await vi.waitFor(() => expect(session.state().phase).toBe('expired'))
  await session.signOut()
  await expect(waiting).rejects.toThrow('Signed out')
  expect(kept.size).toBe(0)
})
