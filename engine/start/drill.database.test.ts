/** A drill over a real engine that is written to meanwhile, and one whose restored installation differs. */
import { expect, test } from 'vitest'
import { administer } from '../platform/server-admin.ts'
import { freshDatabase } from '../test/harness/database.ts'
import { startWorkspace } from '../test/harness/workspace.ts'
import { drill } from './drill.ts'

test('what was acknowledged before the backup comes back, row for row, and nothing from after it', async () => {
  const workspace = await startWorkspace()
  await workspace.createTenant('acme')
  await workspace.createTenant('beta')
  const { wired, database } = workspace
  const ground = {
    config: wired.engine.config,
    databaseUrl: database.url,
    adminUrl: database.adminUrl,
    redisUrl: undefined,
    applied: [],
    stop: async () => undefined,
  }
  const target = await freshDatabase()
  const load = { tenant: 'acme', email: 'admin@acme.test', writers: 2 }
  const report = await drill(ground, wired, { load, into: target.adminUrl }, () => undefined)

  expect(report.load?.before).toBeGreaterThan(0)
  expect(report.load).toMatchObject({ lost: 0, from_later: 0 })
  expect(report.tenants).toMatchObject([
    { key: 'acme', compared: expect.arrayContaining(['record', 'record_history', 'outbox', 'audit']), audit_intact: true },
    { key: 'beta', audit_intact: true },
  ])
  expect([report.backup.gb_per_minute > 0, report.restore.gb_per_minute > 0]).toEqual([true, true])
  expect(report.rpo_seconds).toBeGreaterThanOrEqual(report.backup.seconds - 1)
  expect(report.rto_seconds).toBeGreaterThanOrEqual(report.restore.verify_seconds + report.restore.load_seconds)
  expect(report.memory.most_mb).toBeGreaterThanOrEqual(report.memory.before_mb)
  expect(report.backup.rows).toBe(report.tenants.reduce((sum, each) => sum + each.rows, 0))
  const [kept] = await administer(target.adminUrl, async client => (await client.query('select count(*)::int as n from nexus.record')).rows)
  const [here] = await administer(
    database.adminUrl,
    async client => (await client.query('select count(*)::int as n from nexus.record')).rows,
  )
  expect(here.n - kept.n).toBeLessThanOrEqual((report.load?.acknowledged ?? 0) - (report.load?.before ?? 0))

  await expect(drill(ground, wired, { load: { ...load, email: 'nobody@x.test' }, into: target.adminUrl }, () => undefined)).rejects.toThrow(
    'Nobody signs in to the tenant',
  )
  // The second drill finds tenants where it wanted an empty place, and says so instead of writing over them.
  await expect(drill(ground, wired, { load: null, into: target.adminUrl }, () => undefined)).rejects.toMatchObject({ reason: 'not_alone' })
}, 90_000)
