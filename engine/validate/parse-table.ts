/** What is sent for a table field: lines to create as an array, or what happens to its lines by operations. Knows no line's fields. */
import { pointerOf, type Problem } from '../../metadata/problem.ts'
import type { Locale } from '../kernel/context.ts'
import { isId } from '../kernel/ids.ts'
import type { CompiledField } from '../model/types.ts'
import { unknownName } from './name-problems.ts'
import { fieldProblem } from './words.ts'

/** A set of line items as it was sent. */
export interface TableChange {
  /** Sent as a plain array: pointers of its lines have no `create` in them. */
  readonly plain: boolean
  readonly create: readonly unknown[]
  readonly update: readonly { readonly id: string; readonly version: number; readonly values: unknown }[]
  readonly delete: readonly string[]
  readonly order: readonly string[] | null
}

export interface TablePlace {
  readonly field: CompiledField
  readonly locale: Locale
  readonly pointer: string
  readonly mode: 'create' | 'update'
}

const MEMBERS: readonly string[] = ['create', 'update', 'delete', 'order']
const MOST_LINES = 500

/** Parses a table's value; null where it can not be used at all. A new record has no lines to change yet. */
export function parseTable(place: TablePlace, value: unknown, problems: Problem[]): TableChange | null {
  const { field, locale, pointer, mode } = place
  const refuse = (code: 'TABLE_ARRAY' | 'TABLE_OPERATIONS' | 'TABLE_LINE' | 'TABLE_SIZE', at = pointer): null => {
    problems.push(fieldProblem(field, code, at, locale))
    return null
  }
  if (Array.isArray(value)) {
    if (mode === 'update') return refuse('TABLE_OPERATIONS')
    if (value.length > MOST_LINES) return refuse('TABLE_SIZE')
    return { plain: true, create: value, update: [], delete: [], order: null }
  }
  if (typeof value !== 'object' || value === null) return refuse(mode === 'create' ? 'TABLE_ARRAY' : 'TABLE_OPERATIONS')
  const members = new Map(Object.entries(value))
  for (const key of members.keys()) if (!MEMBERS.includes(key)) problems.push(unknownName(key, `${pointer}${pointerOf(key)}`, MEMBERS))
  const list = (name: string): unknown[] => {
    const given: unknown = members.get(name) ?? []
    return Array.isArray(given) ? given : (refuse('TABLE_OPERATIONS', `${pointer}/${name}`) ?? [])
  }
  const named = new Set<string>()
  const isNew = (id: string): boolean => {
    const known = named.has(id)
    named.add(id)
    return !known
  }
  const update: { id: string; version: number; values: unknown }[] = []
  for (const [index, line] of list('update').entries()) {
    const { id, version, ...values } = (typeof line === 'object' && line !== null ? line : {}) as Record<string, unknown>
    const sound = mode === 'update' && isId(id) && typeof version === 'number' && Number.isSafeInteger(version) && isNew(id)
    if (sound) update.push({ id, version, values })
    else refuse('TABLE_LINE', `${pointer}/update/${index}`)
  }
  const ids = (name: string, fits: (id: string) => boolean): string[] =>
    list(name).flatMap((id, index) =>
      mode === 'update' && isId(id) && fits(id) ? [id] : (refuse('TABLE_LINE', `${pointer}/${name}/${index}`) ?? []),
    )
  const gone = ids('delete', isNew)
  const ordered = new Set<string>()
  const order =
    members.get('order') === undefined ? null : ids('order', id => !gone.includes(id) && !ordered.has(id) && ordered.add(id) === ordered)
  const create = list('create')
  if (
    create.length + update.length + gone.length + (order?.length ?? 0) > 2 * MOST_LINES ||
    create.length + update.length + gone.length > MOST_LINES
  )
    return refuse('TABLE_SIZE')
  return { plain: false, create, update, delete: gone, order }
}
