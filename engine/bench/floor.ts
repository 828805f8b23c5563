/**
 * The floor: what a good engineer writes by hand for these nine requests. Fastify and pg over typed tables, columns listed by hand, one
 * statement per request, prepared where that serves it best, the rep's rows by the same WHERE, the token looked up in a map. It keeps no
 * history, no events and no audit, and checks neither rights nor forms. A process of its own: `node floor.ts <settings file>`.
 */
import { readFileSync } from 'node:fs'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import pg from 'pg'

/** Who a token is; a rep sees his own deals and the customers of his branch. */
export interface FloorCaller {
  readonly tenant: string
  readonly user: string
  readonly role: 'admin' | 'rep'
  readonly units: readonly string[]
}

/** What the process is started with. */
export interface FloorSettings {
  readonly url: string
  readonly port: number
  readonly callers: Readonly<Record<string, FloorCaller>>
}

const settings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as FloorSettings
const callers = new Map(Object.entries(settings.callers))
// Dates stay text: the driver would put them into the machine's time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, text => text)
const pool = new pg.Pool({ connectionString: settings.url, max: 10 })
const app = Fastify({ logger: false })

interface Asked {
  Params: { readonly id: string; readonly bytes: string }
  Querystring: Readonly<Record<string, string>>
  Body: Readonly<Record<string, unknown>>
}
type Asking = FastifyRequest<Asked>
type Caller = FloorCaller & { readonly isRep: boolean }

const STAGES = "array['lead', 'prospecting', 'upcoming', 'qualified', 'engaging', 'proposal', 'negotiation', 'won', 'lost']"
const LISTED = 'd.id, d.version, d.name, d.stage, d.amount, d.currency, d.probability, d.expected_close_on, d.owner_id, d.created_at'
const ALL = `d.id, d.version, d.number, d.name, d.sales_process, d.pipeline, d.stage, d.contact, d.amount, d.currency, d.probability, d.weighted_amount,
  d.expected_close_on, d.engaged_on, d.closed_on, d.source, d.lost_reason, d.competitor, d.product, d.sales_agent, d.price_list, d.discount, d.lines_total,
  d.next_step, d.next_step_on, d.team, d.external_id, d.tags, d.owner_id, d.org_unit_id, d.created_at, d.created_by, d.updated_at, d.updated_by`
const ALL_OF_ADMIN = `${ALL}, d.customer, d.margin_total`
/** A rep sees no customer of another branch, nor which one it is. */
const all = (caller: Caller, values: unknown[]): string =>
  caller.isRep
    ? `${ALL}, (select c.id from floor.customer c where c.tenant_id = d.tenant_id and c.id = d.customer and c.org_unit_id = any($${values.push(caller.units)}::uuid[])) as customer`
    : ALL_OF_ADMIN

async function rows(name: string | undefined, text: string, values: unknown[]): Promise<Record<string, unknown>[]> {
  return (await pool.query<Record<string, unknown>>(name === undefined ? { text, values } : { name, text, values })).rows
}

/** The rep's rows, as the next parameter. */
const own = (caller: Caller, values: unknown[]): string => (caller.isRep ? ` and d.owner_id = $${values.push(caller.user)}` : '')

function serve(
  method: 'GET' | 'POST' | 'PATCH',
  url: string,
  handler: (caller: Caller, request: Asking, reply: FastifyReply) => Promise<unknown>,
): void {
  app.route<Asked>({
    method,
    url,
    handler: async (request, reply) => {
      const caller = callers.get((request.headers.authorization ?? '').slice(7))
      if (caller === undefined) return reply.code(401).send({ error: 'unauthenticated' })
      return handler({ ...caller, isRep: caller.role === 'rep' }, request, reply)
    },
  })
}

// L1 and L4: the newest, or the newest whose name contains a text.
serve('GET', '/deals', async (caller, { query }) => {
  const values: unknown[] = [caller.tenant]
  const rule = own(caller, values)
  const named =
    query['contains'] === undefined ? '' : ` and d.name ilike $${values.push(`%${query['contains'].replaceAll(/[\\%_]/g, '\\$&')}%`)}`
  return {
    data: await rows(
      named === '' ? `newest_${caller.role}` : undefined,
      `select ${LISTED} from floor.deal d where d.tenant_id = $1${rule}${named} order by d.id desc limit 50`,
      values,
    ),
  }
})

