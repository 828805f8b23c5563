/** Backups of older versions: a real one that was kept, and one made just before a migration that there is only here. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { auditKeyOf, verifyAudit } from '../audit/index.ts'
import { restoreBackup, verifyBackup } from '../backup/index.ts'
import { type Config, readConfig } from '../kernel/config.ts'
import { createDatabase } from '../platform/postgres.ts'
import { migrate, readMigrations } from '../platform/migrate.ts'
import { prepareRoles } from '../platform/roles.sql.ts'
import { administer, ensureDatabase, withDatabase } from '../platform/server-admin.ts'
import { freshDatabase } from '../test/harness/database.ts'
import { startWorkspace } from '../test/harness/workspace.ts'
import { backUpInto, backupIn } from './backup-file.ts'
import { keepSecrets } from './kept-secrets.ts'
import { withLifted } from './lift-backup.ts'
import { MIGRATIONS } from './main.ts'

// An embedded Postgres is made, used and thrown away.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })
const SECRET = 'secret-of-the-test-harness-0123456789'
const folder = mkdtempSync(join(tmpdir(), 'nexus-lift-'))
const newer = join(folder, 'migrations')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeAll(() => {
  cpSync(MIGRATIONS, newer, { recursive: true })
  const step = `alter table nexus.record_history add column reason text not null default 'not asked';\n`
  writeFileSync(join(newer, '900-reasons.sql'), step)
})

function configOf(dataDir: string): Config {
  const env = { NODE_ENV: 'test', NEXUS_SECRET: SECRET, NEXUS_DATA_DIR: dataDir, REDIS_URL: 'redis://127.0.0.1:9' }
  const { config } = readConfig(env, keepSecrets)
  if (config === undefined) throw new Error('These settings can not be used.')
  return config
}

/** A database that has nothing of Nexus in it. */
async function bareDatabase(): Promise<string> {
  const { adminUrl, name } = await freshDatabase()
  const bare = `${name}_bare`
  await ensureDatabase(adminUrl, bare)
  afterAll(() => administer(adminUrl, client => client.query(`drop database if exists ${bare} with (force)`)))
  return withDatabase(adminUrl, bare)
}

test('rows made before a migration come back as that migration leaves them', async () => {
  const workspace = await startWorkspace()
  await workspace.createTenant('acme')
  const admin = await workspace.signIn('acme', 'admin@acme.test')
  const made = await admin<{ id: string }>('POST', '/api/records/customer', { name: 'Werra Systeme' })
  await admin('PATCH', `/api/records/customer/${made.data.id}`, { name: 'Werra Systems' }, { 'if-match': '"1"' })
  const file = join(folder, 'before.backup')
  const engine = { name: 'nexus', version: '0.0.9', commit: 'older' }
  const written = await backUpInto(file, { adminUrl: workspace.database.adminUrl, secret: SECRET, engine })

  const target = await bareDatabase()
  const through = await bareDatabase()
  const steps = await readMigrations(newer)
  const verified = await verifyBackup(await backupIn(file, SECRET))
  const request = { replace: false, otherSecret: false, schema: steps }
  await prepareRoles(target)
  await migrate({ url: target, folder: newer, role: 'nexus_owner' })
  await expect(restoreBackup(await backupIn(file, SECRET), verified, { ...request, adminUrl: target })).rejects.toMatchObject({
    reason: 'older',
  })

  const said: string[] = []
  const done = await withLifted(
    { file, verified, config: configOf(folder), through, migrations: newer },
    line => said.push(line),
    async (lifted, again) => {
      expect(again.head).toMatchObject({ id: written.id, taken_at: written.taken_at, engine, scope: 'instance' })
      return restoreBackup(await backupIn(lifted, SECRET), again, { ...request, adminUrl: target })
    },
  )
  expect(done.restored.map(each => [each.key, each.mode])).toEqual([['acme', 'new']])
  expect(said).toEqual([expect.stringContaining('0.0.9, older'), 'Brought up: 900-reasons.sql'])
  const rows = await administer(target, client => client.query('select distinct reason from nexus.record_history'))
  expect(rows.rows).toEqual([{ reason: 'not asked' }])
  const names = await administer(target, client =>
    client.query(`select count(*)::int as n from nexus.record where data::text like '%Werra Systems%'`),
  )
  expect(names.rows).toEqual([{ n: 1 }])
  expect(readdirSync(folder).filter(name => name.startsWith('lift-'))).toEqual([])
})

test('a backup that a version of long ago made is restored by this one, through a server that is gone afterwards', async () => {
  const database = await freshDatabase()
  const env = { PATH: process.env['PATH'], NODE_ENV: 'test', NEXUS_DATA_DIR: folder, NEXUS_SECRET: SECRET, DATABASE_URL: database.adminUrl }
  const old = join(import.meta.dirname, '../backup/cases/schema-009.backup')
  const child = spawn(process.execPath, [join(import.meta.dirname, 'cli.ts'), 'restore', old, '--json'], { env, cwd: folder })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number]
  expect([code, stderr]).toEqual([0, expect.stringContaining('acme: restored')])
  const { restored } = JSON.parse(stdout) as { restored: { id: string; key: string; audit_intact: boolean }[] }
  expect(restored).toMatchObject([{ key: 'acme', audit_intact: true }])
  expect(readdirSync(folder).filter(name => name.startsWith('lift-'))).toEqual([])

  const workspace = await startWorkspace({ database })
  const admin = await workspace.signIn('acme', 'admin@acme.test')
  const deals = await admin<{ name: string; budget_code: string | null; next_step: string | null }[]>(
    'GET',
    '/api/records/deal?select=name,budget_code,next_step&sort=created_at',
  )
  expect(deals.data).toMatchObject([
    { name: 'Cold store refit', budget_code: null, next_step: 'Call back' },
    { name: 'Second shop', budget_code: 'B-17' },
  ])
  const [first] = deals.data as { id?: string }[]
  const history = await admin<{ changes: unknown }[]>('GET', `/api/records/deal/${first?.id}/history`)
  expect([history.status, history.data.length]).toEqual([200, 2])
  const seen = createDatabase({ url: database.url })
  const chain = await verifyAudit(seen, restored[0]?.id ?? '', { key: auditKeyOf(SECRET) })
  await seen.close()
  expect(chain.intact).toBe(true)
})
