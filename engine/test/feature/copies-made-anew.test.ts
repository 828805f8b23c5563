/** What an author is told of values that somebody wrote over copies, before a publish makes the copies anew. */
import { expect, test } from 'vitest'
import { type Document, draft, entity, profile, publish } from '../harness/change-set.ts'
import { type Client, startWorkspace } from '../harness/workspace.ts'

const workspace = await startWorkspace()
await workspace.createTenant('acme', ['core'])
const admin = await workspace.signIn('acme', 'admin@acme.test')

const plain = (key: string, type: string): object => ({ key, type })
const NAME = { key: 'name', type: 'text', required: true }
const part = entity('part', [NAME, plain('cost', 'integer'), plain('price', 'integer')])
const use = (figure: object): Document =>
  entity('use', [NAME, { key: 'part', type: 'reference', target: 'part' }, { key: 'figure', ...figure }])
const copying = (field: string): object => ({ type: 'lookup', reference: 'part', field, mode: 'copied', overridable: true })
const all = { operations: ['create', 'read', 'update'], fields: { '*': 'write' } }
const role = { kind: 'role', key: 'admin', extends: 'core/admin', access_profiles: ['core_admin', 'parts'] }

interface Checked {
  readonly impact: { readonly copies: object[]; readonly removals: object[] }
}
const check = async (client: Client) => (await client<Checked>('POST', '/api/studio/draft/check')).data.impact
const create = async (type: string, values: object): Promise<string> =>
  (await admin<{ id: string }>('POST', `/api/records/${type}`, values)).data.id

test('a field that will copy something else tells how many values somebody wrote over, and which', async () => {
  await draft(admin, part, use(copying('cost')), profile('parts', { part: all, use: all }), role)
  expect(await publish(admin)).toMatchObject({ status: 200 })
  const bolt = await create('part', { name: 'Bolt', cost: 4, price: 9 })
  await create('use', { name: 'Copied', part: bolt })
  await create('use', { name: 'Typed', part: bolt, figure: 5 })
  await create('use', { name: 'Free', figure: 6 })
  await create('use', { name: 'Nothing' })
  await draft(admin, use({ ...copying('cost'), label: { en: 'Figure' } }))
  expect((await check(admin)).copies).toEqual([])
  await draft(admin, use(copying('price')))
  expect((await check(admin)).copies).toEqual([
    {
      entity: 'use',
      field: 'figure',
      values: 3,
      written_over: 2,
      samples: expect.arrayContaining([
        expect.objectContaining({ name: 'Typed', figure: 5 }),
        expect.objectContaining({ name: 'Free', figure: 6 }),
      ]),
    },
  ])
  expect(await publish(admin)).toMatchObject({ status: 200 })
})

test('given values that become computed ones are told among what goes away', async () => {
  await draft(admin, use({ type: 'integer' }))
  expect((await check(admin)).removals).toEqual([])
  await admin('DELETE', '/api/studio/draft')
  await draft(admin, entity('note_of', [NAME, { key: 'part', type: 'reference', target: 'part' }, plain('figure', 'integer')]))
  const rights = profile('parts', { part: all, use: all, note_of: all })
  await draft(admin, rights)
  expect(await publish(admin)).toMatchObject({ status: 200 })
  await create('note_of', { name: 'Typed', figure: 5 })
  await draft(admin, entity('note_of', [NAME, { key: 'part', type: 'reference', target: 'part' }, { key: 'figure', ...copying('cost') }]))
  expect((await check(admin)).removals).toEqual([{ entity: 'note_of', field: 'figure', records: 1, kept_days: 30 }])
})
