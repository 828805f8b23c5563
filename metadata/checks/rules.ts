// Answers for: titles, conditions, unique and validation rules name what is there and ask what can be asked.
// It must not look at stages or derived values.

import type { Entity } from '../generated/types.ts'
import { pointerOf } from '../problem.ts'
import { words } from '../said.ts'
import type { Reporter } from './findings.ts'

/** Checks what an entity says over its fields. */
export function checkRules(entity: Entity, report: Reporter): void {
  checkTitle(entity, report)
  for (const [index, field] of entity.fields.entries()) {
    const pointer = pointerOf('fields', index)
    report.predicate(field.visible_when, entity.key, `${pointer}/visible_when`)
    report.predicate(field.required_when, entity.key, `${pointer}/required_when`)
    report.predicate(field.read_only_when, entity.key, `${pointer}/read_only_when`)
  }
  for (const [index, key] of (entity.hidden_fields ?? []).entries())
    if (report.facts.field(entity.key, key) === undefined)
      report.unknown(
        'field',
        key,
        pointerOf('hidden_fields', index),
        entity.fields.map(field => field.key),
      )
  checkUnique(entity, report)
  for (const [index, rule] of (entity.rules ?? []).entries()) {
    const pointer = pointerOf('rules', index)
    report.predicate(rule.when, entity.key, `${pointer}/when`, { changes: true, record: entity.key })
    report.predicate(rule.check, entity.key, `${pointer}/check`, { changes: true, record: entity.key })
    if (rule.field !== undefined) report.hasField(entity.key, rule.field, `${pointer}/field`)
  }
}

function checkTitle(entity: Entity, report: Reporter): void {
  const { facts } = report
  const isTitle = (key: string): boolean =>
    facts.comparison(entity.key, key)?.kind === 'text' || facts.field(entity.key, key)?.type === 'person_name'
  const candidates = entity.fields.map(field => field.key).filter(isTitle)
  const title = entity.title_field
  const hint = candidates.length > 0 ? { hint: words('Possible: {names}.', { names: candidates.slice(0, 6).join(', ') }) } : {}
  if (title === undefined) {
    if (candidates.length === 0)
      report.problem('MODEL_TITLE_FIELD', '/title_field', words('Records need a field of text that they are called by.'), {
        hint: words('Add a field of type text or autonumber.'),
      })
  } else if (facts.field(entity.key, title) === undefined) report.unknown('field', title, '/title_field', candidates)
  else if (!isTitle(title))
    report.problem('MODEL_TITLE_FIELD', '/title_field', words('“{title}” is no text, so records can not be called by it.', { title }), hint)
}

function checkUnique(entity: Entity, report: Reporter): void {
  for (const [index, rule] of (entity.unique ?? []).entries()) {
    const pointer = pointerOf('unique', index)
    report.predicate(rule.when, entity.key, `${pointer}/when`)
    for (const [position, key] of rule.fields.entries()) {
      const place = pointer + pointerOf('fields', position)
      if (!report.hasField(entity.key, key, place)) continue
      const field = report.facts.field(entity.key, key)
      const kind = report.facts.comparison(entity.key, key)?.kind ?? 'presence'
      const live = field?.type === 'rollup' || (field?.type === 'lookup' && field.mode === 'live')
      if (kind === 'presence' || kind === 'list' || live)
        report.problem(
          'MODEL_UNIQUE_FIELD',
          place,
          words('“{key}” can not be part of a unique rule.', { key }),
          live ? { hint: words('Its value is not kept in this record.') } : {},
        )
    }
  }
}
