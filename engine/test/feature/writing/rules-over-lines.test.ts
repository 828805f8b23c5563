/** A rule over a record's line items themselves holds by the lines' own door as by the record's: create, change, move, delete, restore, bulk. */
import { describe, expect, test } from 'vitest'
import { type Answer, openSales, type Person } from '../../harness/sales.ts'
import { complaints, type Fields, holdBack } from './workshop.ts'

const en = (text: string): { en: string } => ({ en: text })
const all = { operations: ['create', 'read', 'update', 'delete', 'restore'], fields: { '*': 'write' } }
const plain = { options: { owner: false, org_unit: false } }

const crate = {
  kind: 'entity',
  key: 'crate',
  label: en('Crate'),
  title_field: 'name',
  ...plain,
  fields: [
    { key: 'name', type: 'text', required: true },
    { key: 'sealed', type: 'boolean' },
    { key: 'most', type: 'integer', default: 9 },
    { key: 'jars', type: 'table', label: en('Jars'), target: 'jar', target_field: 'crate' },
    { key: 'weight', type: 'rollup', relation: 'jars', function: 'sum', field: 'weight', discloses_hidden_rows: true },
  ],
  rules: [
    { key: 'no_poison', check: { jars: { none: { kind: { name: { eq: 'poison' } } } } }, message: en('No poison.') },
    {
      key: 'has_main',
      when: { sealed: { eq: true } },
      check: { jars: { some: { main: { eq: true } } } },
      message: en('A sealed crate has a main jar.'),
    },
    { key: 'light', check: { jars: { every: { weight: { lte: '$record.most' } } } }, message: en('A jar is too heavy.') },
    { key: 'told', check: { jars: { none: { main: { eq: false } } } }, message: en('Only warned of.'), severity: 'warning' },
  ],
}
const jar = {
  kind: 'entity',
  key: 'jar',
  label: en('Jar'),
  title_field: 'label',
  ...plain,
  fields: [
    { key: 'crate', type: 'reference', target: 'crate', required: true, on_delete: 'cascade', filterable: true },
    { key: 'label', type: 'text' },
    { key: 'kind', type: 'reference', target: 'kind' },
    { key: 'main', type: 'boolean' },
    { key: 'weight', type: 'integer', default: 1 },
  ],
}
const kind = {
  kind: 'entity',
  key: 'kind',
  label: en('Kind'),
  title_field: 'name',
  ...plain,
  fields: [{ key: 'name', type: 'text' }],
}
const profiles = [
  { kind: 'access_profile', key: 'all_crates', label: en('All'), entities: { crate: all, jar: all, kind: all } },
  { kind: 'access_profile', key: 'jars_only', label: en('Jars'), entities: { jar: all } },
]
const sales = await openSales([
  { kind: 'role', extends: 'core/admin', access_profiles: ['core_admin', 'sales_admin', ...profiles.map(each => each.key)] },
  crate,
  jar,
  kind,
  ...profiles,
  ...profiles.map(({ key }) => ({
    kind: 'role',
    key: `${key}_role`,
    label: en(key),
    capabilities: [],
    access_profiles: [key, 'core_directory'],
  })),
])
const [boss, filler] = await Promise.all(['all_crates', 'jars_only'].map(key => sales.person([`${key}_role`], sales.north))).then(
  people => people as [Person, Person],
)
const poison = await boss.create('kind', { name: 'poison' })
const honey = await boss.create('kind', { name: 'honey' })

const make = async (jars: object[] = [], values: object = {}): Promise<{ id: string; jars: Fields[] }> => {
  const made = await boss.create('crate', { name: 'Crate', jars, ...values })
  return { id: made.id, jars: await jarsOf(made.id) }
}
const jarsOf = async (id: string): Promise<Fields[]> => (await boss.get(`/api/records/crate/${id}?select=jars`)).json.data.jars
const at = (of: Fields | undefined): string => `/api/records/jar/${of?.['id']}`
const change = async (of: Fields | undefined, values: object, person = boss): Promise<Answer> =>
  person.patch(at(of), (await boss.get(at(of))).json.data.version, values)
const drop = async (of: Fields | undefined, person = boss): Promise<Answer> =>
  person.send('DELETE', at(of), undefined, { 'if-match': `"${(await boss.get(at(of))).json.data.version}"` })
const add = (crateId: string, values: object): Promise<Answer> => boss.post('/api/records/jar', { crate: crateId, ...values })
const told = (answer: Answer): [number, ...[string, string][]] => [answer.status, ...complaints(answer)]
const RULE = [422, ['/crate', 'VALIDATE_RULE']]

