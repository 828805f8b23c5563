import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callerNames } from '../authoring/caller-names.ts'
import { readPackFolder } from '../model/lock-packs.ts'
import { createModels, emptyBook, OVERLAY_BASE, type PackSource } from '../model/index.ts'
import type { Locale } from '../kernel/context.ts'
import { createLog } from '../kernel/log.ts'
import type { Database } from '../platform/index.ts'
import { shapeForm } from './form.ts'
import { shapeModel } from './model.ts'

const nowhere = new Proxy({} as Database, { get: () => () => Promise.reject(new Error('No database here.')) })
const core = readPackFolder(join(import.meta.dirname, '../../seeds'), 'core')
const pack: PackSource = { key: 'core', version: '1.0.0', requires: [], documents: core.documents, lock: core.lock ?? emptyBook(0) }
const models = createModels({ database: nowhere, packs: new Map([['core', pack]]), log: createLog(undefined, 'silent') })
const tenant = { id: 't', key: 'demo', name: 'Demo', locale: 'en', currency: 'EUR', timeZone: 'Europe/Berlin', weekStart: 1 } as const

const customer = {
  kind: 'entity',
  key: 'customer',
  label: { en: 'Customer', ru: 'Клиент' },
  fields: [
    { key: 'name', type: 'text', required: true, filterable: true, sortable: true },
    { key: 'secret', type: 'text' },
  ],
}
const deal = {
  kind: 'entity',
  key: 'deal',
  label: { en: 'Deal', ru: 'Сделка' },
  plural_label: { en: 'Deals' },
  title_field: 'name',
  fields: [
    { key: 'name', type: 'text', label: { en: 'Name', ru: 'Название' }, required: true, max_length: 80, filterable: true, sortable: true },
    {
      key: 'stage',
      type: 'choice',
      filterable: true,
      default: 'lead',
      required: true,
      options: [
        { value: 'lead', label: { en: 'Lead' } },
        { value: 'won', label: { en: 'Won' } },
        { value: 'old', label: { en: 'Old' }, retired: true },
      ],
    },
    { key: 'customer', type: 'reference', target: 'customer', inverse: 'deals', filterable: true },
    { key: 'amount', type: 'money', filterable: true, sortable: true },
    { key: 'margin', type: 'money', filterable: true, sortable: true },
    { key: 'reason', type: 'text', visible_when: { stage: { eq: 'won' } }, required_when: { margin: { lt: '0' } } },
    { key: 'closed_on', type: 'date', default: '$today' },
    { key: 'half', type: 'formula', result: 'decimal', scale: 2, expression: 'amount / 2' },
    { key: 'lines', type: 'table', target: 'line', target_field: 'deal' },
  ],
  stages: [
    { key: 'short', label: { en: 'Short' }, when: { name: { eq: 'short' } }, field: 'stage', states: ['lead', 'won'], transitions: [] },
    { key: 'dear', when: { margin: { gt: '100' } }, field: 'stage', states: ['lead'], transitions: [] },
  ],
}
const line = {
  kind: 'entity',
  key: 'line',
  label: { en: 'Line' },
  fields: [
    { key: 'deal', type: 'reference', target: 'deal', required: true },
    { key: 'title', type: 'text', required: true },
    { key: 'cost', type: 'money' },
  ],
}
const documents = [
  customer,
  deal,
  line,
  {
    kind: 'query_policy',
    key: 'deal',
    entity: 'deal',
    filter: { name: true, stage: ['eq', 'in'], margin: true, customer: true },
    sort: ['name', 'amount', 'margin'],
    group: ['stage'],
    measure: { amount: ['sum', 'max'] },
  },
  {
    kind: 'view',
    key: 'deal_list',
    entity: 'deal',
    type: 'list',
    label: { en: 'All' },
    columns: ['name', 'customer.name', 'customer.secret', 'margin'],
    sort: ['-margin', 'name'],
  },
  {
    kind: 'view',
    key: 'thin',
    entity: 'deal',
    type: 'list',
    label: { en: 'Thin margin' },
    columns: ['name'],
    where: { margin: { lt: '5' } },
  },
  {
    kind: 'navigation',
    key: 'main',
    groups: [
      {
        key: 'g',
        label: { en: 'Group' },
        items: [
          { key: 'a', view: 'deal_list' },
          { key: 'b', view: 'thin' },
          { key: 'c', entity: 'customer' },
        ],
      },
    ],
  },
  {
    kind: 'layout',
    key: 'deal_form',
    entity: 'deal',
    sections: [
      { key: 'top', label: { en: 'Top' }, columns: 3, fields: ['name', { field: 'stage', width: 2 }] },
      { key: 'hidden', label: { en: 'Margins' }, fields: ['margin'] },
    ],
  },
  {
    kind: 'access_profile',
    key: 'boss',
    entities: {
      deal: { operations: ['create', 'read', 'update'], fields: { '*': 'write' } },
      customer: { operations: ['read'], fields: { '*': 'read' } },
      line: { operations: ['create', 'read', 'update'], fields: { '*': 'write' } },
    },
  },
  {
    kind: 'access_profile',
    key: 'rep',
    entities: {
      deal: {
        operations: ['create', 'read', 'update'],
        fields: {
          name: 'write',
          stage: 'write',
          customer: 'create',
          amount: 'read',
          half: 'read',
          reason: 'write',
          closed_on: 'write',
          lines: 'write',
        },
      },
      customer: { operations: ['read'], fields: { name: 'read' } },
      line: { operations: ['create', 'read'], fields: { deal: 'write', title: 'write' } },
    },
  },
]
const { model, problems } = models.assemble({
  packs: [{ key: 'core', version: '1.0.0' }],
  overlay: documents,
  numbers: emptyBook(OVERLAY_BASE),
})

