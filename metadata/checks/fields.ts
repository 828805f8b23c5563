// Answers for: what a field says about itself holds together: bounds, defaults, options, patterns, switches.
// It must not follow the field into other entities.

import { compareDecimals, isDecimal } from '../decimal.ts'
import type { Entity, Field } from '../generated/types.ts'
import { nearestHint } from '../nearest.ts'
import { pointerOf } from '../problem.ts'
import { type Said, words } from '../said.ts'
import { parseDate } from '../time-period.ts'
import { isComputed, isMoney } from './facts.ts'
import type { Reporter } from './findings.ts'

/** What the language can not know by itself. */
export interface FieldTools {
  /** True for a regular expression that runs in linear time. */
  readonly isLinearPattern: (pattern: string) => boolean
}

/** Checks every field of an entity by itself. */
export function checkFields(entity: Entity, report: Reporter, tools: FieldTools): void {
  for (const [index, field] of entity.fields.entries()) {
    const pointer = pointerOf('fields', index)
    checkBounds(field, pointer, report)
    checkDefault(field, pointer, report)
    checkSwitches(entity, field, pointer, report)
    checkSlotHint(entity, field, pointer, report)
    if (field.type === 'text' && field.pattern !== undefined && !tools.isLinearPattern(field.pattern))
      report.problem(
        'MODEL_INVALID_PATTERN',
        `${pointer}/pattern`,
        words('The pattern is not a regular expression that runs in linear time.'),
        {
          hint: words('Leave out look-around and back references.'),
        },
      )
    if (field.type === 'autonumber') checkTemplate(field.template, `${pointer}/template`, report)
    if (field.type === 'money' || field.type === 'formula' || field.type === 'lookup') checkCurrency(entity, field, pointer, report)
  }
}

const BOUNDS = [
  ['minimum', 'maximum'],
  ['min_length', 'max_length'],
  ['min_items', 'max_items'],
] as const

function checkBounds(field: Field, pointer: string, report: Reporter): void {
  const members = new Map<string, unknown>(Object.entries(field))
  for (const [low, high] of BOUNDS) {
    const order = compareValues(members.get(low), members.get(high))
    if (order !== null && order > 0)
      report.problem(
        'MODEL_BOUNDS',
        `${pointer}/${low}`,
        words('“{low}” of “{field}” is above its “{high}”.', { low, field: field.key, high }),
        {
          params: { [low]: String(members.get(low)), [high]: String(members.get(high)) },
        },
      )
  }
}

function compareValues(a: unknown, b: unknown): number | null {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (isDecimal(a) && isDecimal(b)) return compareDecimals(a, b)
  if (typeof a !== 'string' || typeof b !== 'string' || a.startsWith('$') || b.startsWith('$')) return null
  return a < b ? -1 : a > b ? 1 : 0
}

function checkDefault(field: Field, pointer: string, report: Reporter): void {
  if (!('default' in field) || field.default === undefined) return
  const place = `${pointer}/default`
  const wrong = (message: Said, hint?: Said): void => report.problem('MODEL_DEFAULT', place, message, hint === undefined ? {} : { hint })
  if (field.type === 'choice' || field.type === 'multi_choice') {
    const possible = field.options.filter(option => option.retired !== true).map(option => option.value)
    for (const value of [field.default].flat())
      if (!possible.includes(value))
        wrong(words('The default “{value}” is not an option of “{field}”.', { value, field: field.key }), nearestHint(value, possible).hint)
  } else if ((field.type === 'date' || field.type === 'datetime') && isNoDay(field.default))
    wrong(words('The default of “{field}” is no day of the calendar.', { field: field.key }))
  else if (isReference(field) && !isIdOrVariable(field.default))
    wrong(
      words('The default of “{field}” is neither an id nor a variable.', { field: field.key }),
      words('Such as {example}.', { example: '"$user.id"' }),
    )
  else if ('scale' in field && isDecimal(field.default) && digits(field.default) > (field.scale ?? 2))
    wrong(words('The default of “{field}” has more than {scale} digits after the point.', { field: field.key, scale: field.scale ?? 2 }))
  else checkDefaultBounds(field, field.default, wrong)
}

function isReference(field: Field): boolean {
  return field.type === 'reference' || field.type === 'user'
}

