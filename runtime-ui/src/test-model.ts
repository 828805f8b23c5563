/** A small model for tests of pure parts: deals of customers, enough of every kind. Not part of the app. */
import type { ComparisonKind, Operator } from '../../metadata/operators.ts'
import { OPERATORS_OF_KIND } from '../../metadata/operators.ts'
import type { Model, ModelEntity, ModelField } from './api/model.ts'

/** A field with the rights of somebody who may do everything. */
export function field(key: string, type: string, kind: ComparisonKind, more: Partial<ModelField> = {}): ModelField {
  const filter: readonly Operator[] = OPERATORS_OF_KIND[kind].filter(operator => !operator.startsWith('changed'))
  return { key, type, kind, label: key.replaceAll('_', ' '), right: 'write', filter, sortable: true, ...more }
}

const stages = ['lead', 'proposal', 'won', 'lost'].map(value => ({ value, label: value, color: 'gray' }))

/** Deals. */
export const deal: ModelEntity = {
  key: 'deal',
  label: 'Deal',
  plural_label: 'Deals',
  title_field: 'name',
  operations: ['create', 'read', 'update', 'delete', 'restore'],
  fields: [
    field('name', 'text', 'text'),
    field('amount', 'money', 'decimal', { currency_field: 'currency', scale: 2 }),
    field('currency', 'text', 'text'),
    field('stage', 'choice', 'choice', { options: stages }),
    field('lost_reason', 'text', 'text'),
    field('closed_on', 'date', 'date'),
    field('customer', 'reference', 'id', { target: 'customer', sortable: false }),
    field('team', 'multi_reference', 'list', { target: 'customer' }),
    field('secret_note', 'text', 'text', { right: 'mask' }),
    field('line_items', 'table', 'presence', { target: 'customer' }),
    field('created_at', 'datetime', 'datetime', { system: true, right: 'read' }),
  ],
  relations: [
    { key: 'line_items', label: 'Lines', target: 'customer', kind: 'table' },
    { key: 'team', label: 'Team', target: 'customer', kind: 'links' },
  ],
}

/** Customers. */
export const customer: ModelEntity = {
  key: 'customer',
  label: 'Customer',
  plural_label: 'Customers',
  title_field: 'name',
  operations: ['read'],
  fields: [field('name', 'text', 'text'), field('industry', 'choice', 'choice', { options: [{ value: 'retail', label: 'Retail' }] })],
  relations: [{ key: 'deals', label: 'Deals', target: 'deal', kind: 'inverse' }],
}

/** Both of them. */
export const model: Model = {
  revision: 1,
  tenant: { key: 'demo', name: 'Demo', currency: 'EUR', time_zone: 'Europe/Berlin', week_start: 1 },
  locale: 'en',
  locales: ['en'],
  entities: [deal, customer],
  views: [],
  navigation: [],
}
