/** An engine with the packs as they are shipped, tenants made by its door, files imported through it: for tests of imports. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import pg from 'pg'
import { UNLIMITED } from '../../guard/index.ts'
import { createServer } from '../../http/server.ts'
import { readConfig } from '../../kernel/config.ts'
import { newId } from '../../kernel/ids.ts'
import { createLog } from '../../kernel/log.ts'
import type { RecordContext } from '../../records/index.ts'
import { buildEngine, type Wired } from '../../start/wiring.ts'
import type { ImportView, Progress, RowView } from '../../transfer/index.ts'
import { freshDatabase } from './database.ts'
import { endLeftRedis } from './redis.ts'
import { SHARED_LOOP } from './shared-loop.ts'

export const PASSWORD = 'correct horse battery'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
// An answer's body is looked into member by member; tests say what they expect of it.
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly text: string
  readonly body: Body
}
type Body = { readonly [member: string]: Body } & readonly Body[] & (string | number | null)

/** A tenant and its administrator. */
export interface ImportTenant {
  readonly id: string
  readonly key: string
  readonly adminId: string
  readonly orgUnitId: string
  readonly token: string
}

export interface ImportHouse {
  readonly wired: Wired
  readonly dataDir: string
  readonly adminUrl: string
  readonly databaseUrl: string
  call(method: Method, path: string, token: string | null, payload?: object, headers?: Readonly<Record<string, string>>): Promise<Answer>
  tenant(key: string): Promise<ImportTenant>
  /** A person with these roles, signed in. */
  person(tenant: ImportTenant, roles: readonly string[]): Promise<{ id: string; email: string; token: string }>
  context(tenant: ImportTenant, userId?: string): Promise<RecordContext>
  /** Imports a file to its end, here. */
  run(
    tenant: ImportTenant,
    map: string | object,
    content: string | Buffer,
    options?: { dryRun?: boolean; userId?: string; told?: (progress: Progress) => void },
  ): Promise<ImportView>
  /** Sends a file to the door. */
  send(
    token: string,
    map: string | object,
    content: string | Buffer,
    options?: { dryRun?: boolean; filename?: string; headers?: Readonly<Record<string, string>> },
  ): Promise<Answer>
  /** Waits until an import, or its undoing, has ended. */
  ended(token: string, id: string): Promise<ImportView>
  rows(tenant: ImportTenant, id: string): Promise<RowView[]>
  /** Looks behind the curtain. */
  sql<R extends object>(text: string, values?: readonly unknown[]): Promise<R[]>
  close(): Promise<void>
}

