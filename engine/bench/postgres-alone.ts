/**
 * What Postgres alone does: the floor's own statements, prepared, sent one after another over some connections by the driver and nothing
 * else. A process of its own: `node postgres-alone.ts <settings file>`; prints requests per second by request kind as JSON.
 */
import { readFileSync } from 'node:fs'
import pg from 'pg'
import type { FloorCaller } from './floor.ts'

/** What the process is started with. */
export interface AloneSettings {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  readonly callers: readonly { readonly caller: FloorCaller; readonly deals: readonly string[] }[]
}

const settings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as AloneSettings
type Asker = AloneSettings['callers'][number]

const LISTED = 'id, version, name, stage, amount, currency, probability, expected_close_on, owner_id, created_at'
const STATEMENTS: Readonly<Record<string, { readonly text: string; readonly values: (asker: Asker, turn: number) => unknown[] }>> = {
  L1: {
    text: `select ${LISTED} from floor.deal where tenant_id = $1 and owner_id = $2 order by id desc limit 50`,
    values: ({ caller }) => [caller.tenant, caller.user],
  },
  L2: {
    text: `select ${LISTED} from floor.deal where tenant_id = $1 and owner_id = $2 and stage = $3 and amount between $4 and $5 order by amount, id limit 50`,
    values: ({ caller }, turn) => [
      caller.tenant,
      caller.user,
      ['qualified', 'proposal', 'won'][turn % 3],
      (turn * 37) % 60_000,
      ((turn * 37) % 60_000) + 17_500,
    ],
  },
  G1: {
    text: 'select * from floor.deal where tenant_id = $1 and owner_id = $2 and id = $3',
    values: ({ caller, deals }, turn) => [caller.tenant, caller.user, deals[turn % deals.length]],
  },
  U1: {
    text: 'update floor.deal set next_step = $4, updated_at = now(), updated_by = $2 where tenant_id = $1 and owner_id = $2 and id = $3 returning *',
    values: ({ caller, deals }, turn) => [caller.tenant, caller.user, deals[turn % deals.length], `Call back at ${turn}`],
  },
}

const found: Record<string, number> = {}
for (const [key, statement] of Object.entries(STATEMENTS)) {
  let done = 0
  const until = performance.now() + settings.seconds * 1000
  await Promise.all(
    Array.from({ length: settings.connections }, async (_, connection) => {
      const client = new pg.Client(settings.url)
      await client.connect()
      for (let turn = connection; performance.now() < until; turn += 1) {
        const asker = settings.callers[(turn * settings.connections + connection) % settings.callers.length]
        if (asker === undefined) break
        await client.query({ name: key, text: statement.text, values: statement.values(asker, turn) })
        done += 1
      }
      await client.end()
    }),
  )
  found[key] = done / settings.seconds
}
process.stdout.write(JSON.stringify(found))
