/**
 * A listening engine with one tenant of the sales pack, two branches and whoever a test needs: real HTTP, real Postgres, answers as they come.
 * A test may put documents of its own over the pack. For tests of what callers of different rights get; ends with the test file.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { UNLIMITED } from '../../guard/index.ts'
import { createServer } from '../../http/server.ts'
import { readConfig } from '../../kernel/config.ts'
import { createLog } from '../../kernel/log.ts'
import type { RecordContext } from '../../records/index.ts'
import { administer } from '../../platform/server-admin.ts'
import { buildEngine, type Wired } from '../../start/wiring.ts'
import { freshDatabase } from './database.ts'
import { SHARED_LOOP } from './shared-loop.ts'

const PASSWORD = 'correct horse battery'
const SECRETS = { secret: 'secret-of-the-test-harness-0123456789', operator_token: 'operator-token-of-the-test-harness' }

/** An answer, its body read once. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly bytes: Uint8Array
  /** The body as JSON; undefined where it is none. */
  readonly json: Json
}

/** What tests look into, knowing what it is. */
export type Json = ReturnType<typeof JSON.parse>

/** A signed-in person. */
export interface Person {
  readonly id: string
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
  get(path: string): Promise<Answer>
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
  patch(path: string, version: number, body: unknown): Promise<Answer>
  /** Where the engine listens, and the token this person calls with. */
  session(): { readonly origin: string; readonly token: string }
  /** A request of this person's, as use cases take it. */
  context(): Promise<RecordContext>
  /** Creates a record and gives its `data`; throws where it is refused. */
  create(entity: string, values: object): Promise<Json>
}

export interface Sales {
  readonly wired: Wired
  readonly tenantId: string
  readonly rootUnit: string
  readonly north: string
  readonly south: string
  readonly admin: Person
  /** A person with these roles, in a branch. */
  person(roles: readonly string[], orgUnitId: string, actor?: 'employee' | 'client' | 'supplier' | 'professional'): Promise<Person>
  /** What the engine connects by, and what the superuser does. */
  readonly url: string
  readonly adminUrl: string
  /** Speaks to the database as its superuser. */
  peek(text: string, values?: readonly unknown[]): Promise<Json[]>
  /** Where the engine keeps what is not in the database, its security log among it. */
  readonly folder: string
}

/** Starts it; `overlay` holds documents over the sales pack. */
export async function openSales(overlay: readonly object[] = []): Promise<Sales> {
  const folder = await mkdtemp(join(tmpdir(), 'nexus-sales-'))
  const { url, adminUrl } = await freshDatabase()
  const lines: string[] = []
  const { config } = readConfig({ NEXUS_DATA_DIR: folder, NODE_ENV: 'test' }, () => SECRETS)
  if (config === undefined) throw new Error('The settings of the test are wrong.')
  const wired = await buildEngine({
    config,
    databaseUrl: url,
    redisUrl: undefined,
    background: false,
    log: createLog({ write: line => void lines.push(line) }),
    rates: UNLIMITED,
  })
  const app = await createServer(wired.engine, SHARED_LOOP)
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  afterAll(async () => {
    await app.close()
    await wired.close()
    await rm(folder, { recursive: true })
  })
  const speak =
    (token: string | null) =>
    async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> => {
      const answer = await fetch(origin + path, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const bytes = await answer.bytes()
      const text = new TextDecoder().decode(bytes)
      if (answer.status >= 500)
        throw new Error(`${method} ${path} answered ${answer.status}: ${lines.filter(line => line.includes('error')).at(-1) ?? text}`)
      const isJson = /json/.test(answer.headers.get('content-type') ?? '') && !/jsonl/.test(answer.headers.get('content-type') ?? '')
      return { status: answer.status, headers: answer.headers, text, bytes, json: isJson && text !== '' ? JSON.parse(text) : undefined }
    }
  const needed = (answer: Answer): Json => {
    if (answer.status >= 300) throw new Error(`${answer.status}: ${answer.text}`)
    return answer.json.data
  }
  const made = needed(
    await speak(SECRETS.operator_token)('POST', '/api/platform/tenants', {
      key: 'acme',
      name: 'Acme',
      packs: ['sales'],
      admin: { email: 'admin@acme.test', password: PASSWORD },
      locale: 'en',
      currency: 'EUR',
      time_zone: 'Europe/Berlin',
    }),
  )
  if (overlay.length > 0) await publish(wired, made.id, overlay)
  const signIn = async (email: string, id: string): Promise<Person> => {
    const { access_token: token } = needed(await speak(null)('POST', '/api/auth/login', { tenant: 'acme', email, password: PASSWORD }))
    const send = speak(token)
    return {
      id,
      send,
      get: path => send('GET', path),
      post: (path, body, headers) => send('POST', path, body, headers),
      patch: (path, version, body) => send('PATCH', path, body, { 'if-match': `"${version}"` }),
      session: () => ({ origin, token }),
      context: async () => {
        const now = new Date()
        const caller = await wired.engine.identity.authenticate({ authorization: `Bearer ${token}`, ip: '127.0.0.1', now, afresh: true })
        const request = {
          traceId: '0'.repeat(32),
          traceparent: '',
          route: 'test',
          ip: '127.0.0.1',
          now,
          caller,
          causationId: null,
          stations: { ms: {} },
        }
        return { ...(await wired.engine.models.take(request)), db: wired.database, cursors: wired.engine.cursors }
      },
      create: async (entity, values) => needed(await send('POST', `/api/records/${entity}`, values)),
    }
  }
  const admin = await signIn('admin@acme.test', made.admin_id)
  const north = (await admin.create('org_unit', { name: 'North', kind: 'branch', parent: made.org_unit_id })).id
  const south = (await admin.create('org_unit', { name: 'South', kind: 'branch', parent: made.org_unit_id })).id
  // Other processes would look at most this much later; this one has to see the new branches too.
  await new Promise(resolve => setTimeout(resolve, 600))
  let people = 0
  return {
    wired,
    tenantId: made.id,
    rootUnit: made.org_unit_id,
    north,
    south,
    admin,
    url,
    adminUrl,
    folder,
    person: async (roles, orgUnitId, actor = 'employee') => {
      const email = `person${(people += 1)}@acme.test`
      const { id } = needed(
        await admin.post('/api/admin/users', { email, name: `Person ${people}`, actor, roles, org_unit_id: orgUnitId, password: PASSWORD }),
      )
      return signIn(email, id)
    },
    peek: (text, values = []) => administer(adminUrl, async client => (await client.query(text, [...values])).rows),
  }
}

/** Makes documents the tenant's overlay. */
async function publish({ models, database }: Wired, tenantId: string, overlay: readonly object[]): Promise<void> {
  await database.writeAs(tenantId, async connection => {
    const { revision, packs, numbers } = await models.content(connection)
    const assembled = models.assemble({ packs, overlay, numbers })
    if (assembled.model === null) throw new Error(JSON.stringify(assembled.problems, null, 1))
    await connection.execute({
      text: `insert into nexus.revision (tenant_id, revision, note, created_at, created_by, packs, overlay, numbers, diff) values ($1, $2, 'Overlay', now(), null, $3, $4, $5, '[]')`,
      values: [tenantId, revision + 1, JSON.stringify(packs), JSON.stringify(overlay), JSON.stringify(assembled.numbers)],
    })
    await connection.execute({ text: 'update nexus.tenant set revision = $2 where id = $1', values: [tenantId, revision + 1] })
  })
  models.forget(tenantId)
}
