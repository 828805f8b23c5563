/**
 * Makes the demo tenants and their data, through the doors everybody uses: the operator's for tenants, the administrator's for people and records.
 * A tenant gets its key once all of it is there: until then it is called `demo-unfinished`. What is killed meanwhile goes on with the next
 * run where it stood: records are named by their ids, so what a transaction before has made is found again.
 */
import type { DemoData } from '../../seeds/sales/demo/records.ts'
import { generateDemo } from '../../seeds/sales/demo/generate-demo.ts'
import { generateOther } from '../../seeds/sales/demo/generate-other.ts'
import { type SeedDoor, seedTenant } from '../../seeds/load.ts'
import { EngineError } from '../kernel/errors.ts'
import { idNamed, instantOf, newId } from '../kernel/ids.ts'
import type { Caller } from '../kernel/context.ts'
import type { Visit } from '../identity/index.ts'
import { bulkRecords, listRecords, readRecord, type RecordContext } from '../records/index.ts'
import { DEMO_PASSWORD, today } from './demo-tenants.ts'
import { progressBar } from './progress-bar.ts'
import type { Wired } from './wiring.ts'

/** The key of a tenant that is being made. */
export function unfinished(key: string): string {
  return `${key}-unfinished`
}

/** Creates the tenants `demo` and `other` where they are missing, and finishes what an earlier run has begun. */
export async function seedDemo(wired: Wired, tell: (line: string) => void): Promise<void> {
  for (const generate of [generateDemo, generateOther]) {
    const data = generate({ anchor: today() })
    const { key } = data.tenant
    if (await wired.identity.tenants.exists(key)) continue
    const started = performance.now()
    const begun = await begin(wired, data)
    // All of it stands at the day it was begun.
    const all = peopleFirst(generate({ anchor: dayOf(begun.at) }))
    const bar = progressBar(`Demo tenant ${key}`, (done, of) => `${done}/${of} records`)
    const counts = await bar.during(() => {
      const most = sizeOf(all)
      let done = 0
      return seedTenant(doorOf(wired, begun), all, (_entity, _count, more) => bar.show((done += more), most))
    })
    await wired.identity.tenants.rename(unfinished(key), key, visit())
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    tell(`Demo tenant ${key}: ${total} records in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  }
}

function sizeOf({ units, users, batches }: DemoData): number {
  return [...units, ...batches].reduce((sum, batch) => sum + batch.records.length, users.length)
}

/** A tenant that is there, with its administrator, its company and nothing else for certain. */
interface Begun {
  readonly tenantId: string
  readonly admin: Caller
  /** The instant it was begun at. */
  readonly at: number
}

async function begin(wired: Wired, data: DemoData): Promise<Begun> {
  const key = unfinished(data.tenant.key)
  const admin = data.users.find(user => user.signs_in)
  if (admin === undefined) throw new Error(`Nobody signs in to the demo tenant ${data.tenant.key}.`)
  if (!(await wired.identity.tenants.exists(key)))
    await wired.identity.tenants.create(
      {
        key,
        name: data.tenant.name,
        packs: ['sales'],
        admin: { email: admin.email, password: DEMO_PASSWORD, name: admin.name },
        locale: data.tenant.locale,
        currency: data.tenant.currency,
        time_zone: data.tenant.time_zone,
      },
      visit(),
    )
  const caller = await wired.identity.callerByEmail(key, admin.email, new Date())
  return { tenantId: caller.tenant.id, admin: caller, at: instantOf(caller.tenant.id) }
}

function visit(): Visit {
  const origin = { traceId: newId().replaceAll('-', ''), traceparent: '', route: 'seed', ip: '127.0.0.1' }
  return { ...origin, now: new Date(), caller: null, userAgent: null, locale: 'en' }
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** Those who sign in stand first, the administrator before all: whoever is named by others is there. */
function peopleFirst(data: DemoData): DemoData {
  return { ...data, users: [...data.users.filter(user => user.signs_in), ...data.users.filter(user => !user.signs_in)] }
}

/** The doors of one tenant's administrator. */
function doorOf(wired: Wired, { tenantId, admin, at }: Begun): SeedDoor {
  const rootUnit = admin.orgUnitId ?? ''
  const begunAt = new Date(at).toISOString()
  const contextFor = async (): Promise<RecordContext> => {
    const { caller: _, userAgent: __, locale: ___, ...origin } = visit()
    const caller = await wired.identity.callerOf(tenantId, admin.userId, origin.now)
    const ctx = { ...origin, caller, causationId: null, stations: { ms: {} } }
    return { ...(await wired.engine.models.take(ctx)), db: wired.database, cursors: wired.engine.cursors, history: true }
  }
  return {
    async createMany(entity, records, refs) {
      const ctx = await contextFor()
      // The company itself came with the tenant.
      const isCompany = (values: Readonly<Record<string, unknown>>): boolean => entity === 'org_unit' && values['kind'] === 'company'
      const named = records.map((values, index) => {
        const created = typeof values['created_at'] === 'string' ? values['created_at'] : begunAt
        const id = isCompany(values) ? rootUnit : idNamed(Date.parse(created), `${tenantId} ${refs[index] ?? ''}`)
        return { id, values: { created_at: created, ...values } }
      })
      const fresh = named.filter(({ id }) => id !== rootUnit)
      const [first] = fresh
      // They came in one transaction: where the first one is, all are.
      if (first !== undefined && !(await isThere(ctx, entity, first.id)))
        await bulkRecords(
          ctx,
          entity,
          fresh.map(each => ({ op: 'create', ...each })),
          true,
        )
      return named.map(({ id }) => id)
    },
    async createUsers(users) {
      const known = await peopleOf(await contextFor())
      const ids: string[] = []
      for (const { signs_in: signsIn, values, ...user } of users) {
        const id = known.get(user.email) ?? (await create(user, signsIn)).id
        ids.push(id)
      }
      return ids
    },
  }

  async function create(user: Parameters<Wired['identity']['users']['create']>[1], signsIn: boolean): Promise<{ id: string }> {
    return wired.identity.users.create(await contextFor(), { ...user, ...(signsIn ? { password: DEMO_PASSWORD } : {}) })
  }
}

async function isThere(ctx: RecordContext, entity: string, id: string): Promise<boolean> {
  try {
    await readRecord(ctx, entity, id, { select: ['id'] })
    return true
  } catch (error) {
    if (error instanceof EngineError && error.code === 'NOT_FOUND') return false
    throw error
  }
}

/** Ids of the people who are there by their addresses. */
async function peopleOf(ctx: RecordContext): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (let after: string | null | undefined; after !== null; ) {
    const { dataText, page } = await listRecords(ctx, 'user', {
      select: ['id', 'email'],
      limit: 100,
      ...(after === undefined ? {} : { after }),
    })
    for (const { id, email } of JSON.parse(dataText) as { id: string; email: string }[]) found.set(email, id)
    after = page.next
  }
  return found
}
