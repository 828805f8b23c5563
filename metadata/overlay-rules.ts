// Answers for: an overlay adds, relabels, tightens and hides; it takes nothing away that the pack below relies on.
// It must not know which layer is a pack and which is a tenant's.

import type { JsonValue } from './generated/types.ts'
import { identityOf, isJsonObject, type JsonObject, sameJson } from './keyed-list.ts'
import { originAt, type Part, valueOf } from './part.ts'
import { type Problem, pointerOf } from './problem.ts'
import { said, type Said, words } from './said.ts'
import { compareDecimals, isDecimal } from './decimal.ts'

type Direction = 'larger' | 'smaller'

/** Members of a field that a layer above may only make narrower, and the direction that would widen them. */
const WIDENS: Readonly<Record<string, Direction>> = {
  max_length: 'larger',
  maximum: 'larger',
  max_items: 'larger',
  max_bytes: 'larger',
  max_depth: 'larger',
  min_length: 'smaller',
  minimum: 'smaller',
  min_items: 'smaller',
}

/** Members that stay as they are once given: stored values, other fields or the pack's own rules depend on them. */
const FIXED: readonly string[] = [
  'type',
  'target',
  'target_field',
  'on_delete',
  'reference',
  'field',
  'mode',
  'relation',
  'function',
  'where',
  'result',
  'expression',
  'scale',
  'template',
  'currency_field',
  'currency',
  'rate_date_field',
]

/** Members that may be added but neither changed nor removed: nobody can tell whether a changed condition is a narrower one. */
const ADDED_ONLY: readonly string[] = ['inverse', 'pattern', 'filter', 'required_when', 'read_only_when']

/** Switches that may be put into one position only. */
const ONE_WAY: Readonly<Record<string, boolean>> = {
  required: true,
  read_only: true,
  overridable: false,
  discloses_hidden_rows: false,
  gapless: true,
}

/** What the merged document takes away from, or loosens in, the one below; pointers are those of the change itself. */
export function checkOverlay(base: Part, merged: Part, layer: string): Problem[] {
  const before = valueOf(base)
  const after = valueOf(merged)
  if (!isJsonObject(before) || !isJsonObject(after) || before['kind'] !== 'entity') return []
  const problems: Problem[] = []
  const report: Report = (code, pointer, message, hint) => {
    const origin = originAt(merged, pointer)
    problems.push(said({ code, pointer: origin.layer === layer ? origin.pointer : pointer }, message, hint))
  }
  checkFields(before, after, report)
  checkKept(before, after, 'rules', ['check', 'when'], report)
  checkKept(before, after, 'unique', ['fields', 'when'], report)
  checkSeverity(before, after, report)
  checkStages(before, after, report)
  checkEntityOptions(before, after, report)
  checkHidden(before, after, report)
  return problems
}

type Report = (code: string, pointer: string, message: Said, hint?: Said) => void

function elements(of: JsonObject, member: string): { element: JsonObject; identity: string; pointer: string }[] {
  const list = of[member]
  if (!Array.isArray(list)) return []
  return list.flatMap((element, index) =>
    isJsonObject(element) ? [{ element, identity: identityOf(element) ?? '', pointer: pointerOf(member, index) }] : [],
  )
}

function checkFields(before: JsonObject, after: JsonObject, report: Report): void {
  const now = new Map(elements(after, 'fields').map(each => [each.identity, each]))
  for (const { element, identity } of elements(before, 'fields')) {
    const found = now.get(identity)
    if (found === undefined)
      report(
        'MODEL_OVERLAY_REMOVES',
        '/fields',
        words('The field “{identity}” belongs to a pack and can not be removed.', { identity }),
        words('Hide it: "hidden_fields".'),
      )
    else checkField(identity, element, found.element, found.pointer, report)
  }
}

function checkField(key: string, before: JsonObject, after: JsonObject, pointer: string, report: Report): void {
  for (const member of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const was = before[member]
    const is = after[member]
    if (sameJson(was, is)) continue
    const place = pointer + pointerOf(member)
    if (FIXED.includes(member) || (ADDED_ONLY.includes(member) && was !== undefined))
      report('MODEL_IMMUTABLE', place, words('“{member}” of the field “{key}” belongs to a pack and can not be changed.', { member, key }))
    else if (loosens(member, was, is))
      report(
        'MODEL_OVERLAY_LOOSENS',
        place,
        words('“{member}” of the field “{key}” may only be made stricter than the pack has it.', { member, key }),
        strictness(member, was),
      )
  }
  checkOptions(key, before, after, pointer, report)
}

function loosens(member: string, was: JsonValue | undefined, is: JsonValue | undefined): boolean {
  const oneWay = ONE_WAY[member]
  if (oneWay !== undefined) return (is ?? false) !== oneWay
  const direction = WIDENS[member]
  if (direction === undefined || was === undefined) return false
  if (is === undefined) return true
  const order = compareBounds(is, was)
  return order === null || (direction === 'larger' ? order > 0 : order < 0)
}

function compareBounds(a: JsonValue, b: JsonValue): number | null {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a !== 'string' || typeof b !== 'string') return null
  if (isDecimal(a) && isDecimal(b)) return compareDecimals(a, b)
  // Dates order as text; a bound that moves with the day can not be compared with a fixed one.
  return a.startsWith('$') || b.startsWith('$') ? null : a < b ? -1 : a > b ? 1 : 0
}

