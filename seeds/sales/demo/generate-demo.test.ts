/** What the demo data promises: the same for the same day, in the promised size, and nothing in it that the pack would refuse. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CompiledEntity, CompiledModel } from '../../../engine/model/types.ts'
import { compileModel } from '../../../engine/model/compile.ts'
import { combineLayers } from '../../../metadata/layers.ts'
import { evaluate, type EvaluateEnv, type RecordValues } from '../../../metadata/predicate.ts'
import { loadPack, seedTenant } from '../../load.ts'
import { addDays, daysBetween, weekdayOf } from './days.ts'
import { generateDemo } from './generate-demo.ts'
import { generateOther } from './generate-other.ts'
import type { DemoData, SeedRecord } from './records.ts'

const ANCHOR = '2026-11-20'
const demo = generateDemo({ anchor: ANCHOR })
const recordsOf = (entity: string, data: DemoData = demo): SeedRecord[] =>
  data.batches.filter(batch => batch.entity === entity).flatMap(batch => batch.records)
const digest = (data: DemoData): string => createHash('sha256').update(JSON.stringify(data)).digest('hex')

test('is the same for the same day and seed, and another for another', () => {
  expect(digest(generateDemo({ anchor: ANCHOR }))).toBe(digest(demo))
  expect(digest(generateDemo({ anchor: ANCHOR, seed: 2 }))).not.toBe(digest(demo))
  expect(digest(generateDemo({ anchor: addDays(ANCHOR, 1) }))).not.toBe(digest(demo))
})

test('has the promised size', () => {
  const sizes = Object.fromEntries(
    ['deal', 'customer', 'product', 'lead', 'task', 'call', 'note'].map(entity => [entity, recordsOf(entity).length]),
  )
  expect(sizes).toEqual({ deal: 2000, customer: 300, product: 200, lead: 500, task: 500, call: 600, note: 350 })
  expect(demo.units.flatMap(batch => batch.records)).toHaveLength(6)
  expect(demo.users.filter(user => user.signs_in).map(user => user.email.split('@')[0])).toEqual([
    'admin',
    'manager',
    'rep',
    'clerk',
    'auditor',
    'analyst',
    'client',
    'supplier',
    'professional',
  ])
  expect(recordsOf('deal_line').length).toBeGreaterThan(2500)
})

test('spreads deals over eighteen months, on working days, and shows them at every stage', () => {
  const days = recordsOf('deal').map(deal => String(deal.values['created_at']).slice(0, 10))
  expect(daysBetween(days[0] ?? ANCHOR, ANCHOR)).toBeGreaterThan(535)
  expect(days.every(day => day < ANCHOR && weekdayOf(day) < 6)).toBe(true)
  const stages = Map.groupBy(recordsOf('deal'), deal => deal.values['stage'])
  expect([...stages.keys()].sort()).toEqual([
    'engaging',
    'lead',
    'lost',
    'negotiation',
    'proposal',
    'prospecting',
    'qualified',
    'upcoming',
    'won',
  ])
  const won = stages.get('won')?.length ?? 0
  expect(won / (won + (stages.get('lost')?.length ?? 0))).toBeCloseTo(0.47, 1)
  expect(new Set(recordsOf('deal').map(deal => JSON.stringify(deal.values['owner_id']))).size).toBeGreaterThan(8)
})

test('gives the portals something to show', () => {
  const owned = (user: string): string | undefined =>
    recordsOf('customer').find(each => JSON.stringify(each.values['portal_users']) === JSON.stringify([{ ref: `user/${user}` }]))?.ref
  expect(
    recordsOf('deal').filter(deal => JSON.stringify(deal.values['customer']) === JSON.stringify({ ref: owned('client') })).length,
  ).toBeGreaterThan(8)
  expect(
    recordsOf('product').filter(product => JSON.stringify(product.values['supplier']) === JSON.stringify({ ref: owned('supplier') }))
      .length,
  ).toBeGreaterThan(20)
  expect(
    recordsOf('task').filter(task => JSON.stringify(task.values['assignee']) === JSON.stringify({ ref: 'user/professional' })).length,
  ).toBeGreaterThan(15)
})

test('keeps amounts equal to the sum of their lines', () => {
  const lists = new Map(recordsOf('price_list_item').map(item => [item.ref, String(item.values['price'])]))
  const cents = (text: unknown): number => Math.round(Number(text) * 100)
  const sums = new Map<string, number>()
  for (const { values } of recordsOf('deal_line')) {
    const price = cents(values['unit_price'] ?? lists.get((values['price_list_item'] as { ref: string }).ref))
    const deal = (values['deal'] as { ref: string }).ref
    sums.set(deal, (sums.get(deal) ?? 0) + Math.round((Number(values['quantity']) * price * (100 - Number(values['discount'] ?? 0))) / 100))
  }
  for (const deal of recordsOf('deal')) if (sums.has(deal.ref)) expect(cents(deal.values['amount'])).toBe(sums.get(deal.ref))
})

test('has an exchange rate for every foreign amount on the day it is written', () => {
  const first = new Map<unknown, string>()
  for (const { values } of recordsOf('exchange_rate')) {
    const known = first.get(values['currency'])
    if (known === undefined || String(values['valid_from']) < known) first.set(values['currency'], String(values['valid_from']))
  }
  const foreign = demo.batches
    .flatMap(batch => batch.records)
    .filter(({ values }) => values['currency'] !== undefined && values['rate'] === undefined && values['currency'] !== demo.tenant.currency)
  expect(foreign.length).toBeGreaterThan(800)
  const early = foreign.filter(
    ({ values }) => String(values['created_at'] ?? ANCHOR).slice(0, 10) < (first.get(values['currency']) ?? '9999'),
  )
  expect(early.map(record => record.ref)).toEqual([])
})

test('tells of every record when it was made and changed last, at no one hour of the day', () => {
  const timed = demo.batches.flatMap(batch => batch.records)
  const untold = timed.filter(({ values }) => values['created_at'] === undefined || values['updated_by'] === undefined)
  expect(untold.map(record => record.ref)).toEqual([])
  const wrong = timed.filter(
    ({ values }) => String(values['updated_at']) < String(values['created_at']) || String(values['updated_at']) > `${ANCHOR}T`,
  )
  expect(wrong.map(record => record.ref)).toEqual([])
  for (const { entity, records } of demo.batches.filter(batch => batch.records.length >= 100)) {
    const minutes = new Set(records.map(({ values }) => String(values['updated_at']).slice(11, 16)))
    expect(minutes.size, entity).toBeGreaterThan(40)
  }
})

// What the engine would say, as far as it can be known without a database: values, options, conditions, rules, uniques, targets.
const packs = await Promise.all(['core', 'sales'].map(key => loadPack(join(import.meta.dirname, '../..', key))))
const model = compiled()

function compiled(): CompiledModel {
  const { documents } = combineLayers(packs.map(({ pack, documents: each }) => ({ name: pack.key, documents: each })))
  const made = compileModel(
    documents.map(each => each.document),
    packs.flatMap(({ lock }) => (lock === null ? [] : [lock])),
  )
  if (!made.ok) throw new Error(JSON.stringify(made.problems))
  return made.model
}

function idOf(count: number): string {
  return `00000000-0000-7000-8000-${String(count).padStart(12, '0')}`
}

async function faultsOf(data: DemoData, today = ANCHOR): Promise<string[]> {
  const records = new Map<string, { readonly entity: string; readonly values: RecordValues }>()
  const faults: string[] = []
  const uniques = new Set<string>()
  const keep = (entity: string, values: Readonly<Record<string, unknown>>): string => {
    const id = idOf(records.size + 1)
    const declared = model.entities.get(entity)
    if (declared === undefined) throw new Error(entity)
    const defaults = Object.fromEntries(
      [...declared.fields.values()].flatMap(field =>
        'default' in field.declared && field.declared.default !== undefined && !String(field.declared.default).startsWith('$')
          ? [[field.key, field.declared.default]]
          : [],
      ),
    )
    const whole = { ...defaults, ...values, id }
    records.set(id, { entity, values: whole })
    faults.push(...recordFaults(declared, whole).map(fault => `${entity} ${JSON.stringify(values).slice(0, 200)}: ${fault}`))
    return id
  }
  const env: EvaluateEnv = {
    user: null,
    now: `${today}T12:00:00.000Z`,
    timeZone: 'Europe/Berlin',
    weekStart: 1,
    one: (record, relation) => records.get(String(record[relation]))?.values ?? null,
    many: () => [],
  }
  const recordFaults = (entity: CompiledEntity, values: RecordValues): string[] => {
    const found: string[] = []
    const here = { ...env, record: values }
    for (const [key, value] of Object.entries(values)) {
      const field = entity.fields.get(key)
      if (field === undefined) found.push(`no field ${key}`)
      if (field === undefined || field.system || value === null) continue
      const canonical = field.type.canonical(value, field.definition, { today, now: env.now })
      if (!canonical.ok) found.push(`${key}: ${JSON.stringify(canonical)}`)
      const targets =
        field.kind === 'id'
          ? [value]
          : field.storage.kind === 'links'
            ? (value as (string | { id: string })[]).map(each => (typeof each === 'string' ? each : each.id))
            : []
      for (const target of targets) {
        const found_ = records.get(String(target))
        if (found_?.entity !== field.target) found.push(`${key} leads to ${found_?.entity}`)
        else if (
          field.referenceFilter !== null &&
          !evaluate(field.referenceFilter, { ...found_.values, customers: linkIds(found_.values['customers']) }, here)
        )
          found.push(`${key} is not among those that may be chosen`)
      }
      if (field.rules.visible !== null && field.declared.type !== 'boolean' && !evaluate(field.rules.visible, values, here))
        found.push(`${key} is not visible`)
    }
    for (const field of entity.fields.values()) {
      const needed = field.required || (field.rules.required !== null && evaluate(field.rules.required, values, here))
      if (needed && (values[field.key] ?? null) === null) found.push(`${field.key} is missing`)
    }
    for (const rule of entity.rules)
      if (rule.severity === 'error' && (rule.when === null || evaluate(rule.when, values, here)) && !evaluate(rule.check, values, here))
        found.push(`breaks ${rule.key}`)
    for (const stages of entity.stages)
      if ((stages.when === null || evaluate(stages.when, values, here)) && !stages.states.includes(String(values[stages.field])))
        found.push(`is not in a state of ${stages.key}`)
    for (const unique of entity.uniques) {
      const members = unique.fields.map(key => values[key] ?? null)
      if (members.includes(null) || (unique.when !== null && !evaluate(unique.when, values, here))) continue
      const key = JSON.stringify([entity.key, unique.no, members.map(member => String(member).toLowerCase())])
      if (uniques.has(key)) found.push(`is there twice by ${unique.fields.join()}`)
      uniques.add(key)
    }
    return found
  }
  await seedTenant(
    {
      createMany: async (entity, batch) => batch.map(values => keep(entity, values)),
      createUsers: async users =>
        users.map(({ name, email, actor, org_unit_id, values }) => keep('user', { name, email, actor, org_unit_id, ...values })),
    },
    data,
  )
  return faults
}

function linkIds(links: unknown): unknown {
  return Array.isArray(links) ? links.map((link: string | { id: string }) => (typeof link === 'string' ? link : link.id)) : links
}

test('holds nothing that the pack would refuse, on whatever day it is made', async () => {
  expect((await faultsOf(demo)).slice(0, 20)).toEqual([])
  expect((await faultsOf(generateDemo({ anchor: '2027-01-03', seed: 7 }), '2027-01-03')).slice(0, 20)).toEqual([])
  expect((await faultsOf(generateOther({ anchor: ANCHOR }))).slice(0, 20)).toEqual([])
})

test('the second tenant is small and has people of its own', () => {
  const other = generateOther({ anchor: ANCHOR })
  expect(other.users.map(user => user.email)).toEqual(['admin@other.test', 'rep@other.test'])
  expect(recordsOf('deal', other)).toHaveLength(25)
  expect(other.tenant.currency).not.toBe(demo.tenant.currency)
})
