/** Formulas behind the fence, across tenants: one that never ends costs its own tenant, and is refused where everybody would wait for it. */
import { expect, test } from 'vitest'
import { type Client, startWorkspace } from '../harness/workspace.ts'

const workspace = await startWorkspace()

const ENDLESS = '( $f := function($n){ $f($n + 1) }; level = 666 ? $f(0) : $uppercase(name) )'
const noteWith = (expression: string) => ({
  kind: 'entity',
  key: 'memo_slip',
  label: { en: 'Note' },
  fields: [
    { key: 'name', type: 'text', required: true },
    { key: 'level', type: 'integer' },
    { key: 'loud', type: 'formula', result: 'text', expression },
  ],
})
const keeper = {
  kind: 'access_profile',
  key: 'note_keeper',
  entities: { memo_slip: { operations: ['create', 'read', 'update', 'delete'], fields: { '*': 'write' } } },
}
const role = { kind: 'role', extends: 'core/admin', access_profiles: ['core_admin', 'sales_admin', 'note_keeper'] }

async function tenantWith(key: string, expression: string): Promise<Client> {
  await workspace.createTenant(key)
  const admin = await workspace.signIn(key, `admin@${key}.test`)
  for (const [path, document] of [
    ['entity/memo_slip', noteWith(expression)],
    ['access_profile/note_keeper', keeper],
    ['role/admin', role],
  ] as const) {
    const saved = await admin<{ problems: unknown[] }>('PUT', `/api/studio/draft/${path}`, document)
    expect(saved.status).toBe(201)
  }
  expect((await admin('POST', '/api/studio/draft/publish', { note: 'Notes' })).problem).toMatchObject({ data: { revision: 2 } })
  return admin
}

const slow = await tenantWith('slow', ENDLESS)
const quick = await tenantWith('quick', '$uppercase(name)')

test('a create of another tenant is answered before formulas that never end', { timeout: 60_000 }, async () => {
  const order: string[] = []
  const stuck = Array.from({ length: 8 }, async () => {
    const { status } = await slow('POST', '/api/records/memo_slip', { name: 'x', level: 666 })
    order.push('slow')
    return status
  })
  const created = await quick<{ loud: string }>('POST', '/api/records/memo_slip', { name: 'quick' })
  order.push('quick')
  expect(created).toMatchObject({ status: 201, data: { loud: 'QUICK' } })
  for (const status of await Promise.all(stuck)) expect([422, 503]).toContain(status)
  expect(order.indexOf('quick')).toBeLessThanOrEqual(4)
  // Its own quick values are computed all the same.
  expect(await slow('POST', '/api/records/memo_slip', { name: 'well' })).toMatchObject({ status: 201, data: { loud: 'WELL' } })
})

test('a formula that never ends is not run again for every record of a bulk', { timeout: 60_000 }, async () => {
  const operations = Array.from({ length: 100 }, () => ({ op: 'create', values: { name: 'x', level: 666 } }))
  const answer = await slow('POST', '/api/records/memo_slip/bulk', { operations })
  expect([422, 503]).toContain(answer.status)
  expect(JSON.stringify(answer.problem).includes('VALIDATE_FORMULA') || answer.problem.code === 'EXPRESSION_BUSY').toBe(true)
  const kept = await slow<{ level: number | null }[]>('GET', '/api/records/memo_slip')
  expect(kept.data.filter(each => each.level === 666)).toEqual([])
})

test('a publish does not wait for a formula that never ends: it names the field and the limit', { timeout: 60_000 }, async () => {
  const endless = '( $f := function($n){ $f($n + 1) }; name = "" ? "" : $f(0) )'
  const etag = (await quick('GET', '/api/studio/documents/entity/memo_slip')).headers['etag']
  expect((await quick('PUT', '/api/studio/draft/entity/memo_slip', noteWith(endless), { 'if-match': String(etag) })).status).toBeLessThan(
    300,
  )
  const refused = await quick('POST', '/api/studio/draft/publish', { note: 'Endless' })
  expect(refused).toMatchObject({
    status: 422,
    problem: {
      code: 'AUTHORING_DRAFT_BROKEN',
      errors: [
        {
          code: 'MODEL_FORMULA_SLOW',
          pointer: '/fields/2/expression',
          document: { kind: 'entity', key: 'memo_slip' },
          params: { field: 'loud', limit_ms: 1000 },
        },
      ],
    },
  })
  expect(await quick('POST', '/api/records/memo_slip', { name: 'still' })).toMatchObject({ status: 201, data: { loud: 'STILL' } })
  await quick('DELETE', '/api/studio/draft')
})

test('a formula that ends on the records it is tried on, but not on all, is refused inside the publish and nothing has changed', {
  timeout: 60_000,
}, async () => {
  const operations = Array.from({ length: 30 }, (_, n) => ({ op: 'create', values: { name: `n${n}`, level: n } }))
  expect((await quick('POST', '/api/records/memo_slip/bulk', { operations })).status).toBe(200)
  const late = '( $f := function($n){ $f($n + 1) }; level = 29 ? $f(0) : "calm " & name )'
  const etag = (await quick('GET', '/api/studio/documents/entity/memo_slip')).headers['etag']
  await quick('PUT', '/api/studio/draft/entity/memo_slip', noteWith(late), { 'if-match': String(etag) })
  expect(await quick('POST', '/api/studio/draft/publish', { note: 'Late' })).toMatchObject({
    status: 422,
    problem: { code: 'AUTHORING_DRAFT_BROKEN', errors: [{ code: 'MODEL_FORMULA_SLOW', params: { field: 'loud' } }] },
  })
  const { data } = await quick<{ level: number | null; loud: string }[]>('GET', '/api/records/memo_slip?limit=100')
  expect(data.filter(each => each.level === 29)).toMatchObject([{ loud: 'N29' }])
})
