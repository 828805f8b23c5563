/**
 * Stage 1: every field gets its number, its type's behaviour and its storage; money gets its base amount beside it.
 * Knows documents and number books; predicates and relations come in later stages.
 */
import type { Entity, Field, Labels } from '../../../metadata/generated/types.ts'
import { operatorsOf } from '../../../metadata/operators.ts'
import { fieldTypeOf } from '../../field-types/index.ts'
import { SYSTEM_FIELDS } from '../system-fields.ts'
import { childOf, targetOf, typedFieldOf } from '../typed-field.ts'
import type { CompiledField, Derivation, EntityNumbers, Storage } from '../types.ts'

const NO_RULES = { visible: null, required: null, readOnly: null } as const

/** The compiled fields of one entity, system fields last but `id` first, without predicates and derivations' inputs. */
export function compileFields(
  entities: ReadonlyMap<string, Entity>,
  entity: Entity,
  numbers: EntityNumbers,
  numbersOfEntity: (key: string) => EntityNumbers | undefined,
): Map<string, CompiledField> {
  const fields = new Map<string, CompiledField>()
  const [idField, versionField, ...others] = SYSTEM_FIELDS.map(each =>
    systemField(entity, numbers.no, each, each.target === null ? null : treeOf(entities.get(each.target), numbersOfEntity)),
  )
  for (const field of [idField, versionField]) if (field !== undefined) fields.set(field.key, field)
  for (const definition of entity.fields) {
    const field = declaredField(entities, entity, definition, numbers, numbersOfEntity)
    if (field === null) continue
    fields.set(field.key, field)
    if (hasBase(definition)) {
      const base = baseField(field)
      fields.set(base.key, base)
    }
  }
  for (const field of others) fields.set(field.key, field)
  return fields
}

/** Whether a field keeps a converted amount beside it: money that has a currency of its own to convert from. */
export function hasBase(definition: Field): boolean {
  return definition.type === 'money' || (definition.type === 'formula' && definition.result === 'money')
}

/** The key of the converted amount. */
export function baseKey(key: string): string {
  return `${key}_base`
}

function declaredField(
  entities: ReadonlyMap<string, Entity>,
  entity: Entity,
  definition: Field,
  numbers: EntityNumbers,
  numbersOfEntity: (key: string) => EntityNumbers | undefined,
): CompiledField | null {
  const typed = typedFieldOf(entities, entity, definition)
  const number = numbers.fields[definition.key]
  if (typed === null || number === undefined) return null
  const target =
    definition.type === 'rollup' ? (childOf(entities, entity, definition.relation)?.entity ?? null) : targetOf(entity, definition.key)
  const kind = typed.type.kindOf(typed.definition)
  const tree = target === null ? null : treeOf(entities.get(target), numbersOfEntity)
  return {
    no: String(number.no),
    key: definition.key,
    entity: entity.key,
    entityNo: numbers.no,
    system: false,
    definition: typed.definition === definition ? definition : typed.definition,
    declared: definition,
    type: typed.type,
    kind,
    operators: operatorsOf({ kind }, tree !== null),
    labels: definition.label ?? labelOfKey(definition.key),
    storage: storageOf(definition, number.slot, numbers, typed.type.elements !== undefined),
    derivation: derivationOf(definition),
    inputs: [],
    required: definition.required === true,
    readOnly: definition.read_only === true,
    searchable: definition.searchable === true,
    heavy: definition.heavy ?? typed.type.heavy === true,
    target,
    tree,
    rules: NO_RULES,
    referenceFilter: null,
  }
}

function storageOf(definition: Field, slot: string | null, numbers: EntityNumbers, many: boolean): Storage {
  if (definition.type === 'table' || (definition.type === 'lookup' && definition.mode === 'live')) return { kind: 'elsewhere' }
  if (definition.type === 'multi_reference') return { kind: 'links', relationNo: numbers.relations[definition.key] ?? 0 }
  if (slot !== null) return { kind: 'slot', slot: slotFamily(slot), column: slot }
  return many && definition.filterable === true ? { kind: 'values' } : { kind: 'data' }
}

function slotFamily(slot: string): 't' | 'i' | 'n' | 'd' | 'r' {
  const family = slot[0]
  if (family === 't' || family === 'i' || family === 'n' || family === 'd' || family === 'r') return family
  throw new Error(`There is no slot ${slot}.`)
}

function derivationOf(definition: Field): Derivation | null {
  switch (definition.type) {
    case 'formula':
      return { kind: 'formula', exact: null, fenced: null, expression: definition.expression }
    case 'rollup':
      return {
        kind: 'rollup',
        relation: definition.relation,
        fn: definition.function,
        field: definition.field ?? null,
        where: null,
        discloses: definition.discloses_hidden_rows === true,
        inputs: [],
      }
    case 'lookup':
      return {
        kind: 'lookup',
        reference: definition.reference,
        field: definition.field,
        mode: definition.mode,
        overridable: definition.overridable === true,
      }
    case 'autonumber':
      return { kind: 'autonumber' }
    default:
      return null
  }
}

function systemField(
  entity: Entity,
  entityNo: number,
  declared: (typeof SYSTEM_FIELDS)[number],
  tree: CompiledField['tree'],
): CompiledField {
  const { key: column, definition, target } = declared
  const type = fieldTypeOf(definition.type)
  const kind = column === 'id' ? 'id' : type.kindOf(definition)
  return {
    no: null,
    key: column,
    entity: entity.key,
    entityNo,
    system: true,
    definition,
    declared: definition,
    type,
    kind,
    operators: operatorsOf({ kind }, tree !== null),
    labels: definition.label ?? labelOfKey(column),
    storage: { kind: 'system', column },
    derivation: null,
    inputs: [],
    required: false,
    readOnly: true,
    searchable: false,
    heavy: false,
    target,
    tree,
    rules: NO_RULES,
    referenceFilter: null,
  }
}

/** The amount in the tenant's currency: compared through the money field's own slot. */
function baseField(money: CompiledField): CompiledField {
  const key = baseKey(money.key)
  const scale = 'scale' in money.definition ? (money.definition.scale ?? 2) : 2
  const definition: Field = {
    key,
    type: 'decimal',
    scale,
    label: Object.fromEntries(
      Object.entries(money.labels).map(([locale, text]) => [locale, `${text} ${BASE_WORDS[locale] ?? BASE_WORDS['en']}`]),
    ),
  }
  return {
    ...money,
    no: `${money.no}b`,
    key,
    definition,
    declared: definition,
    type: fieldTypeOf('decimal'),
    kind: 'decimal',
    labels: definition.label ?? {},
    derivation: { kind: 'base', of: money.key },
    inputs: [money.key],
    required: false,
    readOnly: true,
    searchable: false,
  }
}

const BASE_WORDS: Readonly<Record<string, string>> = {
  en: '(base currency)',
  ru: '(базовая валюта)',
  uk: '(базова валюта)',
  es: '(moneda base)',
}

function treeOf(target: Entity | undefined, numbersOfEntity: (key: string) => EntityNumbers | undefined): CompiledField['tree'] {
  const parent = target?.fields.find(field => field.type === 'parent')
  const numbers = target === undefined ? undefined : numbersOfEntity(target.key)
  const parentNo = parent === undefined ? undefined : numbers?.fields[parent.key]?.no
  return numbers === undefined || parentNo === undefined ? null : { entityNo: numbers.no, parentNo }
}

/** A readable name for what was given none: `close_date` → "Close date". */
export function labelOfKey(key: string): Labels {
  const words = key.replaceAll('_', ' ')
  return { en: words.charAt(0).toUpperCase() + words.slice(1) }
}
