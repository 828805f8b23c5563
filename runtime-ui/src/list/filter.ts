/**
 * A filter as a person builds it — conditions in groups — and its translation to a predicate and back. What the builder
 * can't show (negated groups, related rows) survives the round trip untouched. Pure.
 */
import type { Predicate } from '../../../metadata/generated/types.ts'
import { isOperator, type Operator } from '../../../metadata/operators.ts'
import { entityOf, fieldOf, isToOne, type Model, type ModelEntity, type ModelField } from '../api/model.ts'

/** One comparison. `operand` is undefined while the person has not given one. */
export interface Condition {
  readonly kind: 'condition'
  readonly id: string
  readonly path: string
  readonly operator: Operator
  readonly operand: unknown
}

/** Conditions and groups that hold together, all or any. */
export interface Group {
  readonly kind: 'group'
  readonly id: string
  readonly join: 'and' | 'or'
  readonly of: readonly FilterNode[]
}

/** A part of a predicate that the builder does not take apart. */
export interface Sealed {
  readonly kind: 'sealed'
  readonly id: string
  readonly predicate: Predicate
}

/** One line of the builder. */
export type FilterNode = Condition | Group | Sealed

/** A field that may be filtered, with its path and how it is called. */
export interface FilterField {
  readonly path: string
  readonly label: string
  readonly field: ModelField
}

/** Every field this caller may filter by: what records are called by first, the system's own after the entity's, then those of referenced records. */
export function filterFields(model: Model, entity: ModelEntity): FilterField[] {
  const rank = (field: ModelField): number => (field.key === entity.title_field ? 0 : field.system ? 2 : 1)
  const own = entity.fields
    .filter(isFilterable)
    .toSorted((one, other) => rank(one) - rank(other))
    .map(field => ({ path: field.key, label: field.label, field }))
  const behind = entity.fields
    .filter(isToOne)
    .flatMap(reference =>
      (entityOf(model, reference.target)?.fields ?? [])
        .filter(field => isFilterable(field) && !field.system)
        .map(field => ({ path: `${reference.key}.${field.key}`, label: `${reference.label} · ${field.label}`, field })),
    )
  return [...own, ...behind]
}

/** Fields that say nothing to a person. A condition on them in an address still holds. */
const INTERNAL = new Set(['id', 'version'])

function isFilterable(field: ModelField): boolean {
  return (
    field.right !== 'mask' && !INTERNAL.has(field.key) && field.filter.some(operator => operator !== 'changed' && operator !== 'changed_to')
  )
}

/** An empty filter. */
export function emptyGroup(join: 'and' | 'or' = 'and'): Group {
  return { kind: 'group', id: newId(), join, of: [] }
}

/** A condition on a field, not yet complete. */
export function newCondition(field: FilterField): Condition {
  const operator = preferredOperator(field.field)
  return { kind: 'condition', id: newId(), path: field.path, operator, operand: operator === 'is_null' ? true : undefined }
}

function preferredOperator(field: ModelField): Operator {
  const order: readonly Operator[] =
    field.kind === 'text'
      ? ['contains', 'starts_with', 'eq']
      : field.kind === 'choice' || field.kind === 'id'
        ? ['in', 'eq']
        : ['has_any', 'between', 'eq']
  return order.find(operator => field.filter.includes(operator)) ?? field.filter[0] ?? 'eq'
}

