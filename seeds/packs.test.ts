/** What the packs promise: they fit the language together, speak four languages throughout, and leave no entity without a way to it. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { languageTools } from '../engine/kernel/schema.ts'
import { compileModel } from '../engine/model/compile.ts'
import { checkLayers } from '../metadata/check-layers.ts'
import { combineLayers } from '../metadata/layers.ts'
import type { MetadataDocument } from '../metadata/generated/types.ts'
import { loadPack } from './load.ts'

const packs = await Promise.all(['core', 'sales'].map(key => loadPack(join(import.meta.dirname, key))))
const layers = packs.map(({ pack, documents }) => ({ name: pack.key, documents }))
const documents = combineLayers(layers).documents.map(each => each.document)
const of = <K extends MetadataDocument['kind']>(kind: K): Extract<MetadataDocument, { kind: K }>[] =>
  documents.filter((each): each is Extract<MetadataDocument, { kind: K }> => each.kind === kind)
const entities = of('entity')
const LOCALES = ['en', 'ru', 'uk', 'es']

test('each pack stands on those it requires, without a problem', () => {
  for (const count of [1, 2]) expect(checkLayers(layers.slice(0, count), languageTools).problems).toEqual([])
})

test('the locks of both packs cover every field, and the main ones have the first slots', () => {
  const books = packs.flatMap(({ lock }) => (lock === null ? [] : [lock]))
  const compiled = compileModel(documents, books)
  expect(compiled.ok ? [] : compiled.problems).toEqual([])
  if (!compiled.ok) return
  for (const entity of entities) {
    const fields = compiled.model.entities.get(entity.key)?.fields
    expect([...(fields?.keys() ?? [])]).toEqual(expect.arrayContaining(entity.fields.map(field => field.key)))
    for (const field of entity.fields.filter(each => each.slot_hint !== undefined))
      expect([entity.key, field.key, fields?.get(field.key)?.storage]).toEqual([
        entity.key,
        field.key,
        expect.objectContaining({ column: field.slot_hint }),
      ])
  }
})

test('every text is there in English, Russian, Ukrainian and Spanish', () => {
  const gaps: string[] = []
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return
    if ('en' in value) {
      const texts = Object.entries(value)
      if (
        texts.map(([locale]) => locale).join() !== LOCALES.join() ||
        texts.some(([, text]) => typeof text !== 'string' || text.trim() !== text || text === '')
      )
        gaps.push(path)
      return
    }
    for (const [name, member] of Object.entries(value)) walk(member, `${path}/${name}`)
  }
  for (const document of documents) walk(document, `${document.kind}/${document.key}`)
  expect(gaps).toEqual([])
})

test('every entity, field, option and relation has a label of its own', () => {
  const bare = entities.flatMap(entity => [
    ...(entity.label.en === undefined || entity.plural_label === undefined || entity.icon === undefined ? [entity.key] : []),
    ...entity.fields.flatMap(field => [
      ...(field.label === undefined ? [`${entity.key}.${field.key}`] : []),
      ...('inverse' in field && field.inverse !== undefined && field.inverse_label === undefined
        ? [`${entity.key}.${field.key} inverse`]
        : []),
      ...('link_fields' in field
        ? (field.link_fields ?? []).filter(each => each.label === undefined).map(each => `${entity.key}.${field.key}.${each.key}`)
        : []),
    ]),
  ])
  expect(bare).toEqual([])
})

test('Russian and Ukrainian texts are written in Cyrillic letters alone, apart from names and signs', () => {
  const latin = /\b(?!CRM\b|IBAN\b|EUR\b|USD\b|sales\b|opportunities\b)[A-Za-z]{2,}\b/
  const found: string[] = []
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const locale of ['ru', 'uk'] as const) {
      const text = (value as Record<string, unknown>)[locale]
      if (typeof text === 'string' && latin.test(text)) found.push(text)
    }
    for (const member of Object.values(value)) walk(member)
  }
  for (const document of documents) walk(document)
  expect(found).toEqual([])
})

test('every entity has a query policy, a list that opens first, a form with all its fields, and an entry in the menu', () => {
  const reachable = new Set(
    of('navigation').flatMap(menu => menu.groups.flatMap(group => group.items.map(item => item.view ?? item.entity))),
  )
  for (const entity of entities) {
    expect([entity.key, of('query_policy').filter(policy => policy.entity === entity.key).length]).toEqual([entity.key, 1])
    const lists = of('view').filter(view => view.entity === entity.key && view.type === 'list')
    expect([entity.key, lists.filter(view => view.default === true).length]).toEqual([entity.key, 1])
    expect([entity.key, lists.some(view => reachable.has(view.key))]).toEqual([entity.key, true])
    const layout = of('layout').find(each => each.entity === entity.key)
    const sections = [...(layout?.sections ?? []), ...(layout?.tabs ?? []).flatMap(tab => tab.sections)]
    const shown = sections.flatMap(section => section.fields.map(field => (typeof field === 'string' ? field : field.field)))
    expect([
      entity.key,
      entity.fields
        .filter(field => !shown.includes(field.key) && !(field.type === 'lookup' && shown.includes(field.reference)))
        .map(field => field.key),
    ]).toEqual([entity.key, []])
    expect(new Set(shown).size).toBe(shown.length)
  }
})

test('the auditor may write nothing, and reads every entity', () => {
  const role = of('role').find(each => each.key === 'auditor')
  const profiles = of('access_profile').filter(each => role?.access_profiles?.includes(each.key))
  for (const entity of entities)
    expect([entity.key, profiles.some(profile => profile.entities[entity.key]?.operations.includes('read'))]).toEqual([entity.key, true])
  for (const profile of profiles)
    for (const access of Object.values(profile.entities))
      expect(access.operations.filter(each => !['read', 'export'].includes(each))).toEqual([])
})

test('a representative sees neither cost nor margin, by whatever name', () => {
  const rep = of('access_profile').find(each => each.key === 'sales_rep')
  for (const [entity, field] of [
    ['product', 'cost'],
    ['product', 'margin'],
    ['deal_line', 'unit_cost'],
    ['deal_line', 'margin'],
    ['deal', 'margin_total'],
  ] as const) {
    expect(rep?.entities[entity]?.fields['*']).toBeUndefined()
    expect(rep?.entities[entity]?.fields[field]).toBeUndefined()
  }
})

test('every role has a profile for everything its people meet: their colleagues and units too', () => {
  for (const role of of('role')) {
    const profiles = of('access_profile').filter(each => role.access_profiles?.includes(each.key))
    expect(profiles.map(each => each.key)).toEqual(expect.arrayContaining(role.access_profiles ?? []))
    for (const entity of ['user', 'org_unit'])
      expect([role.key, profiles.some(profile => profile.entities[entity]?.operations.includes('read'))]).toEqual([role.key, true])
  }
})
