/** Makes the demo tenants and their data, through the doors everybody uses: the operator's for tenants, the administrator's for people and records. */
import { generateDemo } from '../../seeds/sales/demo/generate-demo.ts'
import { generateOther } from '../../seeds/sales/demo/generate-other.ts'
import { type SeedDoor, seedTenant } from '../../seeds/load.ts'
import { newId } from '../kernel/ids.ts'
import type { Caller } from '../kernel/context.ts'
import { bulkRecords, newRecordId, type RecordContext } from '../records/index.ts'
import { DEMO_PASSWORD, today } from './demo-tenants.ts'
import type { Wired } from './wiring.ts'

/** Creates the tenants `demo` and `other` where they are missing. */
export async function seedDemo(wired: Wired, tell: (line: string) => void): Promise<void> {
  const anchor = today()
  for (const data of [generateDemo({ anchor }), generateOther({ anchor })]) {
    if (await wired.identity.tenants.exists(data.tenant.key)) continue
    const started = performance.now()
    const [admin, ...others] = data.users.filter(user => user.signs_in)
    if (admin === undefined) continue
    const created = await wired.identity.tenants.create(
      {
        key: data.tenant.key,
        name: data.tenant.name,
        packs: ['sales'],
        admin: { email: admin.email, password: DEMO_PASSWORD, name: admin.name },
        locale: data.tenant.locale,
        currency: data.tenant.currency,
        time_zone: data.tenant.time_zone,
      },
      {
        now: new Date(),
        traceId: newId().replaceAll('-', ''),
        traceparent: '',
        route: 'seed',
        ip: '127.0.0.1',
        caller: null,
        userAgent: null,
        locale: 'en',
      },
    )
    const counts = await seedTenant(await doorOf(wired, created.id, created.admin_id, created.org_unit_id, admin.email), {
      ...data,
      users: [admin, ...others, ...data.users.filter(user => !user.signs_in)],
    })
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    tell(`Demo tenant ${data.tenant.key}: ${total} records in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  }
}

/** The doors of one tenant's administrator. */
async function doorOf(wired: Wired, tenantId: string, adminId: string, rootUnit: string, adminEmail: string): Promise<SeedDoor> {
  const contextFor = async (): Promise<RecordContext> => {
    const caller: Caller = await wired.identity.callerOf(tenantId, adminId, new Date())
    const ctx = {
      traceId: newId().replaceAll('-', ''),
      traceparent: '',
      route: 'seed',
      ip: '127.0.0.1',
      now: new Date(),
      caller,
      causationId: null,
      stations: { ms: {} },
    }
    return { ...(await wired.engine.models.take(ctx)), db: wired.database, cursors: wired.engine.cursors, history: true }
  }
  return {
    async createMany(entity, records) {
      const ctx = await contextFor()
      // The company itself came with the tenant.
      const fresh = entity === 'org_unit' ? records.filter(record => record['kind'] !== 'company') : records
      const made = await bulkRecords(
        ctx,
        entity,
        fresh.map(values => ({ op: 'create', id: newRecordId(values), values })),
        true,
      )
      const ids = made.map(each => each.id)
      return records.map(record => (entity === 'org_unit' && record['kind'] === 'company' ? rootUnit : (ids.shift() ?? '')))
    },
    async createUsers(users) {
      const ids: string[] = []
      for (const { signs_in: signsIn, values, ...user } of users) {
        if (user.email === adminEmail) {
          ids.push(adminId)
          continue
        }
        const { id } = await wired.identity.users.create(await contextFor(), { ...user, ...(signsIn ? { password: DEMO_PASSWORD } : {}) })
        ids.push(id)
      }
      return ids
    },
  }
}
