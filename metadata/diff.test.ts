import { expect, test } from 'vitest'
import { diffDocuments } from './diff.ts'
import type { Entity, MetadataDocument } from './generated/types.ts'

const deal: Entity = {
  kind: 'entity',
  key: 'deal',
  label: { en: 'Deal' },
  fields: [
    { key: 'name', type: 'text', required: true },
    { key: 'stage', type: 'choice', options: [{ value: 'lead', label: { en: 'Lead' } }] },
  ],
}

test('finds no difference between documents that say the same in another order of members', () => {
  const { kind, key, ...rest } = deal
  expect(diffDocuments([deal], [{ ...rest, key, kind }])).toEqual([])
})

test('tells the smallest part that differs, addressed by key', () => {
  const after: Entity = {
    ...deal,
    label: { en: 'Deal', ru: 'Сделка' },
    fields: [
      { key: 'region', type: 'text' },
      { key: 'stage', type: 'choice', options: [{ value: 'lead', label: { en: 'New' } }] },
      { key: 'name', type: 'text' },
    ],
  }
  expect(diffDocuments([deal], [after])).toEqual([
    { kind: 'entity', key: 'deal', change: 'removed', pointer: '/fields/name/required', before: true },
    { kind: 'entity', key: 'deal', change: 'changed', pointer: '/fields/stage/options/lead/label/en', before: 'Lead', after: 'New' },
    { kind: 'entity', key: 'deal', change: 'added', pointer: '/fields/region', after: { key: 'region', type: 'text' } },
    { kind: 'entity', key: 'deal', change: 'changed', pointer: '/fields', before: ['name', 'stage'], after: ['stage', 'name'] },
    { kind: 'entity', key: 'deal', change: 'added', pointer: '/label/ru', after: 'Сделка' },
  ])
})

test('lists whole documents that came or went, entities before what builds upon them, always in the same order', () => {
  const role = (key: string): MetadataDocument => ({ kind: 'role', key, label: { en: key } })
  const told = diffDocuments([role('b'), role('gone')], [role('new'), deal, role('b')]).map(({ change, kind, key, pointer }) => [
    change,
    kind,
    key,
    pointer,
  ])
  expect(told).toEqual([
    ['added', 'entity', 'deal', ''],
    ['removed', 'role', 'gone', ''],
    ['added', 'role', 'new', ''],
  ])
})
