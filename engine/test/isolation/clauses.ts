/** Every place of a request in which a name can stand. One line per place; the closure of spellings is taken over all of them. */
import type { CallerView, ShownEntity } from './caller-view.ts'
import { upload } from './calls-moving.ts'
import type { Method } from './world-boot.ts'
import type { WorldRequest } from './world.ts'

/** A place; null where this caller has no such place for names of this entity. */
export type Clause = (place: Place, name: string) => WorldRequest | null

export interface Place {
  readonly view: CallerView
  /** The entity whose field is named. */
  readonly entity: ShownEntity
}

const ask = (method: Method, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): WorldRequest => ({
  method,
  path,
  headers,
  ...(body === undefined ? {} : { body }),
})
const query = ({ entity }: Place, body: object): WorldRequest => ask('POST', `/api/records/${entity.key}/query`, body)
const aggregate = ({ entity }: Place, body: object): WorldRequest => ask('POST', `/api/records/${entity.key}/aggregate`, body)
const at = ({ view, entity }: Place): string =>
  `/api/records/${entity.key}/${view.ids(entity.key)[0] ?? '01980000-0000-7000-8000-00000000000f'}`
const inAddress = ({ entity }: Place, parameter: string, text: string): WorldRequest =>
  ask('GET', `/api/records/${entity.key}?${parameter}=${encodeURIComponent(text)}`)
const COUNT = { n: { count: '*' } }

/** A reference of another entity that leads here. */
function through(place: Place): { from: ShownEntity; reference: string } | null {
  for (const from of place.view.entities) {
    const found = from.fields.find(field => field.kind === 'id' && field.target === place.entity.key && field.right !== 'mask')
    if (found !== undefined) return { from, reference: found.key }
  }
  return null
}

/** A to-many relation that leads here. */
function among(place: Place): { from: ShownEntity; relation: string } | null {
  for (const from of place.view.entities) {
    const found = from.relations.find(relation => relation.target === place.entity.key)
    if (found !== undefined) return { from, relation: found.key }
  }
  return null
}

const behind = (place: Place, name: string, body: (reference: string) => object): WorldRequest | null => {
  const way = through(place)
  return way === null || way.reference === name ? null : ask('POST', `/api/records/${way.from.key}/query`, body(way.reference))
}
const within = (place: Place, name: string, body: (relation: string) => object): WorldRequest | null => {
  const way = among(place)
  return way === null || way.relation === name ? null : ask('POST', `/api/records/${way.from.key}/query`, body(way.relation))
}

/** Places where values are compared, so that a masked field has no name there either. */
export const COMPARING: Readonly<Record<string, Clause>> = {
  where: (place, name) => query(place, { where: { [name]: { eq: '1' } } }),
  'where it is null': (place, name) => query(place, { where: { [name]: { is_null: true } } }),
  'where not': (place, name) => query(place, { where: { not: { [name]: { gt: '1' } } } }),
  'where or': (place, name) => query(place, { where: { or: [{ id: { is_null: false } }, { [name]: { in: [] } }] } }),
  'where some': (place, name) => query(place, { where: { [name]: { some: {} } } }),
  'where nested in it': (place, name) => query(place, { where: { [name]: { name: { eq: 'x' } } } }),
  sort: (place, name) => query(place, { sort: [name] }),
  'sort down': (place, name) => query(place, { sort: [`-${name}`] }),
  'where in the address': (place, name) => inAddress(place, 'where', JSON.stringify({ [name]: { eq: 1 } })),
  'sort in the address': (place, name) => inAddress(place, 'sort', name.replaceAll(',', ';')),
  group: (place, name) => aggregate(place, { group_by: [name], measures: COUNT }),
  'group by period': (place, name) => aggregate(place, { group_by: [{ [name]: 'month' }], measures: COUNT }),
  sum: (place, name) => aggregate(place, { measures: { m: { sum: name } } }),
  'count distinct': (place, name) => aggregate(place, { measures: { m: { count_distinct: name } } }),
  count: (place, name) => aggregate(place, { measures: { m: { count: name } } }),
  having: (place, name) => aggregate(place, { measures: COUNT, having: { [name]: { gt: 1 } } }),
  'sort of groups': (place, name) => aggregate(place, { measures: COUNT, sort: [name] }),
  'where of groups': (place, name) => aggregate(place, { measures: COUNT, where: { [name]: { eq: 1 } } }),
  'where behind a reference': (place, name) => behind(place, name, reference => ({ where: { [reference]: { [name]: { eq: 1 } } } })),
  'sort behind a reference': (place, name) => behind(place, name, reference => ({ sort: [`${reference}.${name}`] })),
  'where among relations': (place, name) => within(place, name, relation => ({ where: { [relation]: { some: { [name]: { eq: 1 } } } } })),
  'where of an include': (place, name) => within(place, name, relation => ({ select: [{ [relation]: { where: { [name]: { eq: 1 } } } }] })),
  'sort of an include': (place, name) => within(place, name, relation => ({ select: [{ [relation]: { sort: [name] } }] })),
  'operand of the user': (place, name) => (place.entity.key === 'user' ? query(place, { where: { id: { eq: `$user.${name}` } } }) : null),
  'operand of the record': (place, name) => query(place, { where: { id: { eq: `$record.${name}` } } }),
}