function namesOf(profile: string, locale: Locale = 'en', building: string[] = []) {
  if (model === null) throw new Error(JSON.stringify(problems))
  return callerNames({ model, building: new Set(building) }, [profile], locale)
}
type Entities = { key: string; label: string; title_field: string; fields: Record<string, unknown>[]; relations: unknown[] }[]
const entitiesOf = (profile: string, locale?: Locale, building?: string[]) =>
  (shapeModel(namesOf(profile, locale, building), tenant, 1) as { entities: Entities }).entities
const fieldOf = (entities: Entities, key: string, entity = 'deal') =>
  entities.find(each => each.key === entity)?.fields.find(field => field['key'] === key)

test('shows each caller the entities and fields that exist for him, and no others', () => {
  expect(entitiesOf('rep').map(each => each.key)).toEqual(['customer', 'deal', 'line'])
  expect(fieldOf(entitiesOf('rep'), 'margin')).toBeUndefined()
  expect(fieldOf(entitiesOf('rep'), 'secret', 'customer')).toBeUndefined()
  expect(fieldOf(entitiesOf('boss'), 'margin')).toMatchObject({ right: 'write', filter: expect.arrayContaining(['gt']) as unknown })
  expect(JSON.stringify(shapeModel(namesOf('rep'), tenant, 1))).not.toContain('margin')
})

test('shows the states of a process to whoever may see what tells it from others', () => {
  const stagesFor = (profile: string) => (entitiesOf(profile).find(each => each.key === 'deal') as unknown as { stages: unknown[] }).stages
  const short = { key: 'short', label: 'Short', field: 'stage', when: { name: { eq: 'short' } }, states: ['lead', 'won'] }
  expect(stagesFor('rep')).toEqual([short])
  expect(stagesFor('boss')).toEqual([
    short,
    { key: 'dear', label: 'dear', field: 'stage', when: { margin: { gt: '100' } }, states: ['lead'] },
  ])
})

test('says what the query policy permits of a field', () => {
  const entities = entitiesOf('boss')
  expect(fieldOf(entities, 'stage')).toMatchObject({ filter: ['eq', 'in'], groupable: true, sortable: false })
  expect(fieldOf(entities, 'amount')).toMatchObject({ filter: [], sortable: true, measures: ['sum', 'max'], scale: 2, widget: 'money' })
  expect(fieldOf(entities, 'amount_base')).toMatchObject({ measures: ['sum', 'max'], heavy: true, computed: true })
})

test('offers no operator on a field whose storage is being filled', () => {
  expect(fieldOf(entitiesOf('boss', 'en', ['deal.name']), 'name')).toMatchObject({ filter: [], sortable: false })
})

test('speaks the caller’s language and falls back to English', () => {
  const entities = entitiesOf('rep', 'ru')
  expect(entities.find(each => each.key === 'deal')).toMatchObject({ label: 'Сделка', plural_label: 'Deals' })
  expect(fieldOf(entities, 'name')).toMatchObject({ label: 'Название' })
  expect(fieldOf(entities, 'stage')).toMatchObject({
    label: 'Stage',
    options: [{ value: 'lead' }, { value: 'won' }, { value: 'old', retired: true }],
  })
})

