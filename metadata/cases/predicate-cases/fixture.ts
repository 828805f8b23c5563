/**
 * The little model all predicate cases speak about: one entity with a field of each kind, its line items and a tree,
 * and the instant, zone and user they are asked by. Whoever runs the cases against a database builds this model there.
 */
import type { Entity, Field, Predicate } from '../../generated/types.ts'
import { comparisonOf, operatorsOf } from '../../operators.ts'
import type { EvaluateEnv, PredicateScope, RecordValues, ScopeEntry } from '../../predicate.ts'

/** One case: does the predicate hold for the record? */
export interface PredicateCase {
  readonly name: string
  readonly predicate: Predicate
  readonly record: RecordValues
  readonly expected: boolean
  readonly env?: CaseEnv
  /** The state before a change: such cases have no meaning as a filter. */
  readonly before?: RecordValues | null
}

/** What a case may set apart from the common environment. */
export type CaseEnv = Partial<Pick<EvaluateEnv, 'now' | 'timeZone' | 'weekStart' | 'record'>> & { readonly user?: RecordValues }

/** A case in short: predicate, record, expected, environment. */
export type CaseRow = readonly [Predicate, RecordValues, boolean, (CaseEnv | undefined)?]

/** Gives the rows of one theme their names. */
export function theme(title: string, rows: readonly CaseRow[]): PredicateCase[] {
  return rows.map(([predicate, record, expected, env]) => ({
    name: `${title}: ${JSON.stringify(predicate)} of ${JSON.stringify(record)}`,
    predicate,
    record,
    expected,
    ...(env ? { env } : {}),
  }))
}

const options = (...values: string[]) => values.map(value => ({ value, label: { en: value } }))
const asked = { filterable: true, sortable: true } as const

const SAMPLE: Entity = {
  kind: 'entity',
  key: 'sample',
  label: { en: 'Sample' },
  title_field: 'name',
  fields: [
    { key: 'name', type: 'text', ...asked },
    { key: 'notes', type: 'long_text', ...asked },
    { key: 'email', type: 'email', ...asked },
    { key: 'quantity', type: 'integer', ...asked },
    { key: 'ratio', type: 'decimal', scale: 6, ...asked },
    { key: 'discount', type: 'percent', scale: 2, ...asked },
    { key: 'amount', type: 'money', scale: 2, ...asked },
    { key: 'active', type: 'boolean', ...asked },
    { key: 'due', type: 'date', ...asked },
    { key: 'seen_at', type: 'datetime', ...asked },
    { key: 'stage', type: 'choice', options: options('lead', 'proposal', 'won', 'lost'), ...asked },
    { key: 'channels', type: 'multi_choice', options: options('shop', 'web', 'phone'), filterable: true },
    { key: 'labels', type: 'tags', filterable: true },
    { key: 'friend', type: 'reference', target: 'sample', inverse: 'friends', ...asked },
    { key: 'node', type: 'reference', target: 'sample_node', ...asked },
    { key: 'keeper', type: 'user', ...asked },
    { key: 'place', type: 'address', filterable: true },
    { key: 'extra', type: 'json', filterable: true },
    { key: 'items', type: 'table', target: 'sample_item', target_field: 'sample' },
  ],
}

const ITEM: Entity = {
  kind: 'entity',
  key: 'sample_item',
  label: { en: 'Sample item' },
  title_field: 'name',
  fields: [
    { key: 'sample', type: 'reference', target: 'sample', ...asked },
    { key: 'name', type: 'text', ...asked },
    { key: 'price', type: 'money', scale: 2, ...asked },
    { key: 'count', type: 'integer', ...asked },
    { key: 'friend', type: 'reference', target: 'sample', ...asked },
  ],
}

const NODE: Entity = {
  kind: 'entity',
  key: 'sample_node',
  label: { en: 'Sample node' },
  title_field: 'name',
  fields: [
    { key: 'name', type: 'text', ...asked },
    { key: 'above', type: 'parent', ...asked },
  ],
}

/** The entities as documents. */
export const SAMPLE_ENTITIES: readonly Entity[] = [SAMPLE, ITEM, NODE]

const id = (number: number) => `0190abcd-0000-7000-8000-${String(number).padStart(12, '0')}`

/** The caller, and somebody else. */
export const USER_ID = id(1)
export const OTHER_USER_ID = id(2)

/** A tree: root over north (over city) and south; island stands alone. */
export const NODES = { root: id(10), north: id(11), city: id(12), south: id(13), island: id(14) } as const

/** The same tree as rows: id and the node above. */
export const NODE_ROWS: readonly { readonly id: string; readonly above: string | null }[] = [
  { id: NODES.root, above: null },
  { id: NODES.north, above: NODES.root },
  { id: NODES.city, above: NODES.north },
  { id: NODES.south, above: NODES.root },
  { id: NODES.island, above: null },
]

/** Ids of records that references of the cases point to. */
export const FRIEND_ID = id(20)
export const OTHER_FRIEND_ID = id(21)

/** Fields that `$user.…` may name here, beside `id`. */
export const USER_FIELDS: readonly Field[] = [
  { key: 'name', type: 'text' },
  { key: 'limit', type: 'money', scale: 2 },
  { key: 'quota', type: 'integer' },
  { key: 'hired_on', type: 'date' },
  { key: 'home', type: 'reference', target: 'sample_node' },
  { key: 'interests', type: 'tags' },
  { key: 'nickname', type: 'text' },
]

/** The environment of every case that says nothing else: a Wednesday, 12:30 in Kyiv. `nickname` has no value. */
export const CASE_ENV: EvaluateEnv = {
  user: {
    id: USER_ID,
    name: 'Олена',
    limit: '1000.00',
    quota: 5,
    hired_on: '2024-02-29',
    home: NODES.north,
    interests: ['tea', 'chess'],
  },
  now: '2025-06-18T09:30:00.000Z',
  timeZone: 'Europe/Kyiv',
  weekStart: 1,
  within: (_entity, root) => subtree(root),
}

function subtree(root: string): string[] {
  const below = NODE_ROWS.filter(row => row.above === root).flatMap(row => subtree(row.id))
  return NODE_ROWS.some(row => row.id === root) ? [root, ...below] : []
}

/** The scope of one of the entities, everything readable. */
export function sampleScope(key: string): PredicateScope {
  const fields = SAMPLE_ENTITIES.find(entity => entity.key === key)?.fields ?? []
  return scopeOfFields([{ key: 'friends', type: 'table', target: 'sample', target_field: 'friend' }, ...fields])
}

/** A scope over field definitions. */
export function scopeOfFields(fields: readonly Field[]): PredicateScope {
  const entries = new Map(fields.map(field => [field.key, entryOf(field)]))
  return { lookup: name => entries.get(name), names: () => entries.keys() }
}

function entryOf(field: Field): ScopeEntry {
  if (field.type === 'table') return { many: () => sampleScope(field.target) }
  const comparison = comparisonOf(field)
  if (comparison === null) return {}
  const tree = field.type === 'reference' && field.target === 'sample_node' ? 'sample_node' : undefined
  return {
    field: {
      ...comparison,
      operators: operatorsOf(comparison, tree !== undefined),
      ...('options' in field ? { options: field.options.map(option => option.value) } : {}),
      ...(tree ? { tree } : {}),
    },
    ...(field.type === 'reference' ? { one: () => sampleScope(field.target) } : {}),
  }
}