/** All other places. */
export const NAMING: Readonly<Record<string, Clause>> = {
  select: (place, name) => query(place, { select: [name] }),
  'select beside others': (place, name) => query(place, { select: ['id', name, 'id'] }),
  'select in the address': (place, name) => inAddress(place, 'select', name.replaceAll(',', ';')),
  'select of one': (place, name) => ask('GET', `${at(place)}?select=${encodeURIComponent(name.replaceAll(',', ';'))}`),
  'select behind a reference': (place, name) => behind(place, name, reference => ({ select: [`${reference}.${name}`] })),
  'select of an include': (place, name) => within(place, name, relation => ({ select: [{ [relation]: { select: [name] } }] })),
  include: (place, name) => query(place, { select: [{ [name]: {} }] }),
  'body of a create': (place, name) =>
    place.entity.operations.includes('create') ? ask('POST', `/api/records/${place.entity.key}`, { [name]: 'x' }) : null,
  'body of a change': (place, name) =>
    place.entity.operations.includes('update') ? ask('PATCH', at(place), { [name]: 'x' }, { 'if-match': '"1"' }) : null,
  'body in bulk': (place, name) =>
    place.entity.operations.includes('create')
      ? ask('POST', `/api/records/${place.entity.key}/bulk`, { operations: [{ op: 'create', values: { [name]: 'x' } }] })
      : null,
  'line of a table': (place, name) => {
    const parent = place.view.entities.find(each =>
      each.fields.some(field => field.type === 'table' && field.target === place.entity.key && field.right === 'write'),
    )
    const table = parent?.fields.find(field => field.target === place.entity.key && field.type === 'table')
    return parent === undefined || table === undefined
      ? null
      : ask('POST', `/api/records/${parent.key}`, { [table.key]: [{ [name]: 'x' }] })
  },
  reveal: (place, name) =>
    place.entity.operations.includes('reveal') ? ask('POST', `${at(place)}/reveal`, { field: name, reason: 'to see' }) : null,
  'select of an export': (place, name) =>
    place.entity.operations.includes('export')
      ? ask('POST', `/api/records/${place.entity.key}/export`, { format: 'json', query: { select: [name] } })
      : null,
  'where of an export': (place, name) =>
    place.entity.operations.includes('export')
      ? ask('POST', `/api/records/${place.entity.key}/export`, { format: 'csv', query: { where: { [name]: { eq: 1 } } } })
      : null,
  'column of an import': (place, name) => importing(place, { field: name }, name),
  'key of an import': (place, name) => importing(place, { field: place.entity.title_field ?? 'id' }, name, [name]),
}

function importing(place: Place, column: object, name: string, match?: readonly string[]): WorldRequest | null {
  if (!place.entity.operations.includes('create')) return null
  const map = {
    kind: 'import_map',
    key: 'own',
    entity: place.entity.key,
    ...(match === undefined ? {} : { match }),
    columns: { x: column },
  }
  return name.includes('\0') || !name.isWellFormed() ? null : upload(JSON.stringify(map), 'x\ny\n').request
}

/** Places where an entity is named. */
export const ENTITY_PLACES: Readonly<Record<string, (key: string, id: string) => WorldRequest>> = {
  list: key => ask('GET', `/api/records/${encodeURIComponent(key)}`),
  query: key => ask('POST', `/api/records/${encodeURIComponent(key)}/query`, {}),
  'query that is wrong': key => ask('POST', `/api/records/${encodeURIComponent(key)}/query`, { limit: -1 }),
  aggregate: key => ask('POST', `/api/records/${encodeURIComponent(key)}/aggregate`, { measures: COUNT }),
  create: key => ask('POST', `/api/records/${encodeURIComponent(key)}`, {}),
  bulk: key => ask('POST', `/api/records/${encodeURIComponent(key)}/bulk`, { operations: [{ op: 'create', values: {} }] }),
  one: (key, id) => ask('GET', `/api/records/${encodeURIComponent(key)}/${id}`),
  change: (key, id) => ask('PATCH', `/api/records/${encodeURIComponent(key)}/${id}`, { name: 'x' }, { 'if-match': '"1"' }),
  'change without version': (key, id) => ask('PATCH', `/api/records/${encodeURIComponent(key)}/${id}`, { name: 'x' }),
  delete: (key, id) => ask('DELETE', `/api/records/${encodeURIComponent(key)}/${id}`, undefined, { 'if-match': '"1"' }),
  restore: (key, id) => ask('POST', `/api/records/${encodeURIComponent(key)}/${id}/restore`),
  history: (key, id) => ask('GET', `/api/records/${encodeURIComponent(key)}/${id}/history`),
  reveal: (key, id) => ask('POST', `/api/records/${encodeURIComponent(key)}/${id}/reveal`, { field: 'name', reason: 'to see' }),
  export: key => ask('POST', `/api/records/${encodeURIComponent(key)}/export`, { format: 'csv' }),
  convert: (key, id) =>
    ask('POST', `/api/records/${encodeURIComponent(key)}/${id}/convert`, { conversion: 'to_customer' }, { 'if-match': '"1"' }),
  form: key => ask('GET', `/api/model/${encodeURIComponent(key)}/form`),
  'form for creating': key => ask('GET', `/api/model/${encodeURIComponent(key)}/form?mode=create`),
  search: key => ask('GET', `/api/search?q=boreal&entities=${encodeURIComponent(key)}`),
}