// L2 and L3: by stage and amount, with the customer's name on demand.
serve('GET', '/deals/by-amount', async (caller, { query }) => {
  const values: unknown[] = [caller.tenant, query['stage'], query['from'], query['to']]
  const rule = own(caller, values)
  const isJoined = query['customer'] !== undefined
  const visible = isJoined && caller.isRep ? ` and c.org_unit_id = any($${values.push(caller.units)}::uuid[])` : ''
  const found = await rows(
    `by_amount_${caller.role}_${isJoined}`,
    `select ${LISTED}${isJoined ? ', c.id as customer_id, c.name as customer_name' : ''} from floor.deal d${isJoined ? ` left join floor.customer c on c.tenant_id = d.tenant_id and c.id = d.customer${visible}` : ''}
      where d.tenant_id = $1 and d.stage = $2 and d.amount between $3 and $4${rule} order by d.amount, d.id limit 50`,
    values,
  )
  if (!isJoined) return { data: found }
  return {
    data: found.map(({ customer_id: id, customer_name: name, ...deal }) => ({ ...deal, customer: id === null ? null : { id, name } })),
  }
})

// A1.
serve('GET', '/deals/by-stage', async caller => {
  const values: unknown[] = [caller.tenant]
  const rule = own(caller, values)
  return {
    data: await rows(
      `by_stage_${caller.role}`,
      `select d.stage, sum(d.amount) as amount from floor.deal d where d.tenant_id = $1${rule} group by d.stage order by array_position(${STAGES}, d.stage)`,
      values,
    ),
  }
})

// G1.
serve('GET', '/deals/:id', async (caller, { params }, reply) => {
  const values: unknown[] = [caller.tenant, params.id]
  const rule = own(caller, values)
  const [deal] = await rows(
    `by_id_${caller.role}`,
    `select ${all(caller, values)} from floor.deal d where d.tenant_id = $1 and d.id = $2${rule}`,
    values,
  )
  return deal === undefined ? reply.code(404).send({ error: 'not found' }) : { data: deal }
})

const CREATE = `(tenant_id, id, number, name, sales_process, stage, customer, amount, probability, weighted_amount, expected_close_on, next_step, lines_total, margin_total, created_at, created_by, updated_at, updated_by, owner_id, org_unit_id)`
const CREATED = `'D-2026-' || nextval('floor.deal_numbers'), x.name, 'new_business', x.stage, x.customer, x.amount, x.probability, round(x.amount * x.probability / 100, 2), x.expected_close_on, x.next_step, 0, 0, now(), $2, now(), $2, $2, $3`
const GIVEN = 'name text, stage text, customer uuid, amount numeric, probability numeric, expected_close_on date, next_step text'

// C1.
serve('POST', '/deals', async (caller, { body }, reply) => {
  const values: unknown[] = [
    caller.tenant,
    caller.user,
    caller.units[0],
    body['name'],
    body['stage'],
    body['customer'],
    body['amount'],
    body['probability'],
    body['expected_close_on'],
    body['next_step'],
  ]
  const [deal] = await rows(
    `create_${caller.role}`,
    `insert into floor.deal as d ${CREATE} select $1, uuidv7(), ${CREATED} from (values ($4::text, $5::text, $6::uuid, $7::numeric, $8::numeric, $9::date, $10::text)) x(${GIVEN.replaceAll(/ \w+(?=,|$)/g, '')})
      returning ${all(caller, values)}`,
    values,
  )
  return reply.code(201).send({ data: deal })
})

// C2.
serve('POST', '/deals/bulk', async (caller, { body }) => {
  const created = await rows(
    'create_many',
    `insert into floor.deal ${CREATE} select $1, uuidv7(), ${CREATED} from jsonb_to_recordset($4) x(${GIVEN}) returning id, version`,
    [caller.tenant, caller.user, caller.units[0], JSON.stringify(body['deals'])],
  )
  return { data: created }
})

// U1.
serve('PATCH', '/deals/:id', async (caller, { params, headers, body }, reply) => {
  const values: unknown[] = [
    caller.tenant,
    params.id,
    Number((headers['if-match'] ?? '').replaceAll('"', '')),
    body['next_step'],
    caller.user,
  ]
  const rule = caller.isRep ? ' and d.owner_id = $5' : ''
  const [deal] = await rows(
    `update_${caller.role}`,
    `update floor.deal d set next_step = $4, version = version + 1, updated_at = now(), updated_by = $5
      where d.tenant_id = $1 and d.id = $2 and d.version = $3${rule} returning ${all(caller, values)}`,
    values,
  )
  return deal === undefined ? reply.code(412).send({ error: 'changed meanwhile' }) : { data: deal }
})

// What Fastify alone does: a text of a given size, made once.
const texts = new Map<string, string>()
app.get<Asked>('/static/:bytes', async ({ params }, reply) => {
  const text = texts.get(params.bytes) ?? JSON.stringify({ data: 'x'.repeat(Math.max(0, Number(params.bytes) - 11)) })
  texts.set(params.bytes, text)
  return reply.type('application/json; charset=utf-8').send(text)
})

await app.listen({ host: '127.0.0.1', port: settings.port })