function strictness(member: string, was: JsonValue | undefined): Said | undefined {
  const direction = WIDENS[member]
  if (direction === undefined || (typeof was !== 'number' && typeof was !== 'string')) return undefined
  return direction === 'larger' ? words('At most {was}.', { was }) : words('At least {was}.', { was })
}

function checkOptions(key: string, before: JsonObject, after: JsonObject, pointer: string, report: Report): void {
  const now = new Set(elements(after, 'options').map(each => each.identity))
  for (const { identity } of elements(before, 'options')) {
    if (!now.has(identity))
      report(
        'MODEL_OVERLAY_REMOVES',
        `${pointer}/options`,
        words('The option “{identity}” of the field “{key}” belongs to a pack and can not be removed.', { identity, key }),
        words('Retire it: "retired": true.'),
      )
  }
}

function checkKept(before: JsonObject, after: JsonObject, list: string, fixed: readonly string[], report: Report): void {
  const now = new Map(elements(after, list).map(each => [each.identity, each]))
  for (const { element, identity } of elements(before, list)) {
    const found = now.get(identity)
    if (found === undefined)
      report('MODEL_OVERLAY_REMOVES', `/${list}`, words('The rule “{identity}” belongs to a pack and can not be removed.', { identity }))
    else
      for (const member of fixed)
        if (!sameJson(element[member], found.element[member]))
          report(
            'MODEL_IMMUTABLE',
            found.pointer + pointerOf(member),
            words('“{member}” of the rule “{identity}” belongs to a pack and can not be changed.', { member, identity }),
          )
  }
}

function checkSeverity(before: JsonObject, after: JsonObject, report: Report): void {
  const was = new Map(elements(before, 'rules').map(each => [each.identity, each.element]))
  for (const { element, identity, pointer } of elements(after, 'rules')) {
    const base = was.get(identity)
    if (base !== undefined && base['severity'] !== 'warning' && element['severity'] === 'warning')
      report('MODEL_OVERLAY_LOOSENS', `${pointer}/severity`, words('The rule “{identity}” may not become a mere warning.', { identity }))
  }
}

function checkStages(before: JsonObject, after: JsonObject, report: Report): void {
  const now = new Map(elements(after, 'stages').map(each => [each.identity, each]))
  for (const { element, identity } of elements(before, 'stages')) {
    const found = now.get(identity)
    if (found === undefined)
      report('MODEL_OVERLAY_REMOVES', '/stages', words('The stages “{identity}” belong to a pack and can not be removed.', { identity }))
    else checkStage(identity, element, found.element, found.pointer, report)
  }
}

function checkStage(key: string, before: JsonObject, after: JsonObject, pointer: string, report: Report): void {
  for (const member of ['field', 'when'])
    if (!sameJson(before[member], after[member]))
      report(
        'MODEL_IMMUTABLE',
        pointer + pointerOf(member),
        words('“{member}” of the stages “{key}” belongs to a pack and can not be changed.', { member, key }),
      )
  for (const state of texts(before['states']))
    if (!texts(after['states']).includes(state))
      report(
        'MODEL_OVERLAY_REMOVES',
        `${pointer}/states`,
        words('The state “{state}” belongs to a pack and can not be removed.', { state }),
      )
  const was = new Map(elements(before, 'transitions').map(each => [each.identity, each.element]))
  for (const { element, identity, pointer: place } of elements(after, 'transitions')) {
    const base = was.get(identity)
    if (base === undefined) continue
    const dropped = texts(base['require']).find(field => !texts(element['require']).includes(field))
    if (dropped !== undefined)
      report(
        'MODEL_OVERLAY_LOOSENS',
        `${pointer}${place}/require`,
        words('The step to “{to}” must go on asking for “{dropped}”.', { to: String(base['to']), dropped }),
      )
    if (base['check'] !== undefined && !sameJson(base['check'], element['check']))
      report(
        'MODEL_IMMUTABLE',
        `${pointer}${place}/check`,
        words('The condition of the step to “{to}” belongs to a pack and can not be changed.', { to: String(base['to']) }),
      )
  }
}

function texts(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : []
}

function checkEntityOptions(before: JsonObject, after: JsonObject, report: Report): void {
  const was = before['options']
  const is = after['options']
  if (!isJsonObject(was)) return
  for (const [option, value] of Object.entries(was))
    if (value === true && (!isJsonObject(is) || is[option] !== true))
      report(
        'MODEL_OVERLAY_LOOSENS',
        pointerOf('options', option),
        words('The option “{option}” is switched on by a pack and stays on.', { option }),
      )
}

function checkHidden(before: JsonObject, after: JsonObject, report: Report): void {
  for (const [index, key] of texts(after['hidden_fields']).entries()) {
    const field = elements(before, 'fields').find(each => each.identity === key)?.element
    const place = pointerOf('hidden_fields', index)
    if (field?.['required'] === true && field['default'] === undefined)
      report(
        'MODEL_OVERLAY_REMOVES',
        place,
        words('The field “{key}” is required by a pack and can not be hidden.', { key }),
        words('Give it a default, then hide it.'),
      )
    if (after['title_field'] === key)
      report(
        'MODEL_OVERLAY_REMOVES',
        place,
        words('The field “{key}” is the title of its records and can not be hidden.', { key }),
        words('Choose another title field first.'),
      )
  }
}