function isIdOrVariable(value: unknown): boolean {
  return typeof value === 'string' && /^(\$user\.[a-z][a-z0-9_]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(value)
}

function isNoDay(value: unknown): boolean {
  return typeof value === 'string' && !value.startsWith('$') && parseDate(value.slice(0, 10)) === null
}

function digits(value: string): number {
  return (value.split('.')[1] ?? '').replace(/0+$/, '').length
}

function checkDefaultBounds(field: Field, value: unknown, wrong: (message: Said) => void): void {
  const members = new Map<string, unknown>(Object.entries(field))
  const size = typeof value === 'string' || Array.isArray(value) ? value.length : null
  const sized = Array.isArray(value) ? 'items' : 'length'
  const low = compareValues(value, members.get('minimum')) ?? compareValues(size, members.get(`min_${sized}`)) ?? 0
  const high = compareValues(value, members.get('maximum')) ?? compareValues(size, members.get(`max_${sized}`)) ?? 0
  if (low < 0 || high > 0) wrong(words('The default of “{field}” is outside its own bounds.', { field: field.key }))
}

const UNFILTERABLE: ReadonlySet<Field['type']> = new Set(['table'])
const UNSORTABLE: ReadonlySet<Field['type']> = new Set([
  'json',
  'address',
  'person_name',
  'table',
  'multi_reference',
  'multi_choice',
  'tags',
  'long_text',
])
const SEARCHABLE: ReadonlySet<Field['type']> = new Set([
  'text',
  'long_text',
  'email',
  'phone',
  'url',
  'tags',
  'autonumber',
  'address',
  'person_name',
])

/** Field types whose text the search box can find. */
export function isSearchableType(type: Field['type']): boolean {
  return SEARCHABLE.has(type)
}

function checkSwitches(entity: Entity, field: Field, pointer: string, report: Reporter): void {
  const { key, type } = field
  const live = type === 'lookup' && field.mode === 'live'
  if (field.sortable === true && (UNSORTABLE.has(type) || live || isSortedAway(report, entity.key, field)))
    report.problem(
      'MODEL_NOT_SORTABLE',
      `${pointer}/sortable`,
      words('A field of type {type} can not order lists.', { type }),
      live ? { hint: words('Copy the value: "mode": "copied".') } : {},
    )
  if (field.filterable === true && UNFILTERABLE.has(type))
    report.problem('MODEL_NOT_FILTERABLE', `${pointer}/filterable`, words('A field of type {type} can not be filtered.', { type }), {
      hint: words('Filter its records by "some", "every" or "none".'),
    })
  if (field.searchable === true && !isSearchableType(type))
    report.problem('MODEL_NOT_SEARCHABLE', `${pointer}/searchable`, words('A field of type {type} can not be searched.', { type }), {
      hint: words('Possible for: {names}.', { names: [...SEARCHABLE].join(', ') }),
    })
  const forced = field.required === true || field.required_when !== undefined
  if (forced && (isComputed(field) || type === 'table'))
    report.problem(
      'MODEL_COMPUTED_REQUIRED',
      pointer + (field.required === true ? '/required' : '/required_when'),
      words('“{key}” is not entered, so it can not be required.', { key }),
      type === 'table' ? { hint: words('Use "min_items".') } : {},
    )
  else if (field.required === true && field.read_only === true && !('default' in field))
    report.problem(
      'MODEL_UNFILLABLE',
      `${pointer}/read_only`,
      words('“{key}” is required and read-only, so no record could be created.', { key }),
      {
        hint: words('Give it a default.'),
      },
    )
  if (type === 'lookup' && field.overridable === true && field.mode === 'live')
    report.problem('MODEL_OVERRIDABLE', `${pointer}/overridable`, words('“{key}” is shown live and can not be written over.', { key }), {
      hint: words('Copy the value: "mode": "copied".'),
    })
}

function isSortedAway(report: Reporter, entity: string, field: Field): boolean {
  if (field.type !== 'lookup' && field.type !== 'rollup') return false
  const kind = report.facts.comparison(entity, field.key)?.kind
  return kind === 'list' || kind === 'presence'
}

const SLOT_FAMILY: Readonly<Partial<Record<string, readonly string[]>>> = {
  text: ['t'],
  choice: ['t'],
  decimal: ['i'],
  integer: ['i'],
  boolean: ['i'],
  float: ['n'],
  date: ['d'],
  datetime: ['d'],
  id: ['r'],
}
const SLOTS: Readonly<Record<string, number>> = { t: 10, i: 8, n: 4, d: 6, r: 8 }

function checkSlotHint(entity: Entity, field: Field, pointer: string, report: Reporter): void {
  const hint = field.slot_hint
  if (hint === undefined) return
  const place = `${pointer}/slot_hint`
  const family = hint.charAt(0)
  const kind = report.facts.comparison(entity.key, field.key)?.kind ?? 'presence'
  const families = SLOT_FAMILY[kind] ?? []
  if (!families.includes(family) || Number(hint.slice(1)) > (SLOTS[family] ?? 0))
    report.problem(
      'MODEL_SLOT',
      place,
      words('“{slot}” is no index column for “{field}”.', { slot: hint, field: field.key }),
      families.length > 0
        ? { hint: words('Possible: {names}.', { names: families.map(each => `${each}1 to ${each}${SLOTS[each] ?? 0}`).join(', ') }) }
        : {},
    )
  else if (field.filterable !== true && field.sortable !== true)
    report.problem(
      'MODEL_SLOT',
      place,
      words('“{field}” is neither filterable nor sortable and takes no index column.', { field: field.key }),
    )
  else if (
    entity.fields.some(other => other !== field && other.slot_hint === hint && entity.fields.indexOf(other) < entity.fields.indexOf(field))
  )
    report.problem('MODEL_SLOT', place, words('The index column “{slot}” is already asked for by another field.', { slot: hint }))
}

const TEMPLATE_PART = /\{([^}]*)\}/g
const TEMPLATE_PARTS = ['seq', 'yyyy', 'yy', 'mm', 'dd']

