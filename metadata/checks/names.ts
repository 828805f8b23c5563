// Answers for: every name stands once where it must be the only one.
// It must not look at what the names are used for.

import type { Entity, JsonValue } from '../generated/types.ts'
import { identityOf } from '../keyed-list.ts'
import { pointerOf } from '../problem.ts'
import { words } from '../said.ts'
import { relationsOf } from '../relations.ts'
import { isMoney } from './facts.ts'
import type { Reporter } from './findings.ts'

/** Reports elements of a list that carry the same key. */
export function checkUniqueKeys(list: readonly object[] | undefined, pointer: string, report: Reporter): void {
  const seen = new Set<string>()
  for (const [index, element] of (list ?? []).entries()) {
    const identity = identityOf(element as JsonValue)
    if (identity === undefined) continue
    if (seen.has(identity))
      report.problem('MODEL_DUPLICATE_KEY', pointer + pointerOf(index), words('“{identity}” stands twice here.', { identity }), {
        params: { key: identity },
      })
    seen.add(identity)
  }
}

/** Fields, options, rules, stages and relations of an entity each have a name of their own. */
export function checkNames(entity: Entity, report: Reporter): void {
  checkUniqueKeys(entity.fields, '/fields', report)
  checkUniqueKeys(entity.unique, '/unique', report)
  checkUniqueKeys(entity.rules, '/rules', report)
  checkUniqueKeys(entity.stages, '/stages', report)
  checkUniqueKeys(entity.conversions, '/conversions', report)
  for (const [index, field] of entity.fields.entries()) {
    const pointer = pointerOf('fields', index)
    if ('options' in field) checkUniqueKeys(field.options, `${pointer}/options`, report)
    if ('link_fields' in field) checkUniqueKeys(field.link_fields, `${pointer}/link_fields`, report)
    const base = `${field.key}_base`
    if (isMoney(field) && entity.fields.some(other => other.key === base))
      report.problem(
        'MODEL_DUPLICATE_KEY',
        `${pointer}/key`,
        words('“{base}” is the converted amount of “{field}” and can not be a field of its own.', { base, field: field.key }),
        { params: { key: base } },
      )
    checkInverse(entity, index, report)
  }
}

/** The name a reference gives to the way back must be free on the other side. */
function checkInverse(entity: Entity, index: number, report: Reporter): void {
  const field = entity.fields[index]
  if (field === undefined || !('inverse' in field) || field.inverse === undefined) return
  const key = field.inverse
  const [inverse] = relationsOf([{ ...entity, fields: [field] }]).filter(
    relation => relation.key === key && relation.via.startsWith('inverse'),
  )
  const target = inverse === undefined ? undefined : report.facts.entities.get(inverse.entity)
  if (target === undefined) return
  const pointer = pointerOf('fields', index, 'inverse')
  const first = report.facts.relation(target.key, key)
  const taken = (what: 'field' | 'relation'): void =>
    report.problem(
      'MODEL_DUPLICATE_KEY',
      pointer,
      { sentence: `“{target}” already has a ${what} “{key}”.`, values: { target: target.key, key } },
      { params: { key } },
    )
  if (target.fields.some(other => other.key === key)) taken('field')
  else if (first !== undefined && (!first.via.startsWith('inverse') || first.target !== entity.key || first.field !== field.key))
    taken('relation')
}
