/** Parses the `select` of a query against the caller's readable set: dotted to-one paths and to-many includes. */
import type { Query as QueryDocument, Include } from '../../metadata/generated/types.ts'
import { parsePredicate, type PredicateScope, type Test } from '../../metadata/predicate.ts'
import { pointerOf, type Problem } from '../../metadata/problem.ts'
import type { Grant } from '../access/types.ts'
import { callerScope, type Lens, visibleField, visibleRelation, visibleTarget } from './caller-scope.ts'
import { capExceeded, nameProblem, unknownName } from './name-problems.ts'
import { parseSort } from './parse-sort.ts'
import type { CompiledField } from '../model/types.ts'
import type { Selected } from './types.ts'

type Selection = NonNullable<QueryDocument['select']>
/** Members of one level while paths through the same reference are being gathered. */
type Members = Map<
  string,
  { readonly settled: Selected } | { readonly reference: CompiledField; readonly grant: Grant; readonly gathered: Members }
>

interface Budget {
  includes: number
}

/** Lines of a table come whole: as many as a write may hold. */
export const MOST_LINES = 500

/** Everything the caller may read that is neither heavy, nor elsewhere, nor a converted amount. */
export function defaultSelect(grant: Grant): Selected[] {
  return [...grant.fields.values()]
    .filter(
      ({ field }) =>
        !field.heavy &&
        field.derivation?.kind !== 'base' &&
        field.key !== 'deleted_at' &&
        !(field.storage.kind === 'elsewhere' && field.derivation === null),
    )
    .map(({ field }) => ({ kind: 'field', field }))
}

/** Parses a selection; every problem carries its pointer. */
export function parseSelect(
  lens: Lens,
  grant: Grant,
  selection: Selection | undefined,
  pointer: string,
  problems: Problem[],
  budget: Budget = { includes: 0 },
  depth = 0,
): Selected[] {
  if (selection === undefined) return defaultSelect(grant)
  const members: Members = new Map()
  for (const [index, item] of selection.entries()) {
    const at = `${pointer}/${index}`
    if (typeof item === 'string') addPath(grant, item.split('.'), members, at, grant.caps.maxDepth, problems)
    else
      for (const [name, include] of Object.entries(item))
        addInclude(lens, grant, name, include, members, `${at}${pointerOf(name)}`, problems, budget, depth)
  }
  return settle(members)
}

function addPath(grant: Grant, path: readonly string[], members: Members, pointer: string, depth: number, problems: Problem[]): void {
  const [head = '', ...rest] = path
  const field = visibleField(grant, head)
  if (field === undefined || (rest.length === 0 && tableWithoutLines(grant, field))) {
    problems.push(unknownName(head, pointer, [...grant.fields.keys()]))
    return
  }
  if (rest.length === 0) {
    if (!members.has(field.key)) members.set(field.key, { settled: { kind: 'field', field } })
    return
  }
  const target = visibleTarget(grant, field)
  if (target === null) {
    problems.push(unknownName(rest[0] ?? '', pointer, []))
    return
  }
  if (depth <= 0) {
    problems.push(capExceeded('max_depth', grant.caps.maxDepth, pointer))
    return
  }
  const known = members.get(field.key)
  const gather = known !== undefined && 'gathered' in known ? known : { reference: field, grant: target, gathered: new Map() }
  members.set(field.key, gather)
  addPath(target, rest, gather.gathered, pointer, depth - 1, problems)
}

function addInclude(
  lens: Lens,
  grant: Grant,
  name: string,
  include: Include,
  members: Members,
  pointer: string,
  problems: Problem[],
  budget: Budget,
  depth: number,
): void {
  const found = visibleRelation(grant, name)
  if (found === undefined) {
    problems.push(
      unknownName(
        name,
        pointer,
        [...grant.entity.relations.keys()].filter(key => visibleRelation(grant, key) !== undefined),
      ),
    )
    return
  }
  const policy = lens.model.policies.get(grant.entity.key)
  if (policy?.include?.includes(name) !== true && !(found.relation.kind === 'inverse' && found.relation.table)) {
    problems.push(nameProblem(name, pointer, 'VALIDATE_NOT_INCLUDABLE', '"{name}" can not be included in a query.'))
    return
  }
  budget.includes += 1
  if (budget.includes > grant.caps.maxIncludes) problems.push(capExceeded('max_includes', grant.caps.maxIncludes, pointer))
  if (depth >= grant.caps.maxDepth) problems.push(capExceeded('max_depth', grant.caps.maxDepth, pointer))
  if (problems.length > 50) return
  const { target } = found
  const limit = include.limit ?? Math.min(25, target.caps.maxPageSize)
  const isTable = found.relation.kind === 'inverse' && found.relation.table
  const most = isTable ? Math.max(MOST_LINES, target.caps.maxPageSize) : target.caps.maxPageSize
  if (limit > most) problems.push(capExceeded('max_page_size', most, `${pointer}/limit`))
  members.set(name, {
    settled: {
      kind: 'many',
      relation: found.relation,
      members: parseSelect(lens, target, include.select, `${pointer}/select`, problems, budget, depth + 1),
      where: parseWhere(lens, target, include.where, `${pointer}/where`, problems),
      sort: parseSort(lens, target, include.sort, `${pointer}/sort`, problems),
      limit,
      pointer: `${pointer}/sort`,
    },
  })
}

/** Parses a predicate in the caller's scope. */
export function parseWhere(lens: Lens, grant: Grant, where: QueryDocument['where'], pointer: string, problems: Problem[]): Test {
  if (where === undefined) return { kind: 'true' }
  const parsed = parsePredicate(where, callerScope(lens, grant), {
    maxFilters: grant.caps.maxFilters,
    maxDepth: grant.caps.maxDepth * 2,
    pointer,
    ...userOf(lens, grant),
  })
  if (parsed.ok) return parsed.test
  problems.push(...parsed.problems)
  return { kind: 'false' }
}

/** What `$user.…` may name: the fields of his own record that the caller may read. */
export function userOf(lens: Lens, grant: Grant): { readonly user?: PredicateScope } {
  const self = lens.model.entities.has('user') ? grant.over('user') : null
  return self === null ? {} : { user: callerScope(lens, self) }
}

/** A table whose lines do not exist for the caller: there is nothing to select. */
export function tableWithoutLines(grant: Grant, field: CompiledField): boolean {
  return (
    field.storage.kind === 'elsewhere' &&
    field.derivation === null &&
    field.type.type === 'table' &&
    visibleRelation(grant, field.key) === undefined
  )
}

function settle(members: Members): Selected[] {
  return [...members.values()].map(
    (each): Selected => ('gathered' in each ? { kind: 'one', reference: each.reference, members: settle(each.gathered) } : each.settled),
  )
}