test('shows relations whose records exist for the caller', () => {
  expect(entitiesOf('rep').find(each => each.key === 'customer')?.relations).toEqual([
    { key: 'deals', label: 'Deals', target: 'deal', kind: 'inverse' },
  ])
  expect(entitiesOf('rep').find(each => each.key === 'deal')?.relations).toEqual([
    { key: 'lines', label: 'Lines', target: 'line', kind: 'table' },
  ])
})

test('keeps of a view what can be read, drops a view that stands on a hidden field, and leaves no dead item in the menu', () => {
  const rep = shapeModel(namesOf('rep'), tenant, 1) as {
    views: Record<string, unknown>[]
    navigation: { groups: { items: { key: string; label: string }[] }[] }[]
  }
  expect(rep.views).toMatchObject([{ key: 'deal_list', columns: ['name', 'customer.name'], sort: ['name'] }])
  expect(rep.navigation[0]?.groups[0]?.items.map(item => [item.key, item.label])).toEqual([
    ['a', 'All'],
    ['c', 'Customer'],
  ])
  const boss = shapeModel(namesOf('boss'), tenant, 1) as { views: Record<string, unknown>[] }
  expect(boss.views.map(view => view['key'])).toEqual(['deal_list', 'thin'])
})

function formOf(profile: string, mode: 'create' | 'edit' | 'view') {
  const names = namesOf(profile)
  const grant = names.grant('deal')
  if (grant === null) throw new Error('The entity does not exist for this profile.')
  const { schema, ui_schema: ui, rules } = shapeForm(names, grant, mode)
  return {
    schema: schema as { properties: Record<string, Record<string, unknown>>; required: string[]; additionalProperties: boolean },
    ui: ui as Record<string, Record<string, unknown>>,
    rules,
  }
}

test('a form for a new record holds what the caller can set, with defaults that mean the same tomorrow', () => {
  const { schema } = formOf('rep', 'create')
  expect(Object.keys(schema.properties)).toEqual(['name', 'stage', 'customer', 'reason', 'closed_on', 'lines'])
  expect(schema.additionalProperties).toBe(false)
  expect(schema.required).toEqual(['name'])
  expect(schema.properties['stage']).toMatchObject({ default: 'lead', oneOf: [{ const: 'lead', title: 'Lead' }, { const: 'won' }] })
  expect(schema.properties['closed_on']).not.toHaveProperty('default')
  expect(schema.properties['reason']).toMatchObject({ title: 'Reason', anyOf: [{ type: 'string' }, { type: 'null' }] })
})

test('a form of an existing record shows what can be read, read-only where it can not be changed', () => {
  const { schema, ui } = formOf('rep', 'edit')
  expect(schema.properties['amount']).toMatchObject({ readOnly: true })
  expect(ui['amount']).toMatchObject({ 'ui:readonly': true, 'ui:widget': 'money', 'ui:options': { scale: 2 } })
  expect(ui['customer']).toMatchObject({ 'ui:readonly': true, 'ui:options': { target: 'customer', title_field: 'name' } })
  expect(schema.required).toEqual(['name', 'stage'])
  expect(schema.properties['stage']?.['oneOf']).toHaveLength(3)
})

test('lines are objects of the child’s own form without the way back', () => {
  const { schema, ui } = formOf('rep', 'edit')
  const [table] = (schema.properties['lines']?.['anyOf'] ?? []) as { items: { properties: object; required: string[] } }[]
  expect(Object.keys(table?.items.properties ?? {})).toEqual(['id', 'version', 'title'])
  expect(table?.items.required).toEqual(['title'])
  expect(ui['lines']).toMatchObject({ 'ui:options': { addable: true, removable: false }, items: { 'ui:order': ['title'] } })
})

test('sections follow the layout, empty ones go, what no section places stands in a last one', () => {
  expect(formOf('rep', 'create').ui['ui:options']?.['sections']).toEqual([
    { key: 'top', label: 'Top', help: null, columns: 3, fields: ['name', { field: 'stage', width: 2 }] },
    { key: null, label: null, help: null, columns: 2, fields: ['customer', 'reason', 'closed_on', 'lines'] },
  ])
})

test('gives a condition only to those who may read every name in it', () => {
  expect(formOf('rep', 'edit').rules).toEqual([{ field: 'reason', visible_when: { stage: { eq: 'won' } } }])
  expect(formOf('boss', 'edit').rules).toEqual([
    { field: 'reason', visible_when: { stage: { eq: 'won' } }, required_when: { margin: { lt: '0' } } },
  ])
})
