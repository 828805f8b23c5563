/**
 * What documents of entities ask of records: values computed from others, conditions, unique values, stages, conversions, what goes away with what.
 * Compares two models and tells which parts ask something new, and of which entities they read, change or take away records. What only names and
 * arranges is no such part. Pure; knows no caller.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Test } from '../../metadata/predicate-types.ts'
import type { CompiledEntity, CompiledField, CompiledModel } from '../model/index.ts'
import { behind, namesOf } from './test-names.ts'

/** A part of an entity's document that asks something new of records. */
export interface ChangedRule {
  /** Key of the document: as it will be, or as it was for an entity that goes away. */
  readonly entity: string
  readonly pointer: string
  /** Entities of the live model whose records are read, changed or taken away: the own one among them, where it is there already. */
  readonly concerned: readonly CompiledEntity[]
}

/** Everything that the next model asks of records and the live one did not. */
export function changedRules(before: CompiledModel, after: CompiledModel): ChangedRule[] {
  const live = (entities: readonly CompiledEntity[]): CompiledEntity[] => [
    ...new Set(entities.flatMap(entity => before.entitiesByNo.get(entity.no) ?? [])),
  ]
  const gone = [...before.entities.values()].filter(old => !after.entitiesByNo.has(old.no))
  return [
    ...gone.map(old => ({ entity: old.key, pointer: '', concerned: [old] })),
    ...[...after.entities.values()].flatMap(entity =>
      changedParts(before, after, entity).map(({ pointer, reads }) => ({
        entity: entity.key,
        pointer,
        concerned: live([entity, ...reads]),
      })),
    ),
  ]
}

interface Part {
  readonly pointer: string
  /** Entities beside the own one. */
  readonly reads: readonly CompiledEntity[]
}

function changedParts(before: CompiledModel, after: CompiledModel, entity: CompiledEntity): Part[] {
  const old = before.entitiesByNo.get(entity.no)
  const known = new Map(old === undefined ? [] : statedParts(before, old).map(part => [part.name, part.says]))
  const stated = statedParts(after, entity).filter(({ name, says }) => !isDeepStrictEqual(known.get(name) ?? null, says))
  const fields = entity.definition.fields.flatMap(({ key }, index): Part[] => {
    const [was, field] = [old?.fields.get(key), entity.fields.get(key)]
    if (field === undefined || !asksAnew(was, field)) return []
    const formerly = old === undefined || was === undefined ? [] : readByField(before, old, was)
    return [{ pointer: `/fields/${index}`, reads: [...readByField(after, entity, field), ...formerly] }]
  })
  const removed = old?.definition.fields.some(({ key }) => !entity.fields.has(key)) === true
  return [...stated, ...fields, ...(removed ? [{ pointer: '/fields', reads: [] }] : [])]
}

/** The parts beside the fields, with what each says of records; null where it says nothing. */
function statedParts(model: CompiledModel, entity: CompiledEntity): (Part & { readonly name: string; readonly says: unknown })[] {
  const { definition } = entity
  const read = (...tests: readonly (Test | null)[]): CompiledEntity[] => tests.flatMap(test => readByTest(model, entity, test))
  const part = (list: string, name: string | number, index: number, says: object | undefined, reads: CompiledEntity[]) => ({
    name: `${list}/${name}`,
    pointer: `/${list}/${index}`,
    says: withoutWords(says),
    reads,
  })
  return [
    { name: 'options', pointer: '/options', says: definition.options ?? null, reads: [] },
    ...entity.uniques.map((rule, n) => part('unique', rule.no, n, definition.unique?.[n], read(rule.when))),
    ...entity.rules.map((rule, n) => part('rules', rule.key, n, definition.rules?.[n], read(rule.when, rule.check))),
    ...entity.stages.map((stages, n) =>
      part('stages', stages.key, n, definition.stages?.[n], read(stages.when, ...stages.transitions.map(each => each.check))),
    ),
    ...(definition.conversions ?? []).map((conversion, n) =>
      part(
        'conversions',
        conversion.key,
        n,
        conversion,
        conversion.steps.flatMap(step => model.entities.get(step.entity) ?? []),
      ),
    ),
  ]
}

