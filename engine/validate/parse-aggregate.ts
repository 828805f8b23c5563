/**
 * Station 5 of an aggregate: an unknown body becomes groups, measures and conditions in the caller's own vocabulary.
 * Groups and measures are looked up in the same readable set as every other clause; knows no SQL and no rows.
 */
import type { Aggregate, Condition, Measure } from '../../metadata/generated/types.ts'
import { operatorsOf } from '../../metadata/operators.ts'
import { parsePredicate, type PredicateScope, type ScopeField, type Test } from '../../metadata/predicate.ts'
import { pointerOf, type Problem } from '../../metadata/problem.ts'
import type { Grant } from '../access/types.ts'
import { definitionValidator } from '../kernel/schema.ts'
import type { Lens } from './caller-scope.ts'
import { requireQuery } from './errors.ts'
import { capExceeded, nameProblem, plainProblem, unknownName } from './name-problems.ts'
import { checkWithSchema } from './query-gate.ts'
import { parseReach } from './parse-reach.ts'
import { parseSearch } from './parse-search.ts'
import { parseWhere, userOf } from './parse-select.ts'
import type { AggregateQuery, GroupKey, MeasureFn, MeasureKey } from './types.ts'

const checkAggregate = definitionValidator('Aggregate')

/** Parses an aggregate. Throws `VALIDATE_QUERY_FAILED` with every problem. */
export function parseAggregate(lens: Lens, grant: Grant, input: unknown): AggregateQuery {
  const gate = checkWithSchema(lens, grant, 'aggregate', input)
  if (gate.refusal !== null) requireQuery(checkAggregate(input, { prefix: 'VALIDATE' }))
  const document = input as Aggregate
  const problems: Problem[] = []
  const groups = parseGroups(lens, grant, document.group_by ?? [], problems)
  const measures = parseMeasures(lens, grant, document.measures, groups, problems)
  const where = parseWhere(lens, grant, document.where, '/where', problems)
  const search = parseSearch(lens, grant, document.search, problems)
  const having = parseHaving(lens, grant, measures, document.having, problems)
  const sort = parseSort(document.sort ?? [], [...groups, ...measures], problems)
  const limit = document.limit ?? null
  if (limit !== null && limit > grant.caps.maxGroups) problems.push(capExceeded('max_groups', grant.caps.maxGroups, '/limit'))
  const trash = document.trash === true
  if (trash && !grant.operations.has('restore'))
    problems.push(plainProblem('/trash', 'VALIDATE_NOT_ALLOWED', 'The trash can not be listed.'))
  requireQuery(problems)
  gate.requireAgreement()
  return { groups, measures, where, search: search.text, searchFields: search.fields, having, sort, limit, trash }
}

function parseGroups(lens: Lens, grant: Grant, declared: NonNullable<Aggregate['group_by']>, problems: Problem[]): GroupKey[] {
  const groups: GroupKey[] = []
  for (const [index, each] of declared.entries()) {
    const [name = '', bucket = null] = typeof each === 'string' ? [each] : (Object.entries(each)[0] ?? [])
    const pointer = `/group_by/${index}${typeof each === 'string' ? '' : pointerOf(name)}`
    const reach = parseReach(lens, grant, name, pointer, 'group', problems)
    if (reach === null) continue
    if (groups.some(group => group.name === name)) problems.push(takenName(name, pointer))
    else if (bucket !== null && reach.field.kind !== 'date' && reach.field.kind !== 'datetime') problems.push(noPeriods(name, pointer))
    else groups.push({ ...reach, name, bucket })
  }
  return groups
}

function parseMeasures(
  lens: Lens,
  grant: Grant,
  declared: Aggregate['measures'],
  groups: readonly GroupKey[],
  problems: Problem[],
): MeasureKey[] {
  return Object.entries(declared).flatMap(([name, measure]): MeasureKey[] => {
    const [fn, path] = Object.entries(measure)[0] as [keyof Measure & MeasureFn, string]
    const pointer = `/measures${pointerOf(name)}${pointerOf(fn)}`
    if (groups.some(group => group.name === name)) problems.push(takenName(name, `/measures${pointerOf(name)}`))
    if (fn === 'count' && path === '*') return [{ name, fn, of: null }]
    const of = parseReach(lens, grant, path, pointer, fn, problems)
    return of === null ? [] : [{ name, fn, of }]
  })
}

/** What a measure can be compared as: counts are whole numbers, means are decimals, the rest is as its field. */
function measureField({ fn, of }: MeasureKey): ScopeField {
  const kind = fn === 'count' || fn === 'count_distinct' || of === null ? 'integer' : fn === 'avg' ? 'decimal' : of.field.kind
  return { kind, operators: operatorsOf({ kind }, false).filter(operator => !operator.startsWith('changed')) }
}

function parseHaving(
  lens: Lens,
  grant: Grant,
  measures: readonly MeasureKey[],
  having: Readonly<Record<string, Condition>> | undefined,
  problems: Problem[],
): Test {
  if (having === undefined) return { kind: 'true' }
  const byName = new Map(measures.map(measure => [measure.name, measure]))
  const scope: PredicateScope = {
    lookup: name => {
      const measure = byName.get(name)
      return measure === undefined ? undefined : { field: measureField(measure) }
    },
    names: () => byName.keys(),
  }
  const parsed = parsePredicate(having, scope, {
    maxFilters: grant.caps.maxFilters,
    maxDepth: 1,
    pointer: '/having',
    ...userOf(lens, grant),
  })
  if (parsed.ok) return parsed.test
  problems.push(...parsed.problems)
  return { kind: 'false' }
}

function parseSort(sort: readonly string[], columns: readonly { readonly name: string }[], problems: Problem[]): AggregateQuery['sort'] {
  const names = columns.map(column => column.name)
  return sort.flatMap((text, index) => {
    const descending = text.startsWith('-')
    const name = descending ? text.slice(1) : text
    const pointer = `/sort/${index}`
    if (!names.includes(name)) problems.push(unknownName(name, pointer, names))
    else if (sort.slice(0, index).some(other => other.replace(/^-/, '') === name)) problems.push(takenName(name, pointer))
    else return [{ name, descending }]
    return []
  })
}

function takenName(name: string, pointer: string): Problem {
  return nameProblem(name, pointer, 'VALIDATE_DUPLICATE', '"{name}" stands there twice.')
}

function noPeriods(name: string, pointer: string): Problem {
  return nameProblem(name, pointer, 'VALIDATE_PERIOD', '"{name}" is no date that could be cut into periods.')
}
