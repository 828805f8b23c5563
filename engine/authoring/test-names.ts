/** The names a test goes by, with the entity each stands on: fields it compares, relations it follows, members of the caller it reads. Pure. */
import type { Atom, Operand, Term, Test } from '../../metadata/predicate-types.ts'
import { type CompiledEntity, type CompiledModel, USER_ENTITY } from '../model/index.ts'

/** A field or relation on the entity it belongs to. */
export interface NamedPart {
  readonly entity: CompiledEntity
  readonly name: string
  /** Whose part it is: of a record, or of the caller's own. */
  readonly of: 'record' | 'user'
}

/** Every part of the model that the test about records of an entity looks at; `record` is what `$record` stands for. */
export function namesOf(model: CompiledModel, entity: CompiledEntity, test: Test | null, record: CompiledEntity = entity): NamedPart[] {
  switch (test?.kind) {
    case 'all':
    case 'any':
      return test.of.flatMap(each => namesOf(model, entity, each, record))
    case 'one':
    case 'many': {
      const target = behind(model, entity, test.relation)
      return [{ entity, name: test.relation, of: 'record' }, ...(target === undefined ? [] : namesOf(model, target, test.test, record))]
    }
    case 'atom':
      return [{ entity, name: test.field, of: 'record' }, ...comparedWith(model, test, record), ...treeOf(model, entity, test)]
    default:
      return []
  }
}

function comparedWith(model: CompiledModel, { operand }: Atom, record: CompiledEntity): NamedPart[] {
  const user = model.entities.get(USER_ENTITY)
  return termsOf(operand).flatMap((term): NamedPart[] => {
    if (term.source === 'record') return [{ entity: record, name: term.field, of: 'record' }]
    return term.source === 'user' && user !== undefined ? [{ entity: user, name: term.field, of: 'user' }] : []
  })
}

/** The reference to the parent record by which `within` walks. */
function treeOf(model: CompiledModel, entity: CompiledEntity, { operator, field }: Atom): NamedPart[] {
  const tree = operator === 'within' ? behind(model, entity, field) : undefined
  return tree?.parentField == null ? [] : [{ entity: tree, name: tree.parentField, of: 'record' }]
}

/** The entity that a reference or relation leads to. */
export function behind(model: CompiledModel, entity: CompiledEntity, name: string): CompiledEntity | undefined {
  const target = entity.relations.get(name)?.target ?? entity.fields.get(name)?.target
  return target == null ? undefined : model.entities.get(target)
}

function termsOf(operand: Operand): readonly Term[] {
  switch (operand.shape) {
    case 'one':
      return [operand.term]
    case 'range':
      return [operand.low, operand.high]
    case 'many':
      return operand.terms
    default:
      return []
  }
}
