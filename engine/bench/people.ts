/** Who asks in the benchmark, and about which of his deals: tokens for the engine, tokens for the floor, ids out of the database. */
import { sealAccess } from '../identity/token.ts'
import { administer } from '../platform/server-admin.ts'
import type { FloorCaller } from './floor.ts'
import { sessionPlace } from './load.ts'
import { type BenchTenant, branchOf, idOf, SERVED_TENANTS } from './population.ts'

export type Role = 'admin' | 'rep'

/** Somebody who asks. */
export interface Person {
  readonly tenant: BenchTenant
  readonly role: Role
  readonly userId: string
  readonly engineToken: string
  readonly floorToken: string
  /** Where his requests seem to come from: the engine keeps a pace per address. */
  readonly address: string
  /** Deals he may read and change. */
  readonly deals: readonly string[]
  /** Customers he may name in a deal. */
  readonly customers: readonly string[]
}

/** People of the large tenant who ask; of the others it is one each. Each stays below the pace that the engine grants a person. */
const ASKING_OF_LARGE = 60
/** Deals that each person is given to read and change. */
const DEALS_EACH = 24
const CUSTOMERS_EACH = 40
const TOKEN_SECONDS = 86_400

/** Everybody who asks, of the first so many tenants. */
export async function gatherPeople(
  adminUrl: string,
  secret: string,
  tenants: readonly BenchTenant[],
  count = SERVED_TENANTS,
): Promise<Person[]> {
  const owned = await readDeals(adminUrl)
  const nameable = await readCustomers(adminUrl)
  const iat = Math.floor(Date.now() / 1000)
  return tenants.slice(0, count).flatMap(tenant => {
    const all = Array.from({ length: tenant.reps }, (_, at) => owned.get(`${tenant.id}/${idOf(tenant.no, 'rep', at + 1)}`) ?? [])
    return (['admin', 'rep'] as const).flatMap(role =>
      Array.from({ length: tenant.no === 1 ? ASKING_OF_LARGE : 1 }, (_, at): Person => {
        const person = at + 1
        const userId = idOf(tenant.no, role, person)
        const claims = {
          iss: 'nexus',
          aud: 'nexus-api',
          sub: userId,
          sid: idOf(tenant.no, 'session', sessionPlace(role, person)),
          tenant_epoch: 1,
          user_epoch: 1,
          iat,
          exp: iat + TOKEN_SECONDS,
        } as const
        return {
          tenant,
          role,
          userId,
          engineToken: sealAccess(secret, tenant.id, claims),
          floorToken: `floor-${tenant.no}-${role}-${person}`,
          address: `10.${(role === 'admin' ? 100 : 0) + (tenant.no >> 8)}.${tenant.no & 255}.${person}`,
          deals: (role === 'admin' ? all[at % all.length] : all[at]) ?? [],
          customers: nameable.get(`${tenant.id}/${idOf(tenant.no, 'unit', branchOf(tenant, person))}`) ?? [],
        }
      }),
    )
  })
}

/** What the floor knows of them. */
export function floorCallers(people: readonly Person[]): Record<string, FloorCaller> {
  return Object.fromEntries(
    people.map(({ tenant, role, userId, floorToken }): [string, FloorCaller] => {
      const branch = branchOf(tenant, Number.parseInt(userId.slice(-6), 16))
      return [floorToken, { tenant: tenant.id, user: userId, role, units: [idOf(tenant.no, 'unit', role === 'rep' ? branch : 1)] }]
    }),
  )
}

async function readDeals(adminUrl: string): Promise<Map<string, string[]>> {
  const { rows } = await administer(adminUrl, client =>
    client.query<{ owner: string; ids: string[] }>(
      `select x.tenant_id || '/' || x.owner_id as owner, array_agg(x.id::text order by x.n) as ids from (
        select d.tenant_id, d.owner_id, d.id, row_number() over (partition by d.tenant_id, d.owner_id order by md5(d.id::text)) as n
        from floor.deal d join bench.tenant t on t.id = d.tenant_id and t.no <= $1) x where x.n <= $2 group by x.tenant_id, x.owner_id`,
      [SERVED_TENANTS, DEALS_EACH],
    ),
  )
  return new Map(rows.map(({ owner, ids }) => [owner, ids]))
}

/** Some customers of each branch. */
async function readCustomers(adminUrl: string): Promise<Map<string, string[]>> {
  const { rows } = await administer(adminUrl, client =>
    client.query<{ unit: string; ids: string[] }>(
      `select x.tenant_id || '/' || x.org_unit_id as unit, array_agg(x.id::text order by x.n) as ids from (
        select c.tenant_id, c.org_unit_id, c.id, row_number() over (partition by c.tenant_id, c.org_unit_id order by md5(c.id::text)) as n
        from floor.customer c join bench.tenant t on t.id = c.tenant_id and t.no <= $1) x where x.n <= $2 group by x.tenant_id, x.org_unit_id`,
      [SERVED_TENANTS, CUSTOMERS_EACH],
    ),
  )
  return new Map(rows.map(({ unit, ids }) => [unit, ids]))
}
