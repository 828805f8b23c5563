// Answers for: references, parents and tables lead to what is there, and deleting behaves.
// It must not look at derived values.

import type { Entity, Field, TableField } from '../generated/types.ts'
import { pointerOf } from '../problem.ts'
import { type Said, words } from '../said.ts'
import { targetOf } from '../relations.ts'
import { findCycle } from './cycles.ts'
import type { Facts } from './facts.ts'
import type { Reporter } from './findings.ts'

/** Checks the fields of an entity that lead to others. */
export function checkReferences(entity: Entity, report: Reporter): void {
  for (const [index, field] of entity.fields.entries()) {
    const pointer = pointerOf('fields', index)
    const target = targetOf(entity.key, field)
    if (target === undefined) continue
    if (!report.hasEntity(target, field.type === 'user' ? `${pointer}/type` : `${pointer}/target`)) continue
    if ('filter' in field) report.predicate(field.filter, target, `${pointer}/filter`, { record: entity.key })
    if ('on_delete' in field && field.on_delete === 'set_null' && field.required === true && field.type !== 'multi_reference')
      report.problem(
        'MODEL_ON_DELETE',
        `${pointer}/on_delete`,
        words('“{field}” is required, so it can not be emptied when its target is deleted.', { field: field.key }),
        { hint: words('Use "restrict" or "cascade".') },
      )
    if (field.type === 'table') checkTable(entity, field, pointer, report)
    if (field.type === 'parent' && entity.fields.findIndex(other => other.type === 'parent') < index)
      report.problem('MODEL_DUPLICATE_PARENT', `${pointer}/type`, words('“{entity}” already has a parent field.', { entity: entity.key }))
  }
}

function checkTable(entity: Entity, field: TableField, pointer: string, report: Reporter): void {
  const back = report.facts.field(field.target, field.target_field)
  const place = `${pointer}/target_field`
  if (back === undefined) report.unknown('field', field.target_field, place, backReferences(report.facts, field.target, entity.key))
  else if (back.type !== 'reference' || back.target !== entity.key)
    report.problem(
      'MODEL_TABLE_TARGET',
      place,
      words('“{target_field}” of “{target}” is no reference to “{entity}”.', {
        target_field: field.target_field,
        target: field.target,
        entity: entity.key,
      }),
      hintOf(backReferences(report.facts, field.target, entity.key)),
    )
  const owner = tableOwners(report.facts, field.target)[0]
  if (owner !== undefined && (owner.entity !== entity.key || owner.field !== field.key))
    report.problem(
      'MODEL_TABLE_TARGET',
      `${pointer}/target`,
      words('“{target}” already holds the lines of “{entity}”.', { target: field.target, entity: owner.entity }),
    )
}

function backReferences(facts: Facts, child: string, parent: string): string[] {
  const fields: readonly Field[] = facts.entities.get(child)?.fields ?? []
  return fields.filter(field => field.type === 'reference' && field.target === parent).map(field => field.key)
}

function hintOf(names: readonly string[]): { hint?: Said } {
  return names.length === 0 ? {} : { hint: words('Possible: {names}.', { names: names.join(', ') }) }
}

function tableOwners(facts: Facts, child: string): { entity: string; field: string }[] {
  return [...facts.entities.values()].flatMap(entity =>
    entity.fields.flatMap(field => (field.type === 'table' && field.target === child ? [{ entity: entity.key, field: field.key }] : [])),
  )
}

/** Lines of lines of lines: no entity may hold itself, however far down. Reported once per circle, on its first entity. */
export function checkTableCycles(facts: Facts, reporterOf: (entity: string) => Reporter): void {
  const tablesOf = (key: string): string[] =>
    (facts.entities.get(key)?.fields ?? []).flatMap(field => (field.type === 'table' ? [field.target] : []))
  const cycle = findCycle(facts.entities.keys(), tablesOf)
  const [first, second] = cycle ?? []
  if (first === undefined) return
  const index = facts.entities.get(first)?.fields.findIndex(field => field.type === 'table' && field.target === (second ?? first)) ?? 0
  reporterOf(first).problem(
    'MODEL_CYCLE',
    pointerOf('fields', index, 'target'),
    words('The tables run in a circle: {names}.', { names: [...(cycle ?? []), first].join(' → ') }),
  )
}
