/**
 * Describes the records of one entity to programs: as a caller is answered them, as he creates and as he changes them.
 * Pure; what he may see and set is told by his grant. Descriptions are narrower than the engine where it is lenient (spaces, zeros), never wider.
 */
import type { FieldGrant, Grant } from '../access/types.ts'
import type { JsonSchema } from '../field-types/index.ts'
import type { CompiledField } from '../model/types.ts'
import { createdValue, orNull, patchedValue, shownValue } from './describe-value.ts'
import { isReadable } from './model.ts'
import { speak, speakIfSaid } from './speak.ts'
import type { CallerNames } from './types.ts'

/** Where one component refers to another. */
export const COMPONENTS = '#/components/schemas/'
/** An id, as answers spell it. */
export const ID: JsonSchema = { type: 'string', format: 'uuid' }
/** A version, as `if-match` names it. */
export const VERSION: JsonSchema = { type: 'integer', minimum: 1, maximum: 2_147_483_647 }
/** A reference to a component. */
export const refTo = (name: string): JsonSchema => ({ $ref: `${COMPONENTS}${name}` })

/** One of several; a single one is itself, for a choice of one is none. */
export const anyOf = (choices: readonly JsonSchema[]): JsonSchema => (choices.length === 1 ? { ...choices[0] } : { anyOf: choices })

/** Lines one write may create, change and delete together. */
const MOST_LINES = 500

/** A record as it is answered where nothing was selected. */
export function recordSchema(names: CallerNames, grant: Grant): JsonSchema {
  const shown = [...grant.fields.values()].filter(({ field }) => isUsual(field))
  return {
    type: 'object',
    description: speak(grant.entity.labels, names.locale, grant.entity.key),
    properties: propertiesOf(shown, granted => shownProperty(names, granted, null)),
    required: shown.filter(granted => granted.everywhere && !isThrough(granted.field)).map(({ field }) => field.key),
    additionalProperties: false,
  }
}

/** A record as it is answered under a `select`: of what can be read, what was named; references as records where the selection goes on behind them. */
export function selectedSchema(names: CallerNames, grant: Grant): JsonSchema {
  const fields = [...grant.fields.values()].filter(
    ({ field }) => field.type.type !== 'table' || names.relation(grant, field.key) !== undefined,
  )
  const relations = [...grant.entity.relations.keys()].flatMap(key => {
    const found = names.relation(grant, key)
    if (found === undefined || grant.fields.has(key)) return []
    return [[key, { title: speak(found.relation.labels, names.locale, key), ...listOf(found.target) }] as const]
  })
  return {
    type: 'object',
    description: speak(grant.entity.labels, names.locale, grant.entity.key),
    properties: { ...propertiesOf(fields, granted => shownProperty(names, granted, grant)), ...Object.fromEntries(relations) },
    required: ['id'],
    additionalProperties: false,
  }
}

/** A new record: what the caller can set, and of that what he has to. */
export function createSchema(names: CallerNames, grant: Grant): JsonSchema {
  const fields = settable(names, grant, 'create')
  return {
    type: 'object',
    description: speak(grant.entity.labels, names.locale, grant.entity.key),
    properties: propertiesOf(fields, ({ field }) => createdProperty(names, grant, field)),
    required: fields.filter(({ field }) => isNeeded(grant, field)).map(({ field }) => field.key),
    additionalProperties: false,
  }
}

/** A merge-patch (RFC 7396) of a record: what the caller can change. */
export function patchSchema(names: CallerNames, grant: Grant): JsonSchema {
  return {
    type: 'object',
    description: speak(grant.entity.labels, names.locale, grant.entity.key),
    properties: propertiesOf(settable(names, grant, 'update'), ({ field }) => patchedProperty(names, grant, field)),
    additionalProperties: false,
  }
}

/** What is answered where nothing is selected: neither large values nor those that cost a look elsewhere. */
function isUsual(field: CompiledField): boolean {
  const elsewhere = field.storage.kind === 'elsewhere' && field.derivation === null
  return !field.heavy && field.derivation?.kind !== 'base' && field.key !== 'deleted_at' && !elsewhere
}

/** A live lookup is there on rows whose reference the caller may read, whatever he may read behind it. */
function isThrough({ derivation }: CompiledField): boolean {
  return derivation?.kind === 'lookup' && derivation.mode === 'live'
}

function propertiesOf(fields: readonly FieldGrant[], describe: (granted: FieldGrant) => JsonSchema): JsonSchema {
  return Object.fromEntries(fields.map(granted => [granted.field.key, describe(granted)]))
}

function listOf(target: Grant): JsonSchema {
  return { type: 'array', items: refTo(`${target.entity.key}.selected`) }
}

/** A property as answers show it; with `grant`, a reference may have been followed. */
function shownProperty(names: CallerNames, granted: FieldGrant, grant: Grant | null): JsonSchema {
  const { field, mask } = granted
  const words = wordsOf(names, field)
  if (field.key === 'id') return { ...words, ...ID }
  if (field.key === 'version') return { ...words, ...VERSION }
  if (!isReadable(granted)) return { ...words, type: ['string', 'null'], 'x-mask': mask?.mask }
  const plain = plainValue(names, field, grant)
  const target = grant === null || field.kind !== 'id' || field.target === null ? null : grant.over(field.target)
  const values = [
    plain,
    ...(target === null ? [] : [refTo(`${target.entity.key}.selected`)]),
    ...(mask === null ? [] : [{ type: 'string', 'x-mask': mask.mask }]),
  ]
  return { ...words, ...orNull(values.length === 1 ? plain : { anyOf: values }) }
}