describe('a rule over the lines of a record', () => {
  test('refuses a line that breaks it, however it comes', async () => {
    const { id, jars } = await make([{ label: 'a', kind: honey.id }])
    expect(told(await add(id, { kind: poison.id }))).toEqual(RULE)
    expect((await add(id, { kind: poison.id })).json.errors).toMatchObject([{ message: 'No poison.', params: { rule: 'no_poison' } }])
    expect(told(await change(jars[0], { kind: poison.id }))).toEqual(RULE)
    expect(told(await change(jars[0], { weight: 10 }))).toEqual(RULE)
    expect((await change(jars[0], { weight: 9, label: 'heavy' })).status).toBe(200)
    const roomy = await make([{ weight: 20 }], { most: 20 })
    expect(told(await change(roomy.jars[0], { crate: id }))).toEqual(RULE)
    expect((await change(roomy.jars[0], { weight: 2, crate: id })).status).toBe(200)
    expect((await jarsOf(id)).map(each => each['weight'])).toEqual([9, 2])
  })

  test('refuses that the one it asks for goes: by a change, a move, a delete', async () => {
    const { id, jars } = await make([{ main: true }, { main: false }], { sealed: true })
    const [main, other] = jars
    const elsewhere = await make()
    expect(told(await change(main, { main: false }))).toEqual(RULE)
    expect(told(await change(main, { crate: elsewhere.id }))).toEqual(RULE)
    expect(told(await drop(main))).toEqual([422, ['', 'VALIDATE_RULE']])
    expect((await change(other, { main: true })).status).toBe(200)
    expect((await drop(main)).status).toBe(204)
    expect(told(await drop(other))).toEqual([422, ['', 'VALIDATE_RULE']])
    expect(await jarsOf(id)).toHaveLength(1)
  })

  test('lets nothing back out of the trash that breaks it', async () => {
    const { id, jars } = await make([{ weight: 9 }])
    expect((await drop(jars[0])).status).toBe(204)
    const { version } = (await boss.get(`/api/records/crate/${id}`)).json.data
    expect((await boss.patch(`/api/records/crate/${id}`, version, { most: 3 })).status).toBe(200)
    expect(told(await boss.post(`${at(jars[0])}/restore`, undefined))).toEqual([422, ['', 'VALIDATE_RULE']])
  })

  test('of a bulk refuses the lines that break it', async () => {
    const { id } = await make()
    const operations = [1, 30, 2].map(weight => ({ op: 'create', values: { crate: id, weight } }))
    expect((await boss.post('/api/records/jar/bulk', { atomic: true, operations })).status).toBe(422)
    const { json } = await boss.post('/api/records/jar/bulk', { atomic: false, operations })
    // Which of them it is that breaks it only the record could say: they are refused together.
    expect(json.data.map((each: Fields) => each['error']?.errors[0].code ?? 'stored')).toEqual(Array(3).fill('VALIDATE_RULE'))
    expect(await jarsOf(id)).toEqual([])
  })

  test('stands against nothing where it was broken before, and is held again once it is mended', async () => {
    const turned = await boss.create('kind', { name: 'sugar' })
    const { id, jars } = await make([{ kind: turned.id }, { kind: honey.id }])
    expect((await boss.patch(`/api/records/kind/${turned.id}`, 1, { name: 'poison' })).status).toBe(200)
    expect((await change(jars[1], { kind: null })).status).toBe(200)
    expect((await change(jars[0], { kind: honey.id })).status).toBe(200)
    expect(told(await add(id, { kind: turned.id }))).toEqual(RULE)
  })

  test('tells whoever does not see the record that it is not possible, and no more', async () => {
    const { jars } = await make([{ main: true }], { sealed: true })
    expect(told(await change(jars[0], { main: false }, filler))).toEqual([422, ['', 'VALIDATE_NOT_POSSIBLE']])
    expect(told(await change(jars[0], { weight: 30 }, filler))).toEqual([422, ['', 'VALIDATE_NOT_POSSIBLE']])
    expect(told(await drop(jars[0], filler))).toEqual([422, ['', 'VALIDATE_NOT_POSSIBLE']])
  })

  test('goes into the trash and out of it with its lines, whatever it says of them', async () => {
    const { id } = await make([{ main: true }], { sealed: true })
    const crateAt = `/api/records/crate/${id}`
    expect((await boss.send('DELETE', crateAt, undefined, { 'if-match': '"1"' })).status).toBe(204)
    expect((await boss.post(`${crateAt}/restore`, undefined)).status).toBe(200)
  })

  test('holds when two take the last two at once: one of them gets through', async () => {
    const { id, jars } = await make([{ main: true }, { main: true }], { sealed: true })
    const hold = await holdBack(sales, id)
    const both = Promise.all([drop(jars[0]), drop(jars[1])])
    await hold.waiting(2)
    await hold.release()
    expect((await both).map(each => each.status).sort()).toEqual([204, 422])
    expect(await jarsOf(id)).toHaveLength(1)
  })
})