/** True where a condition says all it needs to be asked. */
export function isComplete(condition: Condition): boolean {
  const { operand, operator } = condition
  if (operator === 'between') return Array.isArray(operand) && operand.length === 2 && operand.every(isGiven)
  if (Array.isArray(operand)) return operand.length > 0
  return isGiven(operand)
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** How many complete conditions a filter has. */
export function countConditions(node: FilterNode): number {
  if (node.kind === 'group') return node.of.reduce((sum, part) => sum + countConditions(part), 0)
  return node.kind === 'sealed' || isComplete(node) ? 1 : 0
}

/** The predicate of a filter; incomplete conditions are left out. Undefined where nothing is left. */
export function toPredicate(node: FilterNode): Predicate | undefined {
  if (node.kind === 'sealed') return node.predicate
  if (node.kind === 'condition') return isComplete(node) ? conditionPredicate(node) : undefined
  const parts = node.of.map(toPredicate).filter(part => part !== undefined)
  if (parts.length <= 1) return parts[0]
  if (node.join === 'or') return { or: parts }
  const keys = parts.flatMap(Object.keys)
  return new Set(keys).size === keys.length ? Object.assign({}, ...parts) : { and: parts }
}

function conditionPredicate(condition: Condition): Predicate {
  const steps = condition.path.split('.')
  return steps.reduceRight<Predicate>((inner, step) => ({ [step]: inner }), {
    [condition.operator]: escaped(condition.operand),
  } as Predicate)
}

/** A literal that starts with $ is written $$, or it would be read as a variable. */
function escaped(operand: unknown): unknown {
  if (Array.isArray(operand)) return operand.map(escaped)
  return typeof operand === 'string' && operand.startsWith('$') ? `$${operand}` : operand
}

/** The filter of a predicate. */
export function fromPredicate(model: Model, entity: ModelEntity, predicate: Predicate | undefined): Group {
  const nodes = predicate === undefined ? [] : nodesOf(model, entity, predicate, [])
  const only = nodes[0]
  if (nodes.length === 1 && only?.kind === 'group') return only
  return { kind: 'group', id: newId(), join: 'and', of: nodes }
}

function nodesOf(model: Model, entity: ModelEntity, predicate: Predicate, prefix: readonly string[]): FilterNode[] {
  return Object.entries(predicate).flatMap(([key, value]): FilterNode[] => {
    if ((key === 'and' || key === 'or') && Array.isArray(value)) {
      return [groupOf(model, entity, key, value as Predicate[], prefix)]
    }
    const field = fieldOf(entity, key)
    if (key === 'not' || !field || typeof value !== 'object' || Array.isArray(value)) return [seal(prefix, key, value)]
    return Object.entries(value).flatMap(([name, operand]): FilterNode[] => {
      if (isOperator(name)) return [conditionOf(prefix, key, name, operand)]
      const target = isToOne(field) ? entityOf(model, field.target) : undefined
      const nested = { [name]: operand } as Predicate
      return target ? nodesOf(model, target, nested, [...prefix, key]) : [seal(prefix, key, nested)]
    })
  })
}

function conditionOf(prefix: readonly string[], key: string, operator: Operator, operand: unknown): FilterNode {
  const operands = Array.isArray(operand) ? operand : [operand]
  // A variable such as $user.id means another value for everyone; the builder has no input for it.
  if (operands.some(isVariable)) return seal(prefix, key, { [operator]: operand })
  return { kind: 'condition', id: newId(), path: [...prefix, key].join('.'), operator, operand: unescaped(operand) }
}

function isVariable(operand: unknown): boolean {
  return typeof operand === 'string' && operand.startsWith('$') && !operand.startsWith('$$')
}

function unescaped(operand: unknown): unknown {
  if (Array.isArray(operand)) return operand.map(unescaped)
  return typeof operand === 'string' && operand.startsWith('$$') ? operand.slice(1) : operand
}

function groupOf(
  model: Model,
  entity: ModelEntity,
  join: 'and' | 'or',
  parts: readonly Predicate[],
  prefix: readonly string[],
): FilterNode {
  const of = parts.map((part): FilterNode => {
    const nodes = nodesOf(model, entity, part, prefix)
    return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'group', id: newId(), join: 'and', of: nodes }
  })
  return { kind: 'group', id: newId(), join, of }
}

function seal(prefix: readonly string[], key: string, value: unknown): Sealed {
  const predicate = prefix.reduceRight<Predicate>((inner, step) => ({ [step]: inner }), { [key]: value } as Predicate)
  return { kind: 'sealed', id: newId(), predicate }
}

/** A filter with one of its nodes replaced, or taken out by null. */
export function replaceNode(group: Group, id: string, next: FilterNode | null): Group {
  return {
    ...group,
    of: group.of.flatMap((node): FilterNode[] => {
      if (node.id === id) return next === null ? [] : [next]
      return [node.kind === 'group' ? replaceNode(node, id, next) : node]
    }),
  }
}

/** The condition with another operator; the operand stays where it still means something. */
export function withOperator(condition: Condition, operator: Operator): Condition {
  const before = shapeOf(condition.operator)
  const after = shapeOf(operator)
  if (before === after) return { ...condition, operator }
  if (after === 'flag') return { ...condition, operator, operand: true }
  if (before === 'one' && after === 'many')
    return { ...condition, operator, operand: isGiven(condition.operand) ? [condition.operand] : undefined }
  if (before === 'many' && after === 'one') {
    return { ...condition, operator, operand: Array.isArray(condition.operand) ? condition.operand[0] : undefined }
  }
  return { ...condition, operator, operand: undefined }
}

/** What kind of operand an operator asks for. */
export function shapeOf(operator: Operator): 'one' | 'many' | 'range' | 'flag' | 'duration' | 'period' {
  if (operator === 'between') return 'range'
  if (operator === 'is_null' || operator === 'changed') return 'flag'
  if (operator === 'in_last' || operator === 'in_next') return 'duration'
  if (operator === 'in_period') return 'period'
  if (['in', 'not_in', 'has_any', 'has_all', 'has_none'].includes(operator)) return 'many'
  return 'one'
}

let count = 0

/** Ids only tell lines of one builder apart; a counter keeps them stable in tests. */
function newId(): string {
  count += 1
  return `f${count}`
}
