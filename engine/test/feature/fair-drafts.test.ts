/** Drafts across tenants: however large one is, it is put together in slices, in its tenant's turn, and only up to a size that is said. */
import { expect, test } from 'vitest'
import { type Client, startWorkspace } from '../harness/workspace.ts'

const workspace = await startWorkspace()

async function tenant(key: string): Promise<Client> {
  await workspace.createTenant(key)
  return workspace.signIn(key, `admin@${key}.test`)
}
const large = await tenant('large')
const small = await tenant('small')

const FIELDS = 400
/** An entity of 400 fields that are each shown by three others, and formulas over sixty of them. */
const heavy = (key: string, formulas: number) => ({
  kind: 'entity',
  key,
  label: { en: 'Heavy' },
  plural_label: { en: 'Heavy' },
  fields: [
    { key: 'name', type: 'text' },
    ...Array.from({ length: FIELDS }, (_, i) => ({
      key: `f${i}`,
      type: 'decimal',
      visible_when: { and: [1, 2, 3].map(k => ({ [`f${(i + k) % FIELDS}`]: { gt: '1' } })) },
    })),
    ...Array.from({ length: formulas }, (_, i) => ({
      key: `g${i}`,
      type: 'formula',
      result: 'decimal',
      expression: Array.from({ length: 60 }, (_each, k) => `f${i + k}`).join('+'),
    })),
  ],
})
const put = (who: Client, document: { key: string }) =>
  who<{ version: number; problems: unknown[] }>('PUT', `/api/studio/draft/entity/${document.key}`, document)

test('others are served while a large draft is put together', { timeout: 60_000 }, async () => {
  const order: string[] = []
  const putting = (async () => {
    const saved = await put(large, heavy('heavy_one', 60))
    order.push('draft')
    return saved
  })()
  // Each is begun when the one before is answered: all of them pass while the one draft is under way.
  const reading = (async () => {
    while (!order.includes('draft')) {
      expect(await small('GET', '/api/records/deal?limit=1')).toMatchObject({ status: 200 })
      order.push('read')
    }
  })()
  expect(await putting).toMatchObject({ status: 201, data: { problems: [] } })
  await reading
  expect(order.indexOf('draft')).toBeGreaterThan(1)
})

test('an author with too many checks under way is told to wait, and another tenant is not', { timeout: 60_000 }, async () => {
  const many = Array.from({ length: 14 }, () => large('GET', '/api/studio/where_used/entity/deal'))
  expect((await put(small, { ...heavy('light', 0), key: 'light' })).status).toBe(201)
  const statuses = (await Promise.all(many)).map(each => each.status)
  expect(statuses.filter(status => status === 200).length).toBeGreaterThanOrEqual(9)
  for (const refused of (await Promise.all(many)).filter(each => each.status !== 200))
    expect(refused).toMatchObject({ status: 503, problem: { code: 'MODEL_BUSY' }, headers: { 'retry-after': '2' } })
})

test('what all documents together may be is said in numbers', { timeout: 60_000 }, async () => {
  expect(await put(large, heavy('heavy_three', 260))).toMatchObject({
    status: 422,
    problem: {
      code: 'AUTHORING_TOO_MANY_PARTS',
      limits: { entities: 200, fields: 3000, formulas: 300, parts: 60_000, bytes: 2_097_152 },
    },
  })
  for (const n of [1, 2, 3, 4, 5, 6, 7]) {
    const answer = await put(large, heavy(`heavy_n${n}`, 0))
    if (answer.status !== 201) {
      expect(answer).toMatchObject({ status: 422, problem: { code: 'AUTHORING_TOO_MANY_PARTS' } })
      return
    }
  }
  expect.fail('eight entities of 400 fields were taken')
})
