/**
 * Compiles effective documents to the model the road runs on. Reads as its table of contents: one stage a line, all problems at once.
 * Pure; expects documents that the language has checked, and number books in which everything has its number.
 */
import { createHash } from 'node:crypto'
import type { Entity, MetadataDocument } from '../../metadata/generated/types.ts'
import type { Problem } from '../../metadata/problem.ts'
import { inOneGo, type Steps } from '../../metadata/steps.ts'
import { numbersOf } from './numbers.ts'
import { compileFields, labelOfKey } from './stages/fields.ts'
import { computeOrder, withDerivations } from './stages/derivations.ts'
import { compileProfile } from './stages/profiles.ts'
import { compileChildOf, compileFeeds, compileReferencedBy, compileRelations } from './stages/relations.ts'
import { compileRules, compileStages, compileUniques, Predicates, withFieldRules } from './stages/rules.ts'
import type { CompiledEntity, CompiledModel, EntityNumbers, NumberBook } from './types.ts'

export type Compiled = { readonly ok: true; readonly model: CompiledModel } | { readonly ok: false; readonly problems: readonly Problem[] }

/** Documents and their numbers → a frozen model, or everything that is wrong with them. */
export function compileModel(documents: readonly MetadataDocument[], books: readonly NumberBook[]): Compiled {
  return inOneGo(compileInSteps(documents, books))
}

/** The same, a stage of an entity at a time. */
export function* compileInSteps(documents: readonly MetadataDocument[], books: readonly NumberBook[]): Steps<Compiled> {
  const problems: Problem[] = []
  const declared = new Map(documents.flatMap(document => (document.kind === 'entity' ? [[document.key, document] as const] : [])))
  const entities = yield* bareEntities(declared, books)
  const predicates = new Predicates(entities)
  for (const [key, entity] of entities) {
    entities.set(key, withPredicates(predicates, requireDocument(declared, key), entity, books))
    yield
  }
  for (const [key, entity] of entities) {
    yield
    const fields = withDerivations(entity, problems)
    const whole = { ...entity, fields }
    entities.set(key, Object.freeze({ ...whole, computeOrder: computeOrder(whole), fieldsByNo: byNumber(fields) }))
  }
  const of = <K extends MetadataDocument['kind']>(kind: K): Extract<MetadataDocument, { kind: K }>[] =>
    documents.filter((each): each is Extract<MetadataDocument, { kind: K }> => each.kind === kind)
  yield
  const profiles = new Map(of('access_profile').map(profile => [profile.key, compileProfile(predicates, profile, entities)]))
  problems.push(...predicates.problems)
  if (problems.length > 0) return { ok: false, problems }
  const model: CompiledModel = {
    fingerprint: createHash('sha256')
      .update(JSON.stringify([documents, books]))
      .digest('hex'),
    entities,
    entitiesByNo: new Map([...entities.values()].map(entity => [entity.no, entity])),
    profiles,
    roles: new Map(of('role').map(role => [role.key, role])),
    policies: new Map(of('query_policy').map(policy => [policy.entity, policy])),
    layouts: new Map(of('layout').map(layout => [layout.key, layout])),
    views: new Map(of('view').map(view => [view.key, view])),
    navigation: of('navigation'),
    importMaps: new Map(of('import_map').map(map => [map.key, map])),
  }
  return { ok: true, model: Object.freeze(model) }
}

function* bareEntities(declared: ReadonlyMap<string, Entity>, books: readonly NumberBook[]): Steps<Map<string, CompiledEntity>> {
  const numbered = new Map<string, { entity: Entity; numbers: EntityNumbers; fields: CompiledEntity['fields'] }>()
  for (const entity of declared.values()) {
    const numbers = numbersOf(books, entity.key)
    if (numbers === undefined) continue
    numbered.set(entity.key, { entity, numbers, fields: compileFields(declared, entity, numbers, key => numbersOf(books, key)) })
    yield
  }
  const relations = compileRelations(declared, new Map([...numbered].map(([key, each]) => [key, each.fields])))
  const referencedBy = compileReferencedBy(declared)
  const feeds = compileFeeds(declared)
  const children = compileChildOf(declared)
  return new Map(
    [...numbered].map(([key, { entity, numbers, fields }]) => [
      key,
      {
        no: numbers.no,
        key,
        definition: entity,
        labels: entity.label,
        pluralLabels: entity.plural_label ?? entity.label ?? labelOfKey(key),
        titleField: entity.title_field ?? entity.fields.find(field => field.type === 'text')?.key ?? 'id',
        hidden: new Set(entity.hidden_fields ?? []),
        fields,
        fieldsByNo: byNumber(fields),
        relations: relations.get(key) ?? new Map(),
        uniques: [],
        rules: [],
        stages: [],
        computeOrder: [],
        feeds: feeds.get(key) ?? [],
        referencedBy: referencedBy.get(key) ?? [],
        parentField: entity.fields.find(field => field.type === 'parent')?.key ?? null,
        childOf: children.get(key) ?? null,
      } satisfies CompiledEntity,
    ]),
  )
}

function withPredicates(predicates: Predicates, document: Entity, entity: CompiledEntity, books: readonly NumberBook[]): CompiledEntity {
  const numbers = numbersOf(books, entity.key)
  return {
    ...entity,
    fields: withFieldRules(predicates, document, entity),
    uniques: numbers === undefined ? [] : compileUniques(predicates, document, numbers),
    rules: compileRules(predicates, document),
    stages: compileStages(predicates, document),
  }
}

function byNumber(fields: CompiledEntity['fields']): CompiledEntity['fieldsByNo'] {
  return new Map([...fields.values()].flatMap(field => (field.no === null ? [] : [[field.no, field] as const])))
}

function requireDocument(declared: ReadonlyMap<string, Entity>, key: string): Entity {
  const document = declared.get(key)
  if (document === undefined) throw new Error(`No document declares the entity ${key}.`)
  return document
}
