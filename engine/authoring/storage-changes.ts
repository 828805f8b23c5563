/**
 * What a new model asks of the records that are there: slots to fill, values to convert or compute, searched text to gather. Compares two compiled
 * models field by number; pure. What a field's slot holds is its SQL expression, so two equal expressions hold the same.
 */
import type { Field } from '../../metadata/generated/types.ts'
import type { CompiledEntity, CompiledField, CompiledModel, CompiledUnique, NumberBook } from '../model/index.ts'
import { slotSqlOf } from '../sql/index.ts'

/** What is to be made anew of one field, on every record of its entity. Numbers and documents only: it outlives the process that planned it. */
export interface FieldFill {
  readonly no: number
  /** The field of another type that had this key: its values are converted. */
  readonly from: { readonly no: number; readonly definition: Field } | null
  /** A value the engine computes: a formula, a rollup, a copied lookup, an autonumber, or the converted amount beside money. */
  readonly compute: boolean
  /** The default of a new field that must have a value. */
  readonly default: boolean
  readonly slot: boolean
  readonly values: boolean
  readonly search: boolean
  /** New, without any value yet: there is something to do only where its slot still holds values of a field that gave it up. */
  readonly fresh: boolean
}

/** Fields of one entity that can be filled in one pass; passes of a higher level read what lower ones write. */
export interface FillPass {
  readonly level: number
  readonly entityNo: number
  readonly fields: readonly FieldFill[]
}

/** Everything that follows for the records. */
export interface StorageChanges {
  readonly passes: readonly FillPass[]
  /** Trees that are new: their ancestors have to be written. */
  readonly trees: readonly { readonly entityNo: number; readonly fieldNo: number }[]
  /** Unique rules that are new or say something else. */
  readonly uniques: readonly { readonly entityNo: number; readonly ruleNo: number; readonly isNew: boolean }[]
}

/** Compares the live model with the next one. `numbers` is the live overlay's book: it tells a field that comes back from a new one. */
export function storageChanges(before: CompiledModel, after: CompiledModel, numbers: NumberBook): StorageChanges {
  const changed = changedValues(before, after)
  const plan: { entity: CompiledEntity; fill: FieldFill; level: number }[] = []
  for (const entity of after.entities.values()) {
    for (const field of entity.fields.values()) {
      const fill = fillOf(field, before.entitiesByNo.get(entity.no), changed, numbers)
      if (fill === null) continue
      // The converted amount is filled together with its money field.
      const base = entity.fields.get(`${field.key}_base`)
      const level =
        base?.derivation?.kind === 'base'
          ? Math.max(levelOf(after, field, changed), levelOf(after, base, changed))
          : levelOf(after, field, changed)
      plan.push({ entity, fill, level })
    }
  }
  const levels = [...new Set(plan.map(each => each.level))].sort((a, b) => a - b)
  const passes = levels.flatMap(level => {
    const here = plan.filter(each => each.level === level)
    const entities = [...new Set(here.map(each => each.entity))]
    return entities.map(entity => ({
      level,
      entityNo: entity.no,
      fields: here.filter(each => each.entity === entity).map(each => each.fill),
    }))
  })
  return { passes, trees: newTrees(before, after), uniques: newUniques(before, after) }
}

/** Values that differ under the new model, as `<entity>.<field>`: converted or computed anew, and all that is computed from them. */
function changedValues(before: CompiledModel, after: CompiledModel): ReadonlySet<string> {
  const changed = new Set<string>()
  for (const entity of after.entities.values()) {
    const old = before.entitiesByNo.get(entity.no)
    for (const field of entity.fields.values()) {
      const was = wasOf(old, field)
      if (formerOf(old, field) !== null || (isComputed(field) && (was === undefined || recipeOf(was, before) !== recipeOf(field, after))))
        changed.add(nameOf(field))
    }
  }
  for (let size = -1; size < changed.size; ) {
    size = changed.size
    for (const entity of after.entities.values()) {
      for (const field of entity.fields.values()) if (followsFrom(after, field).some(name => changed.has(name))) changed.add(nameOf(field))
    }
  }
  return changed
}

