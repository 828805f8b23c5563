/**
 * A world: a copy of the seeded template with an engine of its own, and the people of both tenants ready to call it. Two worlds begin
 * alike to the byte, so whatever differs between their answers was told by what a test made different.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll } from 'vitest'
import { dropDatabase, ensureDatabase, withDatabase } from '../../platform/server-admin.ts'
import { revealFailures } from '../../platform/sql-failure.ts'
import { servingUrl } from '../harness/server.ts'
import { bootWorld, type Method, type BootedWorld } from './world-boot.ts'
import { ensureWorldTemplate, requireTestServer, WORLD_BEGAN, type WorldMemory } from './world-template.ts'

/** An answer as it left the engine. */
export interface WorldAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** The body as JSON; undefined where there is none. */
  readonly json: unknown
}

/** One request of a caller. */
export interface WorldRequest {
  readonly method: Method
  readonly path: string
  /** JSON, or text that is sent as it is. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface World {
  readonly url: string
  readonly adminUrl: string
  readonly wired: BootedWorld['wired']
  readonly app: BootedWorld['app']
  readonly lines: readonly string[]
  readonly operatorToken: string
  tick(ms: number): void
  wind(ms: number): void
  /** The id of a seeded record: `id('north', 'deal/mine')`. */
  id(tenant: string, ref: string): string
  /** Every seeded id of a tenant by its name. */
  ids(tenant: string): Readonly<Record<string, string>>
  tenantId(tenant: string): string
  /** The bearer text of a caller such as `north/rep` or `north/key`. */
  token(caller: string): string
  /** Sends a request as a caller, or as nobody; an answer that only puts off fails the test. */
  send(caller: string | null, request: WorldRequest): Promise<WorldAnswer>
  /** Speaks to the database as its superuser. */
  peek<T extends object>(text: string, values?: readonly unknown[]): Promise<T[]>
  close(): Promise<void>
}

const TICK_MS = 2
/** Statuses of an answer that only puts off: two worlds that are both too busy look alike, whatever they would have told. */
export const NO_EVIDENCE: ReadonlySet<number> = new Set([429, 503])

/** Opens a world; closed and dropped after the file's tests, whether or not the test does it. */
export async function openWorld(): Promise<World> {
  revealFailures()
  const server = await requireTestServer()
  const name = `nexus_test_${process.pid}_${randomBytes(4).toString('hex')}`
  await ensureDatabase(server, name, await ensureWorldTemplate(server))
  const adminUrl = withDatabase(server, name)
  const folder = await mkdtemp(join(tmpdir(), 'nexus-world-'))
  const url = await servingUrl(adminUrl)
  const booted = await bootWorld(url, folder, WORLD_BEGAN)
  booted.tick(1_000)
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  const memory = (await admin.query<{ content: WorldMemory }>('select content from world.memory')).rows[0]?.content
  if (memory === undefined) throw new Error('The template remembers nothing.')
  const known = <T>(value: T | undefined, what: string): T => {
    if (value === undefined) throw new Error(`The world does not know ${what}.`)
    return value
  }
  const world: World = {
    url,
    adminUrl,
    wired: booted.wired,
    app: booted.app,
    lines: booted.lines,
    operatorToken: booted.operatorToken,
    tick: booted.tick,
    wind: booted.wind,
    id: (tenant, ref) => known(memory.ids[tenant]?.[ref], `${tenant} ${ref}`),
    ids: tenant => known(memory.ids[tenant], tenant),
    tenantId: tenant => known(memory.tenants[tenant], tenant),
    token: caller => known(memory.tokens[caller], caller),
    async send(caller, { method, path, body, headers = {} }) {
      booted.tick(TICK_MS)
      const authorization = caller === null ? {} : { authorization: `Bearer ${world.token(caller)}` }
      const isText = typeof body === 'string'
      const answer = await booted.app.inject({
        method,
        url: path,
        headers: { ...(isText ? { 'content-type': 'application/json' } : {}), ...authorization, ...headers },
        ...(body === undefined ? {} : { payload: isText ? body : JSON.stringify(body) }),
        ...(body === undefined || isText ? {} : { headers: { 'content-type': 'application/json', ...authorization, ...headers } }),
      })
      if (NO_EVIDENCE.has(answer.statusCode))
        throw new Error(`${method} ${path} was put off and not answered, which proves nothing: ${answer.statusCode} ${answer.body}`)
      const isJson = /json(?!l)/.test(String(answer.headers['content-type'] ?? ''))
      return {
        status: answer.statusCode,
        headers: Object.fromEntries(Object.entries(answer.headers).map(([key, value]) => [key, String(value)])),
        text: answer.body,
        json: isJson && answer.body !== '' ? (JSON.parse(answer.body) as unknown) : undefined,
      }
    },
    peek: async (text, values = []) => (await admin.query(text, [...values])).rows as never,
    close: () => {
      closed ??= closeAll()
      return closed
    },
  }
  let closed: Promise<void> | null = null
  const closeAll = async (): Promise<void> => {
    await Promise.all([booted.close(), admin.end()])
    await rm(folder, { recursive: true, force: true })
    await dropDatabase(server, name)
  }
  afterAll(() => world.close())
  return world
}
