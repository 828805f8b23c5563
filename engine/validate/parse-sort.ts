/** Parses sort keys against the caller's readable set and the query policy. */
import type { Problem } from '../../metadata/problem.ts'
import type { Grant } from '../access/types.ts'
import { comparableField, type Lens } from './caller-scope.ts'
import { capExceeded, listing, nameProblem, unknownName } from './name-problems.ts'
import type { SortKey } from './types.ts'

/** Keys of one sort. */
export const MOST_KEYS = 3

/** Up to three keys, `-` for descending. */
export function parseSort(lens: Lens, grant: Grant, sort: readonly string[] | undefined, pointer: string, problems: Problem[]): SortKey[] {
  const keys: SortKey[] = []
  if (sort !== undefined && sort.length > MOST_KEYS) problems.push(capExceeded('max_sort_keys', MOST_KEYS, pointer))
  for (const [index, text] of (sort ?? []).slice(0, MOST_KEYS).entries()) {
    const descending = text.startsWith('-')
    const name = descending ? text.slice(1) : text
    const field = comparableField(grant, name)
    if (field === undefined) problems.push(unknownName(name, `${pointer}/${index}`, sortable(lens, grant)))
    else if (!isSortable(lens, grant, name)) problems.push(notSortable(lens, grant, name, `${pointer}/${index}`))
    else if (keys.some(key => key.field.key === name))
      problems.push(nameProblem(name, `${pointer}/${index}`, 'VALIDATE_DUPLICATE', '"{name}" is already a sort key.'))
    else keys.push({ field, descending })
  }
  return keys
}

/** Refuses a list with more records to sort than can be sorted in time; `byOneKey` where its first key alone could. */
export function sortTooLarge(cap: number, pointer: string, byOneKey: boolean): Problem {
  return capExceeded('sort_candidates', cap, pointer, {
    sentence: byOneKey ? 'Filter more, or sort by one key.' : 'Filter more, or leave out the sort.',
  })
}

/** Names the caller may sort by. */
export function sortable(lens: Lens, grant: Grant): string[] {
  return [...grant.fields.keys()].filter(key => comparableField(grant, key) !== undefined && isSortable(lens, grant, key))
}

/** Whether a readable field can be a sort key: the policy lists it and its storage can order it. */
export function isSortable(lens: Lens, grant: Grant, key: string): boolean {
  const field = grant.fields.get(key)?.field
  if (field === undefined || lens.building.has(`${grant.entity.key}.${key}`)) return false
  if (field.key === 'id') return true
  const declared = field.derivation?.kind === 'base' ? field.derivation.of : key
  const listed = lens.model.policies.get(grant.entity.key)?.sort?.includes(declared) === true
  const ordered =
    field.storage.kind === 'slot'
      ? field.kind !== 'id'
      : field.storage.kind === 'system' && (field.kind === 'datetime' || field.kind === 'integer')
  return listed && ordered
}

function notSortable(lens: Lens, grant: Grant, name: string, pointer: string): Problem {
  if (lens.building.has(`${grant.entity.key}.${name}`))
    return nameProblem(name, pointer, 'VALIDATE_FIELD_BUILDING', '"{name}" is still being prepared for sorting.', {
      sentence: 'Try again in a while.',
    })
  const hint = listing('Sort by {names}.', sortable(lens, grant).slice(0, 8))
  return nameProblem(name, pointer, 'VALIDATE_NOT_SORTABLE', '"{name}" can not be used for sorting.', hint)
}
