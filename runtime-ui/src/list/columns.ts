/**
 * Which columns a list shows and what has to be selected for them: paths of a view or of the address, resolved against
 * the caller's model. Pure; a path that does not exist for the caller is left out.
 */
import type { Selection } from '../../../metadata/generated/types.ts'
import { entityOf, fieldOf, isToOne, type Model, type ModelEntity, type ModelField, type ModelView, type RecordData } from '../api/model.ts'
import type { Values } from '../display/field-text.ts'

/** One column. */
export interface Column {
  readonly path: string
  readonly label: string
  /** The field whose values the cells show. */
  readonly field: ModelField
  /** What sorts by it; null where it can't be sorted by. */
  readonly sortKey: string | null
  /** The value of a record of the list. */
  readonly read: (record: Values) => unknown
  /** The record that the shown field is on: the one of the list, or one behind references. */
  readonly owner: (record: Values) => Values
}

/** Fields that say nothing to a person; an address may still name them. */
const UNSHOWN = new Set(['id', 'version', 'deleted_at'])
const DEFAULT_COLUMNS = 7
/** How many names of linked records a cell can show. */
const LINKED_NAMES = 4

/** The columns of a list: the chosen paths, else the view's, else the first fields of the entity. */
export function columnsFor(model: Model, entity: ModelEntity, view: ModelView | null, chosen: readonly string[] | null): Column[] {
  const paths = chosen ?? view?.columns ?? defaultPaths(entity)
  const columns = paths.map(path => columnOf(model, entity, path)).filter(column => column !== null)
  if (columns.length > 0) return columns
  return defaultPaths(entity)
    .map(path => columnOf(model, entity, path))
    .filter(column => column !== null)
}

/** Every column that could be shown, the entity's own fields only. */
export function possibleColumns(model: Model, entity: ModelEntity): Column[] {
  return entity.fields
    .filter(field => field.type !== 'table' && !field.heavy && !UNSHOWN.has(field.key))
    .map(field => columnOf(model, entity, field.key))
    .filter(column => column !== null)
}

/** The column of a path, or null where the caller has no such thing. */
export function columnOf(model: Model, entity: ModelEntity, path: string): Column | null {
  const steps = path.split('.')
  const labels: string[] = []
  let owner = entity
  const prefix: string[] = []
  for (const [index, step] of steps.entries()) {
    const field = fieldOf(owner, step)
    if (!field) return null
    const last = index === steps.length - 1
    if (last) return plainColumn(model, path, [...labels, field.label], prefix, field)
    const target = entityOf(model, field.target)
    if (!isToOne(field) || !target) return null
    labels.push(field.label)
    // The title of the referenced record stands for the record: the column is the reference itself.
    if (index === steps.length - 2 && steps[index + 1] === target.title_field) {
      return plainColumn(model, path, labels, prefix, field)
    }
    prefix.push(step)
    owner = target
  }
  return null
}

function plainColumn(model: Model, path: string, labels: readonly string[], prefix: readonly string[], field: ModelField): Column | null {
  if (field.target && !entityOf(model, field.target)) return null
  const owner = (record: Values): Values => prefix.reduce<Values>((at, step) => asValues(at[step]), record)
  return {
    path,
    label: labels.join(' · '),
    field,
    sortKey: field.sortable && !field.target ? [...prefix, field.key].join('.') : null,
    owner,
    read: record => owner(record)[field.key],
  }
}

/** What a query has to select so that these columns and the title can be drawn. */
export function selectionOf(model: Model, entity: ModelEntity, columns: readonly Column[], extra: readonly string[] = []): Selection {
  const paths = new Set<string>()
  const includes = new Map<string, Selection>()
  const add = (path: string): void => {
    const steps = path.split('.')
    const key = steps.pop() ?? path
    let owner: ModelEntity | undefined = entity
    for (const step of steps) owner = entityOf(model, fieldOf(owner, step)?.target)
    const field = fieldOf(owner, key)
    if (!field) return
    const target = entityOf(model, field.target)
    const prefix = steps.length === 0 ? '' : `${steps.join('.')}.`
    if (target && isToOne(field)) paths.add(`${prefix}${key}.${target.title_field}`)
    else if (target && steps.length === 0) includes.set(key, [target.title_field])
    else if (!target) paths.add(`${prefix}${key}`)
    if (field.currency_field && fieldOf(owner, field.currency_field)) paths.add(`${prefix}${field.currency_field}`)
  }
  add(entity.title_field)
  for (const column of columns)
    add(column.path.endsWith(`.${titleBehind(model, entity, column.path)}`) ? parentOf(column.path) : column.path)
  for (const path of extra) add(path)
  return [
    ...[...paths].filter(path => path !== 'id' && path !== 'version'),
    ...[...includes].map(([relation, select]) => ({ [relation]: { select, limit: LINKED_NAMES } })),
  ]
}

function titleBehind(model: Model, entity: ModelEntity, path: string): string {
  const steps = path.split('.').slice(0, -1)
  let owner: ModelEntity | undefined = entity
  for (const step of steps) owner = entityOf(model, fieldOf(owner, step)?.target)
  return steps.length === 0 ? '' : (owner?.title_field ?? '')
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.'))
}

function defaultPaths(entity: ModelEntity): string[] {
  const shown = entity.fields.filter(
    field => !field.system && !field.heavy && !['table', 'json', 'long_text', 'multi_reference'].includes(field.type),
  )
  const title = shown.filter(field => field.key === entity.title_field)
  const rest = shown.filter(field => field.key !== entity.title_field)
  return [...title, ...rest].slice(0, DEFAULT_COLUMNS).map(field => field.key)
}

function asValues(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {}
}

/** The title of a record of a list. */
export function titleOf(entity: ModelEntity, record: RecordData): unknown {
  return record[entity.title_field]
}