function checkTemplate(template: string, pointer: string, report: Reporter): void {
  const parts = [...template.matchAll(TEMPLATE_PART)].map(match => match[1] ?? '')
  const unknown = parts.find(part => !TEMPLATE_PARTS.includes(part) && !/^seq:[1-9]$/.test(part))
  if (unknown !== undefined)
    report.problem(
      'MODEL_TEMPLATE',
      pointer,
      words('“{part}” means nothing in a number series.', { part: `{${unknown}}` }),
      nearestHint(unknown, TEMPLATE_PARTS),
    )
  else if (parts.filter(part => part.startsWith('seq')).length !== 1)
    report.problem('MODEL_TEMPLATE', pointer, words('A number series needs {part} exactly once.', { part: '{seq}' }), {
      hint: words('Such as {example}.', { example: '"D-{yyyy}-{seq:5}"' }),
    })
}

function checkCurrency(entity: Entity, field: Field & { type: 'money' | 'formula' | 'lookup' }, pointer: string, report: Reporter): void {
  if (field.currency_field !== undefined) {
    const place = `${pointer}/currency_field`
    const currency = report.facts.field(entity.key, field.currency_field)
    const fits = currency !== undefined && ['text', 'choice'].includes(report.facts.comparison(entity.key, currency.key)?.kind ?? '')
    if (currency === undefined) report.unknown('field', field.currency_field, place, report.facts.fieldNames(entity.key))
    else if (!fits)
      report.problem(
        'MODEL_CURRENCY_FIELD',
        place,
        words('“{currency}” is no text or choice, so it can not hold a currency.', { currency: currency.key }),
      )
    else if (field.type === 'formula' && field.result !== 'money')
      report.problem('MODEL_CURRENCY_FIELD', place, words('Only a formula with the result money has a currency.'))
    else if (field.type === 'lookup' && !looksUpMoney(entity.key, field, report))
      report.problem('MODEL_CURRENCY_FIELD', place, words('Only a lookup of an amount has a currency.'))
  }
  if (field.type === 'money' && field.rate_date_field !== undefined) {
    const place = `${pointer}/rate_date_field`
    const kind = report.facts.comparison(entity.key, field.rate_date_field)?.kind
    if (report.hasField(entity.key, field.rate_date_field, place) && kind !== 'date' && kind !== 'datetime')
      report.problem('MODEL_RATE_DATE', place, words('“{key}” is not a date.', { key: field.rate_date_field }))
  }
}

/** Lookups of lookups end at an amount; a circle of them is told elsewhere. */
function looksUpMoney(entity: string, field: Field, report: Reporter, depth = 0): boolean {
  const from = report.facts.sourceOf(entity, field)
  const source = from === null ? undefined : report.facts.field(from.entity, from.field)
  // What leads nowhere is told where it does.
  if (from === null || source === undefined) return true
  return source.type === 'lookup' && depth < 8 ? looksUpMoney(from.entity, source, report, depth + 1) : isMoney(source)
}
