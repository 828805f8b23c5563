/**
 * JSON Schema of what may be said of one field in a predicate: its operators, each with the operands it takes, variables among them.
 * Says in a schema what `metadata/predicate-parse` decides; knows kinds and operators, no entity and no caller.
 */
import { DECIMAL_PATTERN, MAX_DIGITS } from '../../metadata/decimal.ts'
import { OPERATORS_OF_KIND, type Operator } from '../../metadata/operators.ts'
import type { ScopeField } from '../../metadata/predicate.ts'
import { MAX_LIST_LENGTH } from '../../metadata/predicate-parse.ts'
import { elementOf, fits, isTime, MAX_TEXT, USER_ID, UUID } from '../../metadata/predicate-terms.ts'
import { PERIOD_WORDS } from '../../metadata/time-period.ts'
import type { JsonSchema } from '../kernel/schema.ts'
import { eitherOf, type SchemaParts } from './schema-parts.ts'

/** The fields of the caller's own record that `$user.…` may name, by key. */
export type UserFields = ReadonlyMap<string, ScopeField>

/** Days that exist are `format`'s to say; the year 0000 does not. */
const DATE = '^(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-'
const INSTANT = `${DATE}[0-9]{2}-[0-9]{2}[Tt]([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\\.[0-9]{1,9})?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$`
const DAYS = 'P([0-9]{1,4}Y)?([0-9]{1,4}M)?([0-9]{1,4}W)?([0-9]{1,5}D)?'
const clock = (digit: string): string => {
  const [hours, minutes, seconds] = [`${digit}{1,5}H`, `${digit}{1,6}M`, `${digit}{1,8}S`]
  return `(T(${hours}(${minutes})?(${seconds})?|${minutes}(${seconds})?|${seconds}))?`
}

/** The operators of a field as members of an object. What several fields have in common is one part, called like its kind. */
export function conditionMembers(parts: SchemaParts, field: ScopeField, own: string, user: UserFields): Record<string, JsonSchema> {
  const kind = kindName(field)
  // Options belong to one field; everything else of a kind is alike.
  const values = field.options === undefined ? kind : `${own}.value`
  const one = (): JsonSchema => parts.ref(`${values}.one`, () => term(field, user, false))
  const listed = (): JsonSchema => ({
    type: 'array',
    maxItems: MAX_LIST_LENGTH,
    items: parts.ref(`${values}.listed`, () => term(elementOf(field), user, true)),
  })
  return Object.fromEntries(operatorsOf(field).map(operator => [operator, operand(operator)] as const))

  function operand(operator: Operator): JsonSchema {
    switch (operator) {
      case 'is_null':
      case 'changed':
        return { type: 'boolean' }
      case 'between':
        return { type: 'array', minItems: 2, maxItems: 2, items: one() }
      case 'in':
      case 'not_in':
      case 'has_any':
      case 'has_all':
      case 'has_none':
        return listed()
      case 'in_period':
        return { type: 'string', enum: PERIOD_WORDS }
      case 'in_last':
      case 'in_next':
        // Days of a calendar have no hours.
        return { type: 'string', minLength: 3, pattern: `^${DAYS}${clock(field.kind === 'date' ? '0' : '[0-9]')}$` }
      case 'contains':
      case 'not_contains':
      case 'starts_with':
      case 'ends_with':
        return parts.ref(`${kind}.part`, () => ({
          allOf: [{ type: 'string', minLength: 1, maxLength: MAX_TEXT }, term(field, user, false)],
        }))
      case 'within':
        return parts.ref(`${values}.listed`, () => term(field, user, true))
      case 'eq':
      case 'ne':
      case 'lt':
      case 'lte':
      case 'gt':
      case 'gte':
      case 'changed_to':
        return one()
    }
  }
}

/** What a condition on fields of this kind with these operators is called; fields with options have one of their own. */
export function conditionName(field: ScopeField, own: string): string {
  if (field.options !== undefined) return own
  const operators = operatorsOf(field)
  const whole = OPERATORS_OF_KIND[field.kind].filter(each => isAskable(each) && (each !== 'within' || operators.includes('within')))
  const isWhole = whole.length === operators.length
  const name = operators.includes('within') ? `${kindName(field)}Node` : kindName(field)
  return isWhole ? name : [name, ...operators].join('.')
}

/** The operators a query can ask; `changed` and its kin are of rules about a change. */
function operatorsOf(field: ScopeField): Operator[] {
  return field.unready === true ? [] : field.operators.filter(isAskable)
}

function isAskable(operator: Operator): boolean {
  return operator !== 'changed' && operator !== 'changed_to'
}

function kindName({ kind, elements = 'text' }: ScopeField): string {
  const name = kind === 'list' ? `${elements}_list` : kind
  return name.replaceAll(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())
}

/** One operand: written out, or a variable. */
function term(field: ScopeField, user: UserFields, inList: boolean): JsonSchema {
  const own = [...user].filter(([, each]) => fits(each, field, inList)).map(([key]) => `$user.${key}`)
  const variables = [
    ...(isTime(field.kind) ? ['$today', '$now'] : []),
    ...(fits(USER_ID, field, inList) ? ['$user.id'] : []),
    ...own.filter(name => name !== '$user.id'),
  ]
  if (field.kind === 'choice' && field.options !== undefined)
    return { type: 'string', enum: [...new Set([...field.options, ...variables])] }
  const literals = literalsOf(field)
  return eitherOf([...literals, ...(variables.length === 0 ? [] : [{ type: 'string', enum: variables }])])
}

function literalsOf(field: ScopeField): JsonSchema[] {
  switch (field.kind) {
    case 'text':
    case 'choice':
      return [
        { type: 'string', maxLength: MAX_TEXT, pattern: '^([^$]|$)' },
        // A text that begins with a dollar is written with two.
        { type: 'string', maxLength: MAX_TEXT + 1, pattern: '^\\$\\$' },
      ]
    case 'decimal':
      return [{ type: 'string', maxLength: MAX_DIGITS + 2, pattern: DECIMAL_PATTERN.source }]
    case 'float':
      return [{ type: 'number' }]
    case 'integer':
      return [{ type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }]
    case 'boolean':
      return [{ type: 'boolean' }]
    case 'date':
      return [{ type: 'string', format: 'date', pattern: DATE }]
    case 'datetime':
      return [{ type: 'string', format: 'date-time', pattern: INSTANT }]
    case 'id':
      return [{ type: 'string', format: 'uuid', pattern: `^${UUID.source.slice(1, -1).replaceAll('a-f', 'a-fA-F')}$` }]
    case 'list':
    case 'presence':
      return []
  }
}
