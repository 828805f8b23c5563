/**
 * An update that understands less of a tenant's documents than the version before: a role that asks for a second factor, which there is none of
 * yet. Nobody gets in without the factor he was to show, other tenants go on, and the operator is told where it is and what to do.
 */
import pg from 'pg'
import { expect, test } from 'vitest'
import { lookAtTenants } from '../../start/doctor/look-at-tenants.ts'
import { PASSWORD, startWorkspace } from '../harness/workspace.ts'

const workspace = await startWorkspace()
const acme = await workspace.createTenant('acme')
await workspace.createTenant('other')
const admin = await workspace.signIn('acme', 'admin@acme.test')
const stranger = await workspace.signIn('other', 'admin@other.test')
const role = { kind: 'role', extends: 'core/admin', require_mfa: true }
const LOOKED_MS = 600

/** What the version before had let the tenant publish, put where it would lie. */
async function outgrow(overlay: readonly object[]): Promise<void> {
  const client = new pg.Client({ connectionString: workspace.database.adminUrl })
  await client.connect()
  await client.query(
    `insert into nexus.revision (tenant_id, revision, note, created_at, packs, overlay, numbers, diff)
       select tenant_id, revision + 1, 'Before', now(), packs, $2, numbers, '[]' from nexus.revision where tenant_id = $1 order by revision desc limit 1`,
    [acme.id, JSON.stringify(overlay)],
  )
  await client.query('update nexus.tenant set revision = revision + 1, epoch = epoch + 1 where id = $1', [acme.id])
  await client.end()
  await new Promise(done => setTimeout(done, LOOKED_MS))
}

const signIn = async (tenant: string) => {
  const payload = { tenant, email: `admin@${tenant}.test`, password: PASSWORD }
  const answer = await workspace.app.inject({ method: 'POST', url: '/api/auth/login', payload })
  return { status: answer.statusCode, code: (JSON.parse(answer.payload) as { code?: string }).code, cookie: answer.headers['set-cookie'] }
}
const asked = { tenant: undefined, sample: 0, until: Number.POSITIVE_INFINITY }

test('a draft can not promise a second factor', async () => {
  const put = await admin<{ problems: { code: string; pointer: string }[] }>('PUT', '/api/studio/draft/role/admin', role)
  expect(put.data.problems).toMatchObject([{ code: 'MODEL_OPTION', pointer: '/require_mfa' }])
  expect((await admin('POST', '/api/studio/draft/publish', { note: 'MFA' })).problem.code).toBe('AUTHORING_DRAFT_BROKEN')
  expect((await admin('DELETE', '/api/studio/draft')).status).toBe(204)
})

test('where one stands already, nobody gets in without it, by a password nor by a token', async () => {
  await outgrow([role])
  expect(await signIn('acme')).toEqual({ status: 503, code: 'MODEL_UNAVAILABLE', cookie: undefined })
  for (const path of ['/api/me', '/api/model', '/api/records/deal', '/api/studio/draft']) {
    const { status, problem } = await admin('GET', path)
    expect([path, status, problem.code]).toEqual([path, 503, 'MODEL_UNAVAILABLE'])
    expect(JSON.stringify(problem)).not.toContain('require_mfa')
  }
})

test('other tenants go on', async () => {
  expect((await signIn('other')).status).toBe(200)
  expect((await stranger('GET', '/api/records/deal')).status).toBe(200)
})

test('the operator is told once in the log, and by the doctor where it is and what to do', async () => {
  const told = workspace.warnings.filter(line => line.includes('does not compile'))
  expect(told.map(line => (JSON.parse(line) as { level: string; tenant_id: string }).tenant_id)).toEqual([acme.id])
  expect(await lookAtTenants(workspace.wired, asked)).toMatchObject([
    {
      level: 'wrong',
      found: expect.stringMatching(/^The metadata of acme does not compile, .*: role admin \/require_mfa \(“true” is not possible/),
    },
  ])
})

test('with the role mended, everybody is back', async () => {
  await outgrow([])
  expect((await signIn('acme')).status).toBe(200)
  expect(await lookAtTenants(workspace.wired, asked)).toMatchObject([{ level: 'ok' }])
})