function plainValue(names: CallerNames, field: CompiledField, grant: Grant | null): JsonSchema {
  const lines = field.type.type === 'table' && grant !== null ? names.relation(grant, field.key)?.target : undefined
  if (lines !== undefined) return { type: 'array', items: { anyOf: [ID, refTo(`${lines.entity.key}.selected`)] } }
  const { title: _title, description: _description, ...value } = shownValue(field, names.locale)
  return value
}

/** Title and help of a field, and the entity whose ids it holds. */
function wordsOf(names: CallerNames, field: CompiledField): JsonSchema {
  const help = speakIfSaid(field.declared.help, names.locale)
  const leads = field.target !== null && field.type.type !== 'table' && field.derivation?.kind !== 'rollup'
  const target = leads && field.target !== null && names.grant(field.target) !== null ? field.target : null
  return {
    title: speak(field.labels, names.locale, field.key),
    ...(help === null ? {} : { description: help }),
    ...(target === null ? {} : { 'x-target': target }),
  }
}

/** Whether a right lets a value be set. */
function canSet({ strongest, field }: FieldGrant, mode: 'create' | 'update'): boolean {
  if (field.type.computed === true || field.derivation?.kind === 'base') return false
  return strongest === 'write' || (strongest === 'create' && mode === 'create')
}

/** What the caller can set of records themselves; tables where he may do anything with their lines. */
function settable(names: CallerNames, grant: Grant, mode: 'create' | 'update'): FieldGrant[] {
  return [...grant.fields.values()].filter(granted => {
    if (!canSet(granted, mode)) return false
    if (granted.field.type.type !== 'table') return true
    const lines = names.relation(grant, granted.field.key)?.target
    return (
      lines !== undefined &&
      (['create', 'update', 'delete'] as const).some(op => (mode === 'update' || op === 'create') && lines.operations.has(op))
    )
  })
}

/** What a new record can not do without: nothing else fills it in, and it applies to every record. */
function isNeeded(grant: Grant, field: CompiledField): boolean {
  const isPreset = grant.terms.some(term => field.key in term.presets)
  return field.required && field.rules.visible === null && !isPreset && defaultOf(field) === undefined
}

function defaultOf(field: CompiledField): unknown {
  return 'default' in field.declared ? field.declared.default : undefined
}

function createdProperty(names: CallerNames, grant: Grant, field: CompiledField): JsonSchema {
  if (field.type.type === 'table') return { ...wordsOf(names, field), ...newLines(names, grant, field) }
  const { title: _title, description: _description, ...value } = createdValue(field, names.locale)
  const fallback = defaultOf(field)
  return {
    ...wordsOf(names, field),
    ...(isNeeded(grant, field) ? value : orNull(value)),
    // A variable means something else tomorrow; the server fills it in.
    ...(fallback === undefined || (typeof fallback === 'string' && fallback.startsWith('$')) ? {} : { 'x-default': fallback }),
  }
}

function patchedProperty(names: CallerNames, grant: Grant, field: CompiledField): JsonSchema {
  if (field.type.type === 'table') return { ...wordsOf(names, field), ...changedLines(names, grant, field) }
  const { title: _title, description: _description, ...value } = patchedValue(field, names.locale)
  return { ...wordsOf(names, field), ...(field.required && field.rules.visible === null ? value : orNull(value)) }
}

/** The fields of a line but the way back to its parent, which is given. */
function lineFields(names: CallerNames, lines: Grant, table: CompiledField, mode: 'create' | 'update'): FieldGrant[] {
  const back = table.declared.type === 'table' ? table.declared.target_field : undefined
  return settable(names, lines, mode).filter(({ field }) => !field.system && field.key !== back && field.type.type !== 'table')
}

function newLines(names: CallerNames, grant: Grant, table: CompiledField): JsonSchema {
  const lines = names.relation(grant, table.key)?.target
  if (lines === undefined) return { type: 'array', maxItems: 0 }
  const fields = lineFields(names, lines, table, 'create')
  const items = {
    type: 'object',
    properties: propertiesOf(fields, ({ field }) => createdProperty(names, lines, field)),
    required: fields.filter(({ field }) => isNeeded(lines, field)).map(({ field }) => field.key),
    additionalProperties: false,
  }
  const most = table.declared.type === 'table' ? table.declared.max_items : undefined
  return { type: 'array', items, maxItems: Math.min(most ?? MOST_LINES, MOST_LINES) }
}

/** What happens to the lines of a record: made, changed at a version, deleted, put in order; together at most 500. */
function changedLines(names: CallerNames, grant: Grant, table: CompiledField): JsonSchema {
  const lines = names.relation(grant, table.key)?.target
  if (lines === undefined) return { type: 'object', maxProperties: 0 }
  const ids = { type: 'array', items: ID, uniqueItems: true, maxItems: MOST_LINES }
  const update = {
    type: 'object',
    properties: {
      id: ID,
      version: VERSION,
      ...propertiesOf(lineFields(names, lines, table, 'update'), ({ field }) => patchedProperty(names, lines, field)),
    },
    required: ['id', 'version'],
    additionalProperties: false,
  }
  return {
    type: 'object',
    properties: {
      ...(lines.operations.has('create') ? { create: newLines(names, grant, table) } : {}),
      ...(lines.operations.has('update') ? { update: { type: 'array', items: update, maxItems: MOST_LINES }, order: ids } : {}),
      ...(lines.operations.has('delete') ? { delete: ids } : {}),
    },
    additionalProperties: false,
  }
}
