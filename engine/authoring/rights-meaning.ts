/**
 * What rights stand on beside the profiles themselves: fields that row rules and checks compare, what these are computed from, and which values
 * are shown only with all they are made of. A model that changes it gives or takes rights without touching a profile. Pure; knows no caller.
 */
import { isDeepStrictEqual } from 'node:util'
import type { CompiledEntity, CompiledField, CompiledModel, NumberBook } from '../model/index.ts'
import { losesOptions, meaningOf } from './record-rules.ts'
import { behind, type NamedPart, namesOf } from './test-names.ts'

/** What a change does to rights. */
export type RightsEffect = 'stands_on' | 'frees' | 'discloses' | 'brings_back'

/** A field by which a change of the model changes what people see. */
export interface RightsChange {
  readonly entity: string
  readonly field: string
  readonly pointer: string
  readonly effect: RightsEffect
}

/** Everything by which the next model shows more or other records and values than profiles say. `numbers` is the live overlay's book. */
export function rightsChanges(before: CompiledModel, after: CompiledModel, numbers: NumberBook): RightsChange[] {
  return [...after.entities.values()]
    .flatMap(entity => {
      const old = before.entitiesByNo.get(entity.no)
      const effectOf = (field: CompiledField): RightsEffect | null => {
        const was = old?.fields.get(field.key)
        if (follows(was) && !follows(field)) return 'frees'
        if (discloses(field) && (was === undefined || !isDeepStrictEqual(meaningOf(was), meaningOf(field)))) return 'discloses'
        const isBack = old?.hidden.has(field.key) === true ? !entity.hidden.has(field.key) : was === undefined && wasGiven(numbers, field)
        return isBack ? 'brings_back' : null
      }
      return [...entity.fields.values()].flatMap((field): RightsChange[] => {
        const effect = field.system ? null : effectOf(field)
        return effect === null ? [] : [changeAt(entity, field.key, effect)]
      })
    })
    .concat(movedGround(before, after))
}

function changeAt(entity: CompiledEntity, field: string, effect: RightsEffect): RightsChange {
  const index = entity.definition.fields.findIndex(each => each.key === field)
  return { entity: entity.key, field, pointer: index < 0 ? '/fields' : `/fields/${index}`, effect }
}

function follows(field: CompiledField | undefined): boolean {
  return ['formula', 'rollup', 'lookup'].includes(field?.derivation?.kind ?? '')
}

function discloses(field: CompiledField): boolean {
  return field.derivation?.kind === 'rollup' && field.derivation.discloses
}

/** Whether the field comes back under a number it had: records may still hold what it was. */
function wasGiven(numbers: NumberBook, field: CompiledField): boolean {
  const kept = Object.values(numbers.entities).find(each => each.no === field.entityNo)
  return kept?.retired.some(each => String(each.no) === field.no) === true
}

/** Parts that row rules of the live model stand on and that the next one gives another meaning. */
function movedGround(before: CompiledModel, after: CompiledModel): RightsChange[] {
  return groundOf(before).flatMap(({ entity, name }): RightsChange[] => {
    const next = after.entitiesByNo.get(entity.no)
    if (next === undefined) return []
    return isSamePart(entity, next, name) ? [] : [changeAt(next, name, 'stands_on')]
  })
}

function isSamePart(old: CompiledEntity, next: CompiledEntity, name: string): boolean {
  const [was, field] = [old.fields.get(name), next.fields.get(name)]
  const way = (entity: CompiledEntity): unknown => {
    const relation = entity.relations.get(name)
    if (relation === undefined) return null
    return relation.kind === 'links' ? [relation.target, relation.relationNo] : [relation.target, relation.reference]
  }
  if (!isDeepStrictEqual(way(old), way(next))) return false
  if (was === undefined || field === undefined) return was === field
  return was.no === field.no && isDeepStrictEqual([meaningOf(was), was.tree], [meaningOf(field), field.tree]) && !losesOptions(was, field)
}

/** Fields and relations that row rules and checks of any profile go by, with all that these are computed from. */
function groundOf(model: CompiledModel): Pick<NamedPart, 'entity' | 'name'>[] {
  const ground = new Map<string, Pick<NamedPart, 'entity' | 'name'>>()
  const add = (entity: CompiledEntity, name: string): void => {
    const id = `${entity.no}/${name}`
    if (ground.has(id)) return
    ground.set(id, { entity, name })
    for (const source of sourcesOf(model, entity, name)) add(source.entity, source.name)
  }
  for (const profile of model.profiles.values())
    for (const [key, access] of profile.entities) {
      const entity = model.entities.get(key)
      const tests = entity === undefined ? [] : [...access.rows.values(), access.check]
      if (entity !== undefined) for (const test of tests) for (const part of namesOf(model, entity, test)) add(part.entity, part.name)
    }
  return [...ground.values()]
}

function sourcesOf(model: CompiledModel, entity: CompiledEntity, name: string): Pick<NamedPart, 'entity' | 'name'>[] {
  const field = entity.fields.get(name)
  const relation = entity.relations.get(name)
  const target = behind(model, entity, name)
  const child = relation?.kind === 'inverse' && target !== undefined ? [{ entity: target, name: relation.reference }] : []
  if (field?.derivation == null) return child
  const { derivation } = field
  const own = field.inputs.map(key => ({ entity, name: key }))
  if (derivation.kind === 'lookup') {
    const source = behind(model, entity, derivation.reference)
    return [...own, ...(source === undefined ? [] : [{ entity: source, name: derivation.field }])]
  }
  if (derivation.kind !== 'rollup' || target === undefined) return own
  return [
    { entity, name: derivation.relation },
    ...(derivation.field === null ? [] : [{ entity: target, name: derivation.field }]),
    ...namesOf(model, target, derivation.where),
  ]
}
