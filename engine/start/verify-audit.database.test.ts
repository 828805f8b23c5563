import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { append, auditKeyOf, startSealer } from '../audit/index.ts'
import { newId } from '../kernel/ids.ts'
import { createLog } from '../kernel/log.ts'
import { createDatabase } from '../platform/postgres.ts'
import { administer } from '../platform/server-admin.ts'
import { freshDatabase } from '../test/harness/database.ts'
import { verifyAudits } from './verify-audit.ts'

const folder = mkdtempSync(join(tmpdir(), 'nexus-verify-'))
const { url, adminUrl } = await freshDatabase()
const secret = 'secret-of-the-test-harness-0123456789'
const env = { NEXUS_DATA_DIR: folder, NODE_ENV: 'test', NEXUS_SECRET: secret, DATABASE_URL: adminUrl }
const database = createDatabase({ url })
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

async function tenantWithRows(key: string): Promise<string> {
  const id = newId()
  await administer(adminUrl, client =>
    client.query(
      `insert into nexus.tenant (id, key, name, locale, currency, time_zone, packs, key_salt, created_at) values ($1, $2, $2, 'en', 'EUR', 'UTC', '[]', '', now())`,
      [id, key],
    ),
  )
  const origin = { now: new Date(), traceId: 'a'.repeat(32), ip: null, caller: null }
  await database.writeAs(id, connection => append(connection, origin, [{ action: 'record.created' }, { action: 'record.deleted' }]))
  return id
}

async function ask(
  question: Parameters<typeof verifyAudits>[1],
  changes: NodeJS.ProcessEnv = {},
): Promise<{ whole: boolean; lines: string[] }> {
  const lines: string[] = []
  const { whole } = await verifyAudits(
    { ...env, ...changes },
    question,
    () => undefined,
    line => void lines.push(line),
  )
  return { whole, lines }
}

test('tells of each tenant whether its chain is whole, and where it is not', async () => {
  const [sound, broken] = [await tenantWithRows('sound'), await tenantWithRows('broken')]
  const securityLog = { append: () => undefined, close: () => undefined }
  const sealer = startSealer({ database, log: createLog(undefined, 'silent'), securityLog, key: auditKeyOf(secret) })
  await sealer.sealNow()
  await sealer.stop()
  expect((await ask({})).whole).toBe(true)
  await administer(adminUrl, client => client.query(`delete from nexus.audit where tenant_id = $1 and action = 'record.deleted'`, [broken]))
  const { whole, lines } = await ask({})
  expect(whole).toBe(false)
  expect(lines).toEqual([
    expect.stringMatching(/^broken: BROKEN: row missing, row .* of seal 1$/),
    'sound: whole; 2 rows in 1 seals, 0 waiting for theirs',
  ])
  expect((await ask({ tenant: 'sound' })).whole).toBe(true)
  const [head] = await administer(
    adminUrl,
    async client => (await client.query(`select head from nexus.audit_seal where tenant_id = $1`, [sound])).rows,
  )
  expect((await ask({ tenant: 'sound', head: `1:${head.head}` })).whole).toBe(true)
  expect((await ask({ tenant: 'sound', head: `2:${head.head}` })).lines).toEqual(['sound: BROKEN: seal missing, seal 2'])
  // Who asks with another secret is told of that first.
  const other = await ask({ tenant: 'sound' }, { NEXUS_SECRET: 'another-secret-of-an-installation-9876' })
  expect(other.lines).toEqual(['sound: BROKEN: seal changed, seal 1; is NEXUS_SECRET the one it was sealed with?'])
})

test('refuses what it can not understand', async () => {
  await expect(ask({ tenant: 'nobody' })).rejects.toThrow('There is no tenant "nobody".')
  await expect(ask({ head: `1:${'a'.repeat(64)}` })).rejects.toThrow('--tenant')
  await expect(ask({ tenant: 'sound', head: '1' })).rejects.toThrow('--head')
})
