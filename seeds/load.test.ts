/** What reading a pack and seeding a tenant do, with a door that only remembers. */
import { mkdtemp, mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type DoorUser, loadPack, seedTenant, type SeedDoor } from './load.ts'
import { generateDemo } from './sales/demo/generate-demo.ts'
import { refTo, type DemoData } from './sales/demo/records.ts'

async function packFolder(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pack-'))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}

const pack = { kind: 'pack', key: 'tiny', version: '1.0.0', label: { en: 'Tiny' } }

function rememberingDoor(): SeedDoor & {
  readonly calls: [string, number][]
  readonly made: Map<string, Readonly<Record<string, unknown>>>
  readonly users: DoorUser[]
} {
  const calls: [string, number][] = []
  const made = new Map<string, Readonly<Record<string, unknown>>>()
  const users: DoorUser[] = []
  let next = 0
  const id = (): string => `id-${(next += 1)}`
  return {
    calls,
    made,
    users,
    createMany: async (entity, records) => {
      calls.push([entity, records.length])
      return records.map(values => {
        const key = id()
        made.set(key, values)
        return key
      })
    },
    createUsers: async people => {
      calls.push(['user', people.length])
      users.push(...people)
      return people.map(id)
    },
  }
}

test('checks documents once, and again when one of them has changed', async () => {
  const role = { kind: 'role', key: 'r', label: { en: 'R' }, capabilities: [], access_profiles: [] }
  const folder = await packFolder({ 'pack.json': pack, 'roles/r.json': role })
  const fitting = new Set<string>()
  await loadPack(folder, fitting)
  expect(fitting.size).toBe(1)
  await loadPack(folder, fitting)
  expect(fitting.size).toBe(1)
  await writeFile(join(folder, 'roles/r.json'), JSON.stringify({ ...role, capabilites: [] }))
  await expect(loadPack(folder, fitting)).rejects.toThrow(/capabilites/)
  await expect(loadPack(folder, fitting)).rejects.toThrow(/capabilites/)
  await writeFile(join(folder, 'roles/r.json'), JSON.stringify({ ...role, label: { en: 'Reads' } }))
  await loadPack(folder, fitting)
  expect(fitting.size).toBe(2)
})

test('reads documents in the order in which they build on each other, demo data apart', async () => {
  const folder = await packFolder({
    'pack.json': pack,
    'views/a.json': { kind: 'view', key: 'a', entity: 'thing', type: 'list', label: { en: 'A' }, columns: ['name'] },
    'entities/thing.json': { kind: 'entity', key: 'thing', label: { en: 'Thing' }, fields: [{ key: 'name', type: 'text' }] },
    'pack.lock.json': { base: 0, entities: {} },
  })
  const loaded = await loadPack(folder)
  expect(loaded.pack).toEqual(pack)
  expect(loaded.documents.map(each => each.kind)).toEqual(['pack', 'entity', 'view'])
  expect(loaded.lock).toEqual({ base: 0, entities: {} })
})

test('names the file and the place of everything that does not fit', async () => {
  const folder = await packFolder({
    'pack.json': pack,
    'roles/r.json': { kind: 'role', key: 'r', label: { en: 'R' }, capabilites: [] },
    'roles/s.json': { kind: 'rule', key: 's' },
  })
  await expect(loadPack(folder)).rejects.toThrow(/roles\/r\.json\/capabilites: [^]*roles\/s\.json\/kind: /)
})

test('refuses a file with a name given twice, and a folder that is no pack', async () => {
  await expect(loadPack(await packFolder({ 'pack.json': '{"kind":"pack","kind":"role"}' }))).rejects.toThrow(/pack\.json: /)
  await expect(loadPack(await packFolder({ 'entities/readme.txt': 'no pack' }))).rejects.toThrow(/There is no pack\.json/)
})

test('creates in chunks of at most 500, turns references into ids, and tells what was made', async () => {
  const door = rememberingDoor()
  const told: string[] = []
  const data = generateDemo({ anchor: '2026-06-30' })
  const counts = await seedTenant(door, data, (entity, count) => told.push(`${entity} ${count}`))
  expect(counts.get('deal')).toBe(2000)
  expect(counts.get('user')).toBe(data.users.length)
  expect(Math.max(...door.calls.map(([, size]) => size))).toBe(500)
  expect(told).toContain('deal 1500')
  expect(JSON.stringify([...door.made.values(), ...door.users])).not.toContain('"ref"')
  const deal = [...door.made.values()].find(values => values['sales_process'] !== undefined && values['stage'] === 'won')
  expect(door.made.get(String(deal?.['customer']))).toMatchObject({ party: expect.any(Array) })
})

test('creates people after those they report to', async () => {
  const door = rememberingDoor()
  await seedTenant(door, generateDemo({ anchor: '2026-06-30' }))
  const rep = door.users.find(user => user.email === 'rep@demo.test')
  const manager = door.users.findIndex(user => user.email === 'manager@demo.test')
  expect(rep?.values['manager']).toMatch(/^id-/)
  expect(manager).toBeLessThan(door.users.findIndex(user => user.email === 'rep@demo.test'))
})

test('refuses data that names a record before it is created', async () => {
  const data: DemoData = {
    tenant: { key: 'x', name: 'X', locale: 'en', currency: 'EUR', time_zone: 'UTC' },
    units: [],
    users: [],
    batches: [{ entity: 'deal', records: [{ ref: 'deal/1', values: { customer: refTo('customer/1') } }] }],
  }
  await expect(seedTenant(rememberingDoor(), data)).rejects.toThrow('“customer/1” is named before it is created.')
})