function fillOf(
  field: CompiledField,
  old: CompiledEntity | undefined,
  changed: ReadonlySet<string>,
  numbers: NumberBook,
): FieldFill | null {
  if (field.no === null || field.derivation?.kind === 'base' || field.storage.kind === 'elsewhere') return null
  const was = wasOf(old, field)
  const former = formerOf(old, field)
  const known = was !== undefined || isKept(numbers, field)
  const compute = (isComputed(field) && changed.has(nameOf(field))) || changed.has(`${nameOf(field)}_base`)
  const value = former !== null || compute
  const fill: FieldFill = {
    no: Number(field.no),
    from: former === null || former.no === null ? null : { no: Number(former.no), definition: former.definition },
    compute,
    default: !known && former === null && field.required && hasPlainDefault(field),
    slot: field.storage.kind === 'slot' && (was === undefined || value || !sameSlot(was, field)),
    values: field.storage.kind === 'values' && (was === undefined ? known || value : value || was.storage.kind !== 'values'),
    search: isSearched(field) && (was === undefined ? known || value : value || !isSearched(was)),
    fresh: !known && !value,
  }
  if (fill.default) return { ...fill, fresh: false, values: field.storage.kind === 'values', search: isSearched(field) }
  return value || fill.slot || fill.values || fill.search ? fill : null
}

/** The same field in the model before. */
function wasOf(old: CompiledEntity | undefined, field: CompiledField): CompiledField | undefined {
  return field.no === null ? undefined : old?.fieldsByNo.get(field.no)
}

/** The field of another type and number that had the key. */
function formerOf(old: CompiledEntity | undefined, field: CompiledField): CompiledField | null {
  const former = old?.fields.get(field.key)
  if (field.no === null || former === undefined || former.no === null || former.no === field.no) return null
  const stored = (each: CompiledField): boolean => each.storage.kind !== 'links' && each.storage.kind !== 'elsewhere'
  return stored(former) && stored(field) && !isComputed(field) && field.derivation?.kind !== 'base' ? former : null
}

/** Whether the number was given before: then records may hold values under it. */
function isKept(numbers: NumberBook, field: CompiledField): boolean {
  const kept = Object.values(numbers.entities).find(each => each.no === field.entityNo)
  if (kept === undefined) return false
  return [...Object.values(kept.fields), ...kept.retired].some(each => String(each.no) === field.no)
}

function isComputed(field: CompiledField): boolean {
  const { derivation } = field
  return derivation !== null && !(derivation.kind === 'lookup' && derivation.mode === 'live')
}

/** All that a computed value depends on besides the values it is made of. */
function recipeOf(field: CompiledField, model: CompiledModel): string {
  const { derivation, definition, type } = field
  const form = ['scale' in definition ? definition.scale : null, 'options' in definition ? definition.options : null]
  switch (derivation?.kind) {
    case 'formula':
      return JSON.stringify([type.type, form, derivation.expression])
    case 'rollup': {
      const relation = model.entities.get(field.entity)?.relations.get(derivation.relation)
      const way = relation?.kind === 'inverse' ? [relation.target, relation.reference] : []
      return JSON.stringify([type.type, form, way, derivation.fn, derivation.field, derivation.where])
    }
    case 'lookup': {
      const target = sourceEntity(field, model)
      const places = [
        model.entities.get(field.entity)?.fields.get(derivation.reference)?.no,
        target?.no,
        target?.fields.get(derivation.field)?.no,
      ]
      return JSON.stringify([type.type, form, derivation.mode, derivation.reference, derivation.field, places])
    }
    case 'base': {
      const money = model.entities.get(field.entity)?.fields.get(derivation.of)?.declared
      const member = (name: string): unknown => (money === undefined ? null : ((money as unknown as Record<string, unknown>)[name] ?? null))
      return JSON.stringify([form, member('currency_field'), member('currency'), member('rate_date_field')])
    }
    default:
      return ''
  }
}

/** Names of the values a computed one is made of. */
export function followsFrom(model: CompiledModel, field: CompiledField): string[] {
  const { derivation } = field
  const own = (key: string): string => `${field.entity}.${key}`
  if (derivation?.kind === 'formula') return field.inputs.map(own)
  const copied = copiedFrom(model, field)
  if (copied !== null) return [copied]
  if (derivation?.kind === 'base') {
    const money = model.entities.get(field.entity)?.fields.get(derivation.of)?.declared
    const beside = ['currency_field', 'rate_date_field'].flatMap(name => {
      const key: unknown = money === undefined ? undefined : (money as unknown as Record<string, unknown>)[name]
      return typeof key === 'string' ? [key] : []
    })
    return [derivation.of, ...beside].map(own)
  }
  if (derivation?.kind !== 'rollup') return []
  const child = model.entities.get(field.entity)?.relations.get(derivation.relation)?.target
  return derivation.inputs.flatMap(key => [`${child}.${key}`, `${child}.${key}_base`])
}

