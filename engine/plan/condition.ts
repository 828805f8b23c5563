/**
 * Turns a test into a condition on rows, with every grant applied: the one place where names of a caller meet rows he may not see.
 * Row rules of the model go through the same code with the trusted lens. Pure; no SQL.
 */
import { type Atom, holdsOnNothing, holdsOnNull, negate, resolveOperand, type Test } from '../../metadata/predicate.ts'
import type { Grant, Rows } from '../access/types.ts'
import type { CompiledEntity, CompiledField, CompiledModel, CompiledRelation } from '../model/types.ts'
import type { Binding } from './environment.ts'
import type { BoundOperand, Condition, Seen } from './types.ts'

/** Through whose eyes a test is read: a caller's grant, or the model's own (null). */
export interface View {
  readonly model: CompiledModel
  readonly binding: Binding
  readonly entity: CompiledEntity
  readonly grant: Grant | null
}

const TRUE: Condition = { kind: 'true' }
const FALSE: Condition = { kind: 'false' }

/** The rows of an entity that exist for the viewer. */
export function seenRows(view: View): Seen {
  return { entity: view.entity, where: view.grant === null ? TRUE : rowsCondition(view, view.grant.rows) }
}

/** Row rules speak with the model's own eyes, whoever asks. */
export function rowsCondition(view: View, rows: Rows): Condition {
  return rows.kind === 'all' ? TRUE : conditionOf({ ...view, grant: null }, rows.test)
}

/** The condition under which a field's plain value may be looked at; null where that is every row the viewer sees. */
export function fieldCondition(view: View, field: CompiledField): Condition | null {
  const granted = view.grant?.fields.get(field.key)
  if (view.grant === null || granted === undefined || granted.everywhere || granted.read === null) return null
  return rowsCondition(view, granted.read)
}

/** What the viewer sees of the record behind a to-one reference. */
export function behind(view: View, reference: CompiledField): View {
  const entity = reference.target === null ? undefined : view.model.entities.get(reference.target)
  if (entity === undefined) throw new Error(`${reference.entity}.${reference.key} leads nowhere.`)
  return { ...view, entity, grant: view.grant === null ? null : requireGrant(view.grant, entity.key) }
}

/** Conjunction with constants folded away. */
export function all(parts: readonly (Condition | null)[]): Condition {
  const rest = parts
    .filter(part => part !== null)
    .filter(part => part.kind !== 'true')
    .flatMap(part => (part.kind === 'all' ? part.of : [part]))
  if (rest.some(part => part.kind === 'false')) return FALSE
  return rest.length === 0 ? TRUE : rest.length === 1 ? (rest[0] ?? TRUE) : { kind: 'all', of: rest }
}

/** Disjunction with constants folded away. */
export function any(parts: readonly Condition[]): Condition {
  const rest = parts.filter(part => part.kind !== 'false').flatMap(part => (part.kind === 'any' ? part.of : [part]))
  if (rest.some(part => part.kind === 'true')) return TRUE
  return rest.length === 0 ? FALSE : rest.length === 1 ? (rest[0] ?? FALSE) : { kind: 'any', of: rest }
}

/** Binds a test to rows of the view's entity. */
export function conditionOf(view: View, test: Test): Condition {
  switch (test.kind) {
    case 'true':
      return TRUE
    case 'false':
      return FALSE
    case 'all':
      return all(test.of.map(each => conditionOf(view, each)))
    case 'any':
      return any(test.of.map(each => conditionOf(view, each)))
    case 'one':
      return oneCondition(view, requireField(view.entity, test.relation), test.test)
    case 'many':
      return manyCondition(view, test)
    case 'atom':
      return atomCondition(view, test)
  }
}

function oneCondition(view: View, reference: CompiledField, test: Test): Condition {
  const target = behind(view, reference)
  const node: Condition = { kind: 'one', reference, seen: seenRows(target), of: conditionOf(target, test), onNull: holdsOnNothing(test) }
  return all([fieldCondition(view, reference), node])
}

