import { expect, test } from 'vitest'
import type { Entity } from './generated/types.ts'
import { relationsOf } from './relations.ts'

const deal: Entity = {
  kind: 'entity',
  key: 'deal',
  label: { en: 'Deal' },
  plural_label: { en: 'Deals' },
  fields: [
    { key: 'name', type: 'text' },
    { key: 'customer', type: 'reference', target: 'customer', inverse: 'deals', on_delete: 'restrict' },
    { key: 'contacts', type: 'multi_reference', target: 'contact', inverse: 'deals', inverse_label: { en: 'Their deals' } },
    { key: 'line_items', type: 'table', target: 'deal_line', target_field: 'deal' },
    { key: 'part_of', type: 'parent', inverse: 'parts' },
  ],
}

test('derives the ways there and back from the fields', () => {
  const ways = relationsOf([deal]).map(
    ({ entity, key, cardinality, via, target, field }) => `${entity}.${key} ${cardinality} ${via} ${target}.${field}`,
  )
  expect(ways).toEqual([
    'deal.customer one reference customer.customer',
    'customer.deals many inverse deal.customer',
    'deal.contacts many link contact.contacts',
    'contact.deals many inverse_link deal.contacts',
    'deal.line_items many table deal_line.deal',
    'deal.part_of one reference deal.part_of',
    'deal.parts many inverse deal.part_of',
    'deal.owner_id one reference user.owner_id',
    'deal.org_unit_id one reference org_unit.org_unit_id',
    'deal.created_by one reference user.created_by',
    'deal.updated_by one reference user.updated_by',
  ])
})

test('labels a way back by its own label, else by the many it leads to', () => {
  const labels = relationsOf([deal])
    .filter(relation => relation.key === 'deals')
    .map(relation => relation.label?.['en'])
  expect(labels).toEqual(['Deals', 'Their deals'])
})