/** How many entities a value has to wait for. */
function levelOf(model: CompiledModel, field: CompiledField, changed: ReadonlySet<string>): number {
  const sources = field.derivation === null ? [] : followsFrom(model, field).filter(name => changed.has(name) && name !== nameOf(field))
  return Math.max(
    0,
    ...sources.map(name => {
      const [entity = '', key = ''] = name.split('.')
      const source = model.entities.get(entity)?.fields.get(key)
      return source === undefined ? 0 : levelOf(model, source, changed) + (entity === field.entity ? 0 : 1)
    }),
  )
}

/** The entity whose records a lookup looks at. */
function sourceEntity(field: CompiledField, model: CompiledModel): CompiledEntity | undefined {
  if (field.derivation?.kind !== 'lookup') return undefined
  const target = model.entities.get(field.entity)?.fields.get(field.derivation.reference)?.target
  return target == null ? undefined : model.entities.get(target)
}

/** What a copied value is a copy of: where that is made of something else, the copies are of something else too. */
function copiedFrom(model: CompiledModel, field: CompiledField): string | null {
  const { derivation } = field
  if (derivation?.kind !== 'lookup' || derivation.mode === 'live') return null
  const target = sourceEntity(field, model)
  return target === undefined ? null : `${target.key}.${derivation.field}`
}

function sameSlot(was: CompiledField, field: CompiledField): boolean {
  if (was.storage.kind !== 'slot' || field.storage.kind !== 'slot' || was.storage.column !== field.storage.column) return false
  return slotSqlOf(was, 'd') === slotSqlOf(withOptionsOf(was, field), 'd')
}

/** Options added behind the others leave the keys of the others as they were. */
function withOptionsOf(was: CompiledField, field: CompiledField): CompiledField {
  const { definition } = field
  if (!('options' in definition) || !('options' in was.definition)) return field
  return { ...field, definition: { ...definition, options: definition.options.slice(0, was.definition.options.length) } }
}

function isSearched(field: CompiledField): boolean {
  return field.searchable && field.type.searchText !== undefined && field.no !== null
}

/** A default that is written out; a variable would say something about the day of the publish. */
function hasPlainDefault({ declared }: CompiledField): boolean {
  return (
    'default' in declared && declared.default !== undefined && !(typeof declared.default === 'string' && declared.default.startsWith('$'))
  )
}

function newTrees(before: CompiledModel, after: CompiledModel): { entityNo: number; fieldNo: number }[] {
  return [...after.entities.values()].flatMap(entity => {
    const parent = entity.parentField === null ? undefined : entity.fields.get(entity.parentField)
    if (parent?.no == null || before.entitiesByNo.get(entity.no)?.fieldsByNo.has(parent.no) === true) return []
    return [{ entityNo: entity.no, fieldNo: Number(parent.no) }]
  })
}

function newUniques(before: CompiledModel, after: CompiledModel): { entityNo: number; ruleNo: number; isNew: boolean }[] {
  return [...after.entities.values()].flatMap(entity => {
    const old = before.entitiesByNo.get(entity.no)
    return entity.uniques.flatMap(rule => {
      const was = old?.uniques.find(each => each.no === rule.no)
      if (old !== undefined && was !== undefined && uniqueMark(old, was) === uniqueMark(entity, rule)) return []
      return [{ entityNo: entity.no, ruleNo: rule.no, isNew: was === undefined }]
    })
  })
}

function uniqueMark(entity: CompiledEntity, rule: CompiledUnique): string {
  return JSON.stringify([rule.fields.map(key => [entity.fields.get(key)?.no, entity.fields.get(key)?.type.type]), rule.when])
}

/** A field among those of all entities: `<entity>.<field>`. */
export function nameOf(field: CompiledField): string {
  return `${field.entity}.${field.key}`
}
