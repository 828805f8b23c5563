/** Stage 3: every predicate the documents hold becomes a test: conditions, rules, unique conditions, guards, reference filters. */
import type { Entity, Predicate } from '../../../metadata/generated/types.ts'
import { parsePredicate, type Test } from '../../../metadata/predicate.ts'
import type { Problem } from '../../../metadata/problem.ts'
import { trustedScope } from '../scope.ts'
import { USER_ENTITY } from '../system-fields.ts'
import type { CompiledEntity, CompiledField, CompiledRule, CompiledStages, CompiledUnique, EntityNumbers } from '../types.ts'
import { uniqueKey } from '../numbers.ts'

/** Parses predicates of one document and keeps what was wrong with them. */
export class Predicates {
  readonly problems: Problem[] = []
  private readonly entities: ReadonlyMap<string, CompiledEntity>

  constructor(entities: ReadonlyMap<string, CompiledEntity>) {
    this.entities = entities
  }

  /** The test of a predicate about records of `entity`; null where none is given. `changes` allows changed and changed_to. */
  test(
    place: { kind: string; key: string; pointer: string },
    entityKey: string,
    predicate: Predicate | undefined,
    changes = false,
    recordOf: string | null = null,
  ): Test | null {
    const entity = this.entities.get(entityKey)
    if (predicate === undefined || entity === undefined) return null
    const user = this.entities.get(USER_ENTITY)
    const record = recordOf === null ? undefined : this.entities.get(recordOf)
    const parsed = parsePredicate(predicate, trustedScope(entity, this.entities), {
      changes,
      maxFilters: 200,
      pointer: place.pointer,
      ...(user === undefined ? {} : { user: trustedScope(user, this.entities) }),
      ...(record === undefined ? {} : { record: trustedScope(record, this.entities) }),
    })
    if (parsed.ok) return parsed.test
    this.problems.push(...parsed.problems.map(problem => ({ ...problem, document: { kind: place.kind, key: place.key } })))
    return { kind: 'false' }
  }
}

/** Field conditions of an entity: visible, required, read-only, reference filter and a rollup's filter. */
export function withFieldRules(predicates: Predicates, document: Entity, entity: CompiledEntity): Map<string, CompiledField> {
  const place = (pointer: string): { kind: string; key: string; pointer: string } => ({ kind: 'entity', key: document.key, pointer })
  const fields = new Map(entity.fields)
  for (const [index, definition] of document.fields.entries()) {
    const field = fields.get(definition.key)
    if (field === undefined) continue
    const at = `/fields/${index}`
    const rules = {
      visible: predicates.test(place(`${at}/visible_when`), entity.key, definition.visible_when),
      required: predicates.test(place(`${at}/required_when`), entity.key, definition.required_when),
      readOnly: predicates.test(place(`${at}/read_only_when`), entity.key, definition.read_only_when),
    }
    const filter =
      'filter' in definition && field.target !== null
        ? predicates.test(place(`${at}/filter`), field.target, definition.filter, false, entity.key)
        : null
    const derivation =
      field.derivation?.kind === 'rollup' && definition.type === 'rollup' && field.target !== null
        ? { ...field.derivation, where: predicates.test(place(`${at}/where`), field.target, definition.where) }
        : field.derivation
    fields.set(definition.key, { ...field, rules, referenceFilter: filter, derivation })
  }
  return fields
}

/** Unique rules with their numbers. */
export function compileUniques(predicates: Predicates, document: Entity, numbers: EntityNumbers): CompiledUnique[] {
  return (document.unique ?? []).map((rule, index) => ({
    no: numbers.rules[uniqueKey(rule)] ?? 0,
    fields: rule.fields,
    when: predicates.test({ kind: 'entity', key: document.key, pointer: `/unique/${index}/when` }, document.key, rule.when),
    message: rule.message ?? null,
  }))
}

/** Validation rules. */
export function compileRules(predicates: Predicates, document: Entity): CompiledRule[] {
  return (document.rules ?? []).map((rule, index) => {
    const place = (member: string): { kind: string; key: string; pointer: string } => ({
      kind: 'entity',
      key: document.key,
      pointer: `/rules/${index}/${member}`,
    })
    return {
      key: rule.key,
      when: predicates.test(place('when'), document.key, rule.when, true, document.key),
      check: predicates.test(place('check'), document.key, rule.check, true, document.key) ?? { kind: 'true' },
      message: rule.message,
      severity: rule.severity ?? 'error',
      field: rule.field ?? null,
    }
  })
}

/** Stages and their guarded transitions. */
export function compileStages(predicates: Predicates, document: Entity): CompiledStages[] {
  return (document.stages ?? []).map((stages, index) => {
    const at = `/stages/${index}`
    return {
      key: stages.key,
      when: predicates.test({ kind: 'entity', key: document.key, pointer: `${at}/when` }, document.key, stages.when),
      field: stages.field,
      states: stages.states,
      initial: stages.initial ?? null,
      transitions: stages.transitions.map((transition, n) => ({
        from: transition.from,
        to: transition.to,
        require: transition.require ?? [],
        check: predicates.test(
          { kind: 'entity', key: document.key, pointer: `${at}/transitions/${n}/check` },
          document.key,
          transition.check,
          true,
          document.key,
        ),
        message: transition.message ?? null,
      })),
    }
  })
}
