// Answers for: query policies permit only what the fields can do, each entity at most once.
// It must not look at rights.

import type { MeasureFunction, QueryPolicy } from '../generated/types.ts'
import { type ComparisonKind, operatorsOf } from '../operators.ts'
import { pointerOf } from '../problem.ts'
import { words } from '../said.ts'
import { isSystemField } from '../relations.ts'
import { isSearchableType } from './fields.ts'
import type { Reporter } from './findings.ts'

const NUMERIC: readonly ComparisonKind[] = ['integer', 'decimal', 'float']
const ORDERED: readonly ComparisonKind[] = [...NUMERIC, 'date', 'datetime']
const GROUPED: readonly ComparisonKind[] = ['text', 'choice', 'boolean', 'id', 'integer', 'decimal', 'date', 'datetime']

const MEASURED: Readonly<Record<MeasureFunction, readonly ComparisonKind[]>> = {
  sum: NUMERIC,
  avg: NUMERIC,
  min: ORDERED,
  max: ORDERED,
  count: [...GROUPED, 'float', 'list', 'presence'],
  count_distinct: [...GROUPED, 'float'],
}

/** Checks one query policy. */
export function checkPolicy(policy: QueryPolicy, report: Reporter): void {
  const { facts } = report
  const { entity } = policy
  if (!report.hasEntity(entity, '/entity')) return
  if (facts.policies.get(entity) !== policy)
    report.problem('MODEL_DUPLICATE_POLICY', '/entity', words('“{entity}” already has a query policy.', { entity }))
  checkFilters(policy, report)
  for (const [index, key] of (policy.sort ?? []).entries()) {
    const place = pointerOf('sort', index)
    if (report.hasField(entity, key, place) && !isSwitchedOn(entity, key, 'sortable', report))
      switchOn('MODEL_NOT_SORTABLE', key, 'sortable', place, report)
  }
  for (const [index, key] of (policy.group ?? []).entries()) {
    const place = pointerOf('group', index)
    const kind = facts.comparison(entity, key)?.kind ?? 'presence'
    if (report.hasField(entity, key, place) && !GROUPED.includes(kind))
      report.problem('MODEL_NOT_GROUPABLE', place, words('Records can not be grouped by “{key}”.', { key }))
  }
  for (const [key, functions] of Object.entries(policy.measure ?? {})) {
    const place = pointerOf('measure', key)
    if (report.hasField(entity, key, place)) checkMeasures(entity, key, functions, place, report)
  }
  for (const [index, key] of (policy.search ?? []).entries()) {
    const place = pointerOf('search', index)
    const field = facts.field(entity, key)
    if (report.hasField(entity, key, place) && (field === undefined || !isSearchableType(field.type) || field.searchable !== true))
      switchOn('MODEL_NOT_SEARCHABLE', key, 'searchable', place, report)
  }
  for (const [index, key] of (policy.include ?? []).entries())
    if (facts.relation(entity, key) === undefined) report.unknown('relation', key, pointerOf('include', index), facts.relationNames(entity))
}

function checkFilters(policy: QueryPolicy, report: Reporter): void {
  const { facts } = report
  const { entity } = policy
  for (const [key, operators] of Object.entries(policy.filter ?? {})) {
    const place = pointerOf('filter', key)
    if (!report.hasField(entity, key, place)) continue
    if (!isSwitchedOn(entity, key, 'filterable', report)) switchOn('MODEL_NOT_FILTERABLE', key, 'filterable', place, report)
    const comparison = facts.comparison(entity, key)
    const target = facts.relation(entity, key)?.target
    const possible: readonly string[] =
      comparison === null
        ? []
        : operatorsOf(comparison, target !== undefined && facts.isTree(target)).filter(operator => !operator.startsWith('changed'))
    for (const [index, operator] of (operators === true ? [] : operators).entries())
      if (!possible.includes(operator))
        report.problem('MODEL_OPERATOR', place + pointerOf(index), words('“{key}” has no operator “{operator}”.', { key, operator }), {
          hint: words('Possible: {names}.', { names: possible.join(', ') }),
        })
  }
}

/** System fields but the version are always provisioned; so is a converted amount where its money is. */
function isSwitchedOn(entity: string, key: string, what: 'filterable' | 'sortable', report: Reporter): boolean {
  if (isSystemField(key))
    return key !== 'version' && (what === 'filterable' || ['id', 'created_at', 'updated_at', 'deleted_at'].includes(key))
  const field = report.facts.field(entity, key) ?? report.facts.moneyBehind(entity, key)
  return field?.[what] === true
}

function switchOn(code: string, key: string, what: 'filterable' | 'sortable' | 'searchable', pointer: string, report: Reporter): void {
  report.problem(
    code,
    pointer,
    { sentence: `“{key}” is not ${what}.`, values: { key } },
    isSystemField(key) ? {} : { hint: words('Give the field "{what}": true first.', { what }) },
  )
}

function checkMeasures(entity: string, key: string, functions: readonly MeasureFunction[], pointer: string, report: Reporter): void {
  const kind = report.facts.comparison(entity, key)?.kind ?? 'presence'
  const possible = (Object.keys(MEASURED) as MeasureFunction[]).filter(each => MEASURED[each].includes(kind))
  for (const [index, name] of functions.entries())
    if (!possible.includes(name))
      report.problem('MODEL_MEASURE', pointer + pointerOf(index), words('“{name}” can not be taken of “{key}”.', { name, key }), {
        hint: words('Possible: {names}.', { names: possible.join(', ') }),
      })
}
