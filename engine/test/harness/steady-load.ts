/**
 * Clients that read and write steadily through one address, as fast as the engine lets one person go, and keep a ledger of their own of what was acknowledged. Every write bears
 * a name that nobody else writes, so that what is there twice or not at all can be told afterwards.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { administer } from '../../platform/server-admin.ts'

/** A write that was answered with success. */
export interface Acknowledged {
  readonly op: 'create' | 'update'
  readonly id: string
  readonly version: number
  readonly name: string
}

export interface SteadyLoad {
  readonly acknowledged: readonly Acknowledged[]
  /** Answers that were no success, and what broke without an answer. */
  readonly failures: readonly string[]
  readonly requests: () => number
  /** Milliseconds of the slowest request. */
  readonly slowest: () => number
  stop(): Promise<void>
}

export interface LoadOptions {
  readonly url: string
  readonly token: string
  readonly lanes: number
  /** Gives up a request after this long. */
  readonly patienceMs?: number
  /** Sends a create again, under the same idempotency key, until it is answered with success: it must have happened once. */
  readonly insists?: boolean
}

/** Requests a second of all clients together: below the pace the engine grants a person (100), however fast the machine is. */
const PER_SECOND = 80

/** Starts clients, each of which creates a customer, reads it, changes it and lists, again and again. */
export function startSteadyLoad({ url, token, lanes, patienceMs = 30_000, insists = false }: LoadOptions): SteadyLoad {
  const acknowledged: Acknowledged[] = []
  const failures: string[] = []
  // Two loads over one database do not write the same names.
  const own = randomBytes(4).toString('hex')
  let running = true
  let requests = 0
  let slowest = 0
  let nextTurn = performance.now()

  async function takeTurn(): Promise<void> {
    const turn = Math.max(nextTurn, performance.now())
    nextTurn = turn + 1_000 / PER_SECOND
    await sleep(turn - performance.now())
  }

  async function call(
    method: string,
    path: string,
    body?: object,
    own: Readonly<Record<string, string>> = {},
  ): Promise<{ id: string; version: number } | null> {
    await takeTurn()
    const started = performance.now()
    requests += 1
    try {
      const answer = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...own,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(patienceMs),
      })
      const text = await answer.text()
      slowest = Math.max(slowest, performance.now() - started)
      if (answer.ok) return (JSON.parse(text) as { data: { id: string; version: number } }).data
      failures.push(
        `${method} ${path.replace(/[0-9a-f-]{36}/, ':id')} ${answer.status} ${/"code":"(\w+)"/.exec(text)?.[1] ?? ''} retry-after=${answer.headers.get('retry-after')}`,
      )
    } catch (error) {
      failures.push(
        `${method} ${path.replace(/[0-9a-f-]{36}/, ':id')} ${error instanceof Error ? `${error.name} ${String(error.cause ?? '')}` : String(error)}`,
      )
    }
    return null
  }

  /** Whoever insists knows in the end that it has happened, and relies on its having happened once. */
  async function create(name: string): Promise<{ id: string; version: number } | null> {
    const key = insists ? { 'idempotency-key': randomBytes(16).toString('hex') } : {}
    for (let tries = 0; ; tries++) {
      const made = await call('POST', '/api/records/customer', { name, party: ['client'], status: 'active' }, key)
      if (made !== null) return made
      // Nobody hammers at a door that is shut.
      await sleep(50)
      if (!insists || tries > 1_000) return null
    }
  }

  async function lane(number: number): Promise<void> {
    for (let n = 0; running; n++) {
      const name = `Load ${own} ${number} ${n}`
      const made = await create(name)
      if (made !== null) {
        acknowledged.push({ op: 'create', id: made.id, version: made.version, name })
        await call('GET', `/api/records/customer/${made.id}`)
        const changed = await call(
          'PATCH',
          `/api/records/customer/${made.id}`,
          { name: `${name} changed` },
          { 'if-match': `"${made.version}"` },
        )
        if (changed !== null) acknowledged.push({ op: 'update', id: made.id, version: changed.version, name: `${name} changed` })
      }
      await call('GET', '/api/records/customer?limit=5')
    }
  }

  const lanesAtWork = Array.from({ length: lanes }, (_, number) => lane(number))
  return {
    acknowledged,
    failures,
    requests: () => requests,
    slowest: () => slowest,
    async stop() {
      running = false
      await Promise.all(lanesAtWork)
    },
  }
}

/**
 * What of a ledger is not in the database exactly once and whole (record, history, audit and event together), and what stands there twice.
 * Empty when all is well.
 */
export async function findLost(adminUrl: string, acknowledged: readonly Acknowledged[]): Promise<object[]> {
  return administer(adminUrl, async client => {
    const lost = await client.query<object>(LOST, [JSON.stringify(acknowledged)])
    const twice = await client.query<object>(TWICE)
    return [...lost.rows, ...twice.rows]
  })
}

const LOST = `select w.*, found.* from jsonb_to_recordset($1::jsonb) as w (op text, id uuid, version int, name text)
  cross join lateral (select
    (select count(*)::int from nexus.record r where r.id = w.id and r.version >= w.version) as records,
    (select count(*)::int from nexus.record_history h where h.record_id = w.id and h.version = w.version and h.op = w.op) as histories,
    (select count(*)::int from nexus.audit a
      where a.record_id = w.id and (a.details->>'version')::int = w.version and a.action = 'record.' || w.op || 'd') as audits,
    (select count(*)::int from nexus.outbox o where o.envelope->'data'->>'id' = w.id::text
      and (o.envelope->'data'->>'version')::int = w.version and o.envelope->>'type' = 'nexus.record.' || w.op || 'd') as events) as found
  where (records, histories, audits, events) <> (1, 1, 1, 1)`

const TWICE = `select split_part(v.value, ' changed', 1) as name, count(distinct r.id)::int as records
  from nexus.record r cross join lateral jsonb_each_text(r.data) v where v.value like 'Load %' group by 1 having count(distinct r.id) > 1`