/** Opens the house; `background` has it work on imports by itself, `fills` on what publishes leave behind as well. */
export async function openImportHouse({ background = false, fills = false } = {}): Promise<ImportHouse> {
  const dataDir = await mkdtemp(join(tmpdir(), 'nexus-imports-'))
  const { url, adminUrl } = await freshDatabase()
  const wired = await buildImportEngine(dataDir, url, background, fills)
  const app = await createServer(wired.engine, SHARED_LOOP)
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()

  const call: ImportHouse['call'] = async (method, path, token, payload, headers = {}) => {
    const answer = await app.inject({
      method,
      url: path,
      headers: { ...headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      ...(payload === undefined ? {} : { payload }),
    })
    const isJson = String(answer.headers['content-type'] ?? '').includes('json')
    return { status: answer.statusCode, headers: answer.headers, text: answer.body, body: (isJson ? answer.json() : null) as Body }
  }
  const signIn = async (tenant: string, email: string): Promise<string> => {
    const answer = await call('POST', '/api/auth/login', null, { tenant, email, password: PASSWORD })
    return String(answer.body['data']?.['access_token'])
  }
  let people = 0

  const house: ImportHouse = {
    wired,
    dataDir,
    adminUrl,
    databaseUrl: url,
    call,
    async tenant(key) {
      const admin = { email: `admin@${key}.test`, password: PASSWORD }
      const answer = await call('POST', '/api/platform/tenants', wired.engine.config.operatorToken, {
        key,
        name: key,
        packs: ['sales'],
        admin,
        locale: 'en',
        currency: 'USD',
      })
      const { id, admin_id, org_unit_id } = answer.body['data'] as unknown as { id: string; admin_id: string; org_unit_id: string }
      return { id, key, adminId: admin_id, orgUnitId: org_unit_id, token: await signIn(key, admin.email) }
    },
    async person(tenant, roles) {
      const email = `person${(people += 1)}@${tenant.key}.test`
      const made = await call('POST', '/api/admin/users', tenant.token, {
        email,
        name: 'Person',
        roles,
        password: PASSWORD,
        org_unit_id: tenant.orgUnitId,
        actor: 'employee',
      })
      return { id: String(made.body['data']?.['id']), email, token: await signIn(tenant.key, email) }
    },
    async context(tenant, userId = tenant.adminId) {
      const caller = await wired.identity.callerOf(tenant.id, userId, new Date())
      const ctx = {
        traceId: newId().replaceAll('-', ''),
        traceparent: '',
        route: 'test',
        ip: '127.0.0.1',
        now: new Date(),
        caller,
        causationId: null,
        stations: { ms: {} },
      }
      return { ...(await wired.engine.models.take(ctx)), db: wired.database, cursors: wired.engine.cursors, history: true }
    },
    async run(tenant, map, content, { dryRun = false, userId, told } = {}) {
      const { imports } = wired.engine
      const received = await imports.receive(Readable.from([Buffer.from(content)]), 'test.csv')
      return imports.runHere(
        await house.context(tenant, userId),
        received,
        { map: typeof map === 'string' ? map : JSON.stringify(map), dryRun },
        told,
      )
    },
    async send(token, map, content, { dryRun = false, filename = 'test.csv', headers = {} } = {}) {
      const form = new FormData()
      form.append('map', typeof map === 'string' ? map : JSON.stringify(map))
      form.append('dry_run', String(dryRun))
      form.append('file', new Blob([Buffer.from(content)], { type: 'text/csv' }), filename)
      const body = new Response(form)
      return call('POST', '/api/import', token, Buffer.from(await body.arrayBuffer()), {
        ...headers,
        'content-type': body.headers.get('content-type') ?? '',
      })
    },
    async ended(token, id) {
      for (;;) {
        const answer = await call('GET', `/api/import/${id}`, token)
        const view = answer.body['data'] as unknown as ImportView
        const isOver = (status: string | undefined): boolean => status === undefined || status === 'done' || status === 'failed'
        if (answer.status !== 200 || (isOver(view.status) && isOver(view.undo?.status))) return view
        await new Promise(wake => setTimeout(wake, 50))
      }
    },
    rows: async (tenant, id) => (await wired.engine.imports.rows(await house.context(tenant), id, { limit: 500 })).data,
    sql: async (text, values = []) => (await client.query(text, [...values])).rows,
    async close() {
      await client.end()
      await app.close()
      await wired.close()
      await endLeftRedis(dataDir)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
  return house
}

/** One process of the engine over a data folder and a database that others may use as well. */
export async function buildImportEngine(dataDir: string, databaseUrl: string, background: boolean, fills = false): Promise<Wired> {
  const kept = { secret: 'secret-of-the-test-harness-0123456789', operator_token: 'operator-token-of-the-test-harness' }
  const { config } = readConfig({ NEXUS_DATA_DIR: dataDir, NODE_ENV: 'test' }, () => kept)
  if (config === undefined) throw new Error('The settings of the test are wrong.')
  return buildEngine({
    config,
    databaseUrl,
    redisUrl: undefined,
    background: fills,
    imports: background,
    log: createLog({ write: () => undefined }),
    rates: UNLIMITED,
  })
}

/** Folders of real files by others, beside the checkout or where NEXUS_TEST_DATA says; null where they are not. */
export async function readShared(path: string): Promise<Buffer | null> {
  const folder = process.env['NEXUS_TEST_DATA'] ?? join(import.meta.dirname, '../../../../shared/data')
  try {
    return await readFile(join(folder, path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
