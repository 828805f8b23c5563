import { expect, test, vi } from 'vitest'
import { createClient, readMe } from './client.ts'
import { createSession, type Memory } from './session.ts'

const me = { user: { id: 'u', email: 'rep@demo.test' }, tenant: { key: 'demo', name: 'Demo' }, roles: [], capabilities: [] }
const REFUSED = { type: '', title: 'No', status: 401, code: 'IDENTITY' }
const tokens = (name: string, seconds = 600) => ({ access_token: name, expires_at: new Date(Date.now() + seconds * 1000).toISOString() })

type Answers = Record<string, (token: string) => unknown>

/** A session over the real client, before a server that answers as told; null is a refusal. */
function setUp(answers: Answers, remembered = true) {
  const asked: string[] = []
  const kept = new Map(remembered ? [['nexus.session', 'demo']] : [])
  const memory: Memory = {
    getItem: key => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: key => kept.delete(key),
  }
  const send: typeof fetch = async (path, init) => {
    const token = new Headers(init?.headers).get('authorization')?.replace('Bearer ', '') ?? ''
    asked.push(`${init?.method} ${String(path)} ${token}`.trim())
    const data = answers[`${init?.method} ${String(path)}`]?.(token) ?? null
    return data === null ? Response.json(REFUSED, { status: 401 }) : Response.json({ data })
  }
  return { ...createSession(onSessionEnd => createClient({ fetch: send, onSessionEnd, retries: 0 }), memory), asked, kept }
}

test('a stranger is asked to sign in, and nothing is sent', async () => {
  const { session, asked } = setUp({}, false)
  await session.start()
  expect(session.state()).toEqual({ phase: 'signed_out' })
  expect(asked).toEqual([])
})

test('takes up the session of the cookie', async () => {
  const { session, asked } = setUp({ 'POST /api/auth/refresh': () => tokens('a'), 'GET /api/me': () => me })
  await session.start()
  expect(session.state()).toEqual({ phase: 'signed_in', me })
  expect(asked).toEqual(['POST /api/auth/refresh', 'GET /api/me a'])
})

test('a cookie that does not count any more leads to the sign-in page', async () => {
  const { session, kept } = setUp({})
  await session.start()
  expect(session.state()).toEqual({ phase: 'signed_out' })
  expect(kept.size).toBe(0)
})

test('an engine that can not be reached is told apart from a session that has ended', async () => {
  const { session, kept } = setUp({
    'POST /api/auth/refresh': () => {
      throw new TypeError('No connection.')
    },
  })
  await session.start()
  expect(session.state()).toEqual({ phase: 'unreachable' })
  expect(kept.size).toBe(1)
})

test('calls wait while the person signs in again, and then go through', async () => {
  let over = false
  const { session, client } = setUp({
    'POST /api/auth/refresh': () => (over ? null : tokens('a')),
    'POST /api/auth/login': () => tokens('b'),
    'GET /api/me': token => (over && token === 'a' ? null : me),
  })
  await session.start()
  over = true
  const waiting = Promise.all([readMe(client), readMe(client)])
  await vi.waitFor(() => expect(session.state().phase).toBe('expired'), { timeout: 5_000 })
  await session.signIn({ tenant: 'demo', email: 'rep@demo.test', password: 'p' })
  await expect(waiting).resolves.toEqual([me, me])
  expect(session.state().phase).toBe('signed_in')
})

test('signing out ends calls that wait, and forgets the session', async () => {
  let over = false
  const { session, client, kept } = setUp({
    'POST /api/auth/refresh': () => (over ? null : tokens('a', 1)),
    'GET /api/me': () => me,
    'POST /api/auth/login': () => tokens('a', 1),
  })
  await session.signIn({ tenant: 'demo', email: 'rep@demo.test', password: 'p' })
  over = true
  const waiting = readMe(client)
  await vi.waitFor(() => expect(session.state().phase).toBe('expired'), { timeout: 5_000 })
  await session.signOut()
  await expect(waiting).rejects.toThrow('Signed out')
  expect(kept.size).toBe(0)
})