/** A part of a document without what is only said to people. */
function withoutWords(part: object | undefined): unknown {
  const words = new Set(['label', 'message'])
  return part === undefined ? null : JSON.parse(JSON.stringify(part, (name, value: unknown) => (words.has(name) ? undefined : value)))
}

/** Members of a field that name it, arrange it, or say what queries may do with it under the rights of whoever asks. */
const FREE: ReadonlySet<string> = new Set([
  'label',
  'help',
  'inverse_label',
  'pattern_message',
  'filterable',
  'sortable',
  'searchable',
  'heavy',
  'slot_hint',
  'options',
])

/** What of a field's declaration decides which values it has and takes; options beside it, for they may grow. */
export function meaningOf({ declared }: CompiledField): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(declared).filter(([name]) => !FREE.has(name)))
}

/** Whether a value that could be given before can not be given any more. */
export function losesOptions(was: CompiledField, field: CompiledField): boolean {
  const valuesOf = ({ declared }: CompiledField): string[] => ('options' in declared ? declared.options.map(option => option.value) : [])
  const now = new Set(valuesOf(field))
  return valuesOf(was).some(value => !now.has(value))
}

/** Members by which a field that is new already asks something; without them it is empty until somebody writes into it. */
const ASKING: readonly string[] = ['visible_when', 'required_when', 'read_only_when', 'filter', 'currency_field', 'rate_date_field']
const COMPUTED: ReadonlySet<string> = new Set(['formula', 'rollup', 'lookup', 'autonumber', 'table'])

function asksAnew(was: CompiledField | undefined, field: CompiledField): boolean {
  if (was !== undefined) return was.no !== field.no || !isDeepStrictEqual(meaningOf(was), meaningOf(field)) || losesOptions(was, field)
  const { declared } = field
  return COMPUTED.has(declared.type) || takesAway(field) || ASKING.some(name => name in declared)
}

function takesAway({ declared }: CompiledField): boolean {
  return 'on_delete' in declared && declared.on_delete === 'cascade'
}

/** Entities whose records decide or follow what a field does, beside its own. */
function readByField(model: CompiledModel, entity: CompiledEntity, field: CompiledField): CompiledEntity[] {
  const { derivation, rules, declared } = field
  const target = field.target === null ? undefined : model.entities.get(field.target)
  const looked = derivation?.kind === 'lookup' ? behind(model, entity, derivation.reference) : undefined
  const conditions = [rules.visible, rules.required, rules.readOnly].flatMap(test => readByTest(model, entity, test))
  const filtered =
    target === undefined || field.referenceFilter === null ? [] : [target, ...readByTest(model, target, field.referenceFilter, entity)]
  const counted =
    target === undefined || derivation?.kind !== 'rollup' ? [] : [target, ...readByTest(model, target, derivation.where, target)]
  const lines = target === undefined || declared.type !== 'table' ? [] : [target, ...takenWith(model, target)]
  return [
    ...conditions,
    ...filtered,
    ...counted,
    ...lines,
    ...(looked === undefined ? [] : [looked]),
    ...(takesAway(field) ? takenWith(model, entity) : []),
  ]
}

function readByTest(model: CompiledModel, entity: CompiledEntity, test: Test | null, record = entity): CompiledEntity[] {
  // That somebody is who he is tells him nothing.
  return namesOf(model, entity, test, record).flatMap(part => (part.of === 'user' && part.name === 'id' ? [] : [part.entity]))
}

/** Entities whose records go away with records of this one. */
function takenWith(model: CompiledModel, entity: CompiledEntity): CompiledEntity[] {
  const taken = new Set<CompiledEntity>()
  const follow = (from: CompiledEntity): void => {
    for (const each of from.referencedBy) {
      const next = each.onDelete === 'cascade' ? model.entities.get(each.entity) : undefined
      if (next === undefined || taken.has(next)) continue
      taken.add(next)
      follow(next)
    }
  }
  follow(entity)
  return [...taken]
}
