import { expect, test } from 'vitest'
import type { Entity, Field, LayerDocument, Role } from './generated/types.ts'
import { combineLayers } from './layers.ts'
import { upgradePack } from './upgrade.ts'

function deal(fields: Field[]): Entity {
  return { kind: 'entity', key: 'deal', label: { en: 'Deal' }, fields }
}
const name: Field = { key: 'name', type: 'text', label: { en: 'Name' }, max_length: 200 }
const amount: Field = { key: 'amount', type: 'money', label: { en: 'Amount' } }

function upgraded(base: Entity, next: Entity, overlay: LayerDocument[]) {
  const upgrade = upgradePack([base], [next], overlay)
  const { documents, problems } = combineLayers([
    { name: 'sales', documents: [next] },
    { name: 'overlay', documents: upgrade.overlay },
  ])
  return { ...upgrade, problems, document: documents[0]?.document as Entity }
}

test('keeps the overlay and takes what the pack brings', () => {
  const result = upgraded(deal([name]), deal([{ ...name, searchable: true }, amount]), [
    {
      kind: 'entity',
      extends: 'sales/deal',
      fields: [
        { key: 'name', label: { en: 'Title' } },
        { key: 'region', type: 'text' },
      ],
    },
  ])
  expect(result.conflicts).toEqual([])
  expect(result.problems).toEqual([])
  expect(result.document.fields).toEqual([{ ...name, searchable: true, label: { en: 'Title' } }, { key: 'region', type: 'text' }, amount])
  expect(result.changes.map(change => change.pointer)).toEqual(['/fields/name/searchable', '/fields/amount'])
})

test('tells what both changed and lets the overlay win', () => {
  const result = upgraded(deal([name]), deal([{ ...name, max_length: 150, label: { en: 'Deal name' } }]), [
    { kind: 'entity', extends: 'sales/deal', fields: [{ key: 'name', max_length: 100 }] },
  ])
  expect(result.conflicts).toEqual([
    { kind: 'entity', key: 'deal', pointer: '/fields/name/max_length', base: 200, next: 150, overlay: 100 },
  ])
  expect(result.document.fields[0]).toMatchObject({ max_length: 100, label: { en: 'Deal name' } })
})

test('keeps what the overlay demands even where the language no longer promises it, so that the check can tell', () => {
  const role: Role = { kind: 'role', key: 'rep', label: { en: 'Rep' }, access_profiles: ['rep'] }
  const demand = { kind: 'role', extends: 'sales/rep', require_mfa: true } as unknown as LayerDocument
  const { overlay, conflicts } = upgradePack([role], [{ ...role, label: { en: 'Seller' } }], [demand])
  expect([overlay, conflicts]).toEqual([[demand], []])
})

test('drops from the overlay what the pack now says itself', () => {
  const result = upgraded(deal([name]), deal([{ ...name, max_length: 100 }]), [
    { kind: 'entity', extends: 'sales/deal', fields: [{ key: 'name', max_length: 100 }] },
  ])
  expect(result.overlay).toEqual([])
  expect(result.conflicts).toEqual([])
})

test('reports a change of a part that the pack has taken away, and goes on without it', () => {
  const result = upgraded(deal([name, amount]), deal([name]), [
    { kind: 'entity', extends: 'sales/deal', fields: [{ key: 'amount', label: { en: 'Value' } }], label: { en: 'Opportunity' } },
  ])
  expect(result.conflicts).toMatchObject([{ pointer: '/fields/amount', base: amount }])
  expect(result.overlay).toEqual([{ kind: 'entity', extends: 'sales/deal', label: { en: 'Opportunity' } }])
  expect(result.problems).toEqual([])
})

test('reports a field that the overlay and the new pack both invented', () => {
  const result = upgraded(
    deal([name]),
    deal([name, { key: 'region', type: 'choice', options: [{ value: 'north', label: { en: 'North' } }] }]),
    [{ kind: 'entity', extends: 'sales/deal', fields: [{ key: 'region', type: 'text' }] }],
  )
  expect(result.conflicts).toMatchObject([{ pointer: '/fields/region', overlay: { key: 'region', type: 'text' } }])
})

test('keeps the order that the overlay gave', () => {
  const source: Field = { key: 'source', type: 'text' }
  const result = upgraded(deal([name, amount]), deal([name, amount, source]), [
    { kind: 'entity', extends: 'sales/deal', fields: [{ key: 'amount' }, { key: 'name' }] },
  ])
  expect(result.document.fields.map(field => field.key)).toEqual(['amount', 'name', 'source'])
})