function manyCondition(view: View, test: Extract<Test, { kind: 'many' }>): Condition {
  const relation = view.entity.relations.get(test.relation)
  const entity = relation === undefined ? undefined : view.model.entities.get(relation.target)
  if (relation === undefined || entity === undefined) throw new Error(`${view.entity.key} has no relation ${test.relation}.`)
  const target: View = { ...view, entity, grant: view.grant === null ? null : requireGrant(view.grant, entity.key) }
  const { own, joined } = relationConditions(view, target, relation)
  const of = conditionOf(target, test.quantifier === 'every' ? negate(test.test) : test.test)
  return all([own, { kind: 'many', relation, seen: seenRows(target), of: all([joined, of]), negated: test.quantifier !== 'some' }])
}

/** Where a relation may be followed: rows of the viewer's entity on which he reads the field it stands in, rows of the target on which he reads the field that leads back. */
export function relationConditions(
  view: View,
  target: View,
  relation: CompiledRelation,
): { readonly own: Condition | null; readonly joined: Condition | null } {
  if (relation.kind === 'links') {
    return relation.reverse
      ? { own: null, joined: fieldCondition(target, requireField(target.entity, relation.field)) }
      : { own: fieldCondition(view, requireField(view.entity, relation.field)), joined: null }
  }
  return {
    own: relation.table ? fieldCondition(view, requireField(view.entity, relation.key)) : null,
    joined: fieldCondition(target, requireField(target.entity, relation.reference)),
  }
}

function atomCondition(view: View, atom: Atom): Condition {
  const field = requireField(view.entity, atom.field)
  if (field.derivation?.kind === 'lookup' && field.derivation.mode === 'live') {
    const reference = requireField(view.entity, field.derivation.reference)
    return all([fieldCondition(view, field), oneCondition(view, reference, { ...atom, field: field.derivation.field })])
  }
  const operand = bindOperand(view, atom)
  const seen = (field.kind === 'id' && field.target !== null) || field.storage.kind === 'links' ? referenceSeen(view, field) : null
  // Where nothing of the target is to be seen, the reference reads as null on every row.
  const compared: Condition =
    seen?.where.kind === 'false'
      ? { kind: holdsOnNull(atom) ? 'true' : 'false' }
      : { kind: 'compare', field, operator: atom.operator, operand, negated: atom.negated === true, seen }
  return all([fieldCondition(view, field), compared])
}

/** The rows of a reference's target that exist for the viewer; null where all do. */
export function referenceSeen(view: View, field: CompiledField): Seen | null {
  if (view.grant === null || field.target === null) return null
  const target = view.grant.over(field.target)
  const entity = view.model.entities.get(field.target)
  if (entity === undefined) return null
  if (target === null) return { entity, where: FALSE }
  const seen = seenRows({ ...view, entity, grant: target })
  return seen.where.kind === 'true' ? null : seen
}

function bindOperand(view: View, atom: Atom): BoundOperand {
  if (atom.operator !== 'within' || atom.operand.shape !== 'one') return resolveOperand(atom, view.binding.env)
  // A variable may stand for several nodes.
  const roots = resolveOperand({ ...atom, operator: 'in', operand: { shape: 'many', terms: [atom.operand.term] } }, view.binding.env)
  if (atom.of.tree !== 'org_unit' || roots.shape !== 'many') return roots
  return { shape: 'ids', ids: [...new Set(roots.values.flatMap(root => view.binding.within(String(root))))] }
}

export function requireField(entity: CompiledEntity, key: string): CompiledField {
  const field = entity.fields.get(key)
  if (field === undefined) throw new Error(`${entity.key} has no field ${key}.`)
  return field
}

function requireGrant(grant: Grant, entityKey: string): Grant {
  const target = grant.over(entityKey)
  if (target === null) throw new Error(`No grant over ${entityKey}.`)
  return target
}
