/**
 * Describes the form of an entity for one caller: a JSON Schema of what he may send, hints how to draw it, and the conditions under which
 * fields show. Pure; what he may see and write is told by his grant, how it is arranged by the entity's layout.
 */
import type { Layout, LayoutSection, Predicate } from '../../metadata/generated/types.ts'
import type { FieldGrant, Grant } from '../access/types.ts'
import type { JsonSchema, SchemaScope } from '../field-types/index.ts'
import type { CompiledField } from '../model/types.ts'
import { amountOf, isReadable, leadsToValue, optionsOf, targetOf, titleFieldOf } from './model.ts'
import { speak, speakIfSaid } from './speak.ts'
import type { CallerNames } from './types.ts'

/** What a form is opened for. */
export type FormMode = 'create' | 'edit' | 'view'

/** The answer of `GET /api/model/{entity}/form`. */
export interface Form {
  readonly schema: JsonSchema
  readonly ui_schema: JsonSchema
  readonly rules: readonly FormRule[]
}

/** When a field shows, must be filled or may not be changed. */
export interface FormRule {
  readonly field: string
  readonly visible_when?: Predicate
  readonly required_when?: Predicate
  readonly read_only_when?: Predicate
}

/** The form of the entity of a grant. */
export function shapeForm(names: CallerNames, grant: Grant, mode: FormMode): Form {
  const layout = [...names.model.layouts.values()].find(each => each.entity === grant.entity.key)
  const fields = formFields(names, grant, mode, new Set(layout === undefined ? [] : placedFields(layout)))
  const sections = sectionsOf(names, layout, fields)
  return {
    schema: {
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: speak(grant.entity.labels, names.locale, grant.entity.key),
      ...objectSchema(names, grant, fields, mode),
      additionalProperties: false,
    },
    ui_schema: {
      'ui:order': [...sections.flatMap(section => section.fields.map(fieldIn)), '*'],
      'ui:options': { sections, ...tabsOf(names, layout, sections), ...relatedOf(names, grant, layout) },
      ...Object.fromEntries(fields.map(each => [each.key, uiOf(names, grant, each, mode)])),
    },
    rules: rulesOf(names, grant, fields),
  }
}

/** The fields a form shows: in a new record those that can be set, else all that can be read; of the system's own those that the layout places or the caller may set. */
function formFields(names: CallerNames, grant: Grant, mode: FormMode, placed: ReadonlySet<string>): CompiledField[] {
  return [...grant.fields.values()].flatMap(granted => {
    const { field } = granted
    if (field.derivation?.kind === 'base') return []
    if (field.type.type === 'table' && names.relation(grant, field.key) === undefined) return []
    const settable = canSet(granted, mode)
    if (mode === 'create' && !settable) return []
    return field.system && !settable && !placed.has(field.key) ? [] : [field]
  })
}

function canSet({ strongest, field }: FieldGrant, mode: FormMode): boolean {
  if (mode === 'view' || field.type.computed === true) return false
  return strongest === 'write' || (strongest === 'create' && mode === 'create')
}

/** Properties and required names of an object with these fields. */
function objectSchema(names: CallerNames, grant: Grant, fields: readonly CompiledField[], mode: FormMode): JsonSchema {
  const presets = new Set(grant.terms.flatMap(term => Object.keys(term.presets)))
  const isNeeded = (field: CompiledField): boolean =>
    field.required && isSettable(grant, field, mode) && !(mode === 'create' && (presets.has(field.key) || defaultOf(field) !== undefined))
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(field => [field.key, propertyOf(names, grant, field, mode)])),
    required: fields.filter(isNeeded).map(field => field.key),
  }
}

function isSettable(grant: Grant, field: CompiledField, mode: FormMode): boolean {
  const granted = grant.fields.get(field.key)
  return granted !== undefined && canSet(granted, mode)
}

function propertyOf(names: CallerNames, grant: Grant, field: CompiledField, mode: FormMode): JsonSchema {
  const settable = isSettable(grant, field, mode)
  const schema = field.type.type === 'table' ? tableSchema(names, grant, field, mode) : valueSchema(names, grant, field, mode)
  const { title: _title, description: _description, ...bare } = schema
  const help = speakIfSaid(field.declared.help, names.locale)
  const value = mode === 'create' ? defaultOf(field) : undefined
  return {
    title: speak(field.labels, names.locale, field.key),
    ...(help === null ? {} : { description: help }),
    ...(field.required && settable ? bare : { anyOf: [bare, { type: 'null' }] }),
    // A variable means something else tomorrow; the server fills it in.
    ...(value === undefined || (typeof value === 'string' && value.startsWith('$')) ? {} : { default: value }),
    ...(settable ? {} : { readOnly: true }),
  }
}

/** What a masked field shows is a text of its own, whatever the field holds. */
function valueSchema(names: CallerNames, grant: Grant, field: CompiledField, mode: FormMode): JsonSchema {
  if (!isReadable(grant.fields.get(field.key)) && !isSettable(grant, field, mode)) return { type: 'string' }
  const scope: SchemaScope = {
    label: (labels, fallback) => speak(labels, names.locale, fallback),
    ...(mode === 'create' ? {} : { retired: true }),
  }
  return field.type.recordSchema(field.definition, scope)
}

/** The lines of a table: objects of the child's own form, each with the id and version it was read with. */
function tableSchema(names: CallerNames, grant: Grant, field: CompiledField, mode: FormMode): JsonSchema {
  const { declared } = field
  const child = names.relation(grant, field.key)?.target
  const limits = declared.type === 'table' ? { minItems: declared.min_items ?? 0, maxItems: declared.max_items ?? 500 } : {}
  if (child === undefined) return { type: 'array', items: {}, ...limits }
  const { properties, ...rest } = objectSchema(names, child, lineFields(names, child, field), lineMode(mode))
  const identity = mode === 'create' ? {} : { id: { type: 'string' }, version: { type: 'integer' } }
  return { type: 'array', items: { ...rest, properties: { ...identity, ...(properties as object) } }, ...limits }
}

/** New lines may come into an old record: what can be set once can be set in its form. */
function lineMode(mode: FormMode): FormMode {
  return mode === 'view' ? 'view' : 'create'
}

/** A line shows its own fields but the way back to the parent; tables in tables have forms of their own. */
function lineFields(names: CallerNames, child: Grant, table: CompiledField): CompiledField[] {
  const back = table.declared.type === 'table' ? table.declared.target_field : undefined
  return formFields(names, child, 'edit', new Set()).filter(
    each => !each.system && each.key !== back && each.type.type !== 'table' && !each.heavy,
  )
}

function defaultOf(field: CompiledField): unknown {
  return 'default' in field.declared ? field.declared.default : undefined
}

function uiOf(names: CallerNames, grant: Grant, field: CompiledField, mode: FormMode): JsonSchema {
  const target = targetOf(field, grant)
  const behind = target.target === undefined ? null : grant.over(target.target)
  const title = behind === null ? {} : { title_field: titleFieldOf(behind) }
  const child = field.type.type === 'table' ? names.relation(grant, field.key)?.target : undefined
  const lines = child === undefined ? [] : lineFields(names, child, field)
  const addable =
    child === undefined
      ? {}
      : { addable: mode !== 'view' && child.operations.has('create'), removable: mode !== 'view' && child.operations.has('delete') }
  return {
    'ui:widget': field.type.widget,
    ...(isSettable(grant, field, mode) ? {} : { 'ui:readonly': true }),
    'ui:options': { ...target, ...title, ...optionsOf(field, names.locale), ...amountOf(field, grant), ...addable },
    ...(child === undefined
      ? {}
      : {
          items: {
            'ui:order': lines.map(each => each.key),
            ...Object.fromEntries(lines.map(each => [each.key, uiOf(names, child, each, lineMode(mode))])),
          },
        }),
  }
}

type Placed = string | { readonly field: string; readonly width: number }

interface Section {
  readonly key: string | null
  readonly label: string | null
  readonly help: string | null
  readonly columns: number
  readonly collapsed?: true
  readonly tab?: string
  readonly fields: readonly Placed[]
}

const fieldIn = (place: Placed): string => (typeof place === 'string' ? place : place.field)

function placedFields(layout: Layout): string[] {
  return [...(layout.sections ?? []), ...(layout.tabs ?? []).flatMap(tab => tab.sections)].flatMap(section =>
    section.fields.map(place => (typeof place === 'string' ? place : place.field)),
  )
}

const COLUMNS = 2

/** The layout's sections with what the caller sees of them; fields that no section places stand in a last one, the only one without a layout. */
function sectionsOf(names: CallerNames, layout: Layout | undefined, fields: readonly CompiledField[]): Section[] {
  const shown = new Set(fields.map(field => field.key))
  const section = (declared: LayoutSection, tab?: string): Section => ({
    key: declared.key,
    label: speakIfSaid(declared.label, names.locale),
    help: speakIfSaid(declared.help, names.locale),
    columns: declared.columns ?? COLUMNS,
    ...(declared.collapsed === true ? { collapsed: true } : {}),
    ...(tab === undefined ? {} : { tab }),
    fields: declared.fields
      .map(
        (place): Placed =>
          typeof place === 'string' || place.width === undefined ? fieldOf(place) : { field: place.field, width: place.width },
      )
      .filter(place => shown.has(fieldIn(place))),
  })
  const declared = [
    ...(layout?.sections ?? []).map(each => section(each)),
    ...(layout?.tabs ?? []).flatMap(tab => tab.sections.map(each => section(each, tab.key))),
  ].filter(each => each.fields.length > 0)
  const placed = new Set(declared.flatMap(each => each.fields.map(fieldIn)))
  const rest = fields.filter(field => !placed.has(field.key)).map(field => field.key)
  return rest.length === 0 ? declared : [...declared, { key: null, label: null, help: null, columns: COLUMNS, fields: rest }]
}

function fieldOf(place: string | { readonly field: string }): string {
  return typeof place === 'string' ? place : place.field
}

/** Tabs that have something to show; sections name the tab they stand on. */
function tabsOf(
  names: CallerNames,
  layout: Layout | undefined,
  sections: readonly Section[],
): { readonly tabs?: readonly Record<string, unknown>[] } {
  const tabs = (layout?.tabs ?? []).filter(tab => sections.some(section => section.tab === tab.key))
  if (tabs.length === 0) return {}
  return { tabs: tabs.map(tab => ({ key: tab.key, label: speak(tab.label, names.locale, tab.key), icon: tab.icon ?? null })) }
}

/** Lists of related records under the form, with the columns the caller may see. */
function relatedOf(
  names: CallerNames,
  grant: Grant,
  layout: Layout | undefined,
): { readonly related?: readonly Record<string, unknown>[] } {
  const related = (layout?.related ?? []).flatMap(list => {
    const found = names.relation(grant, list.relation)
    if (found === undefined) return []
    return [
      {
        relation: list.relation,
        label: speakIfSaid(list.label, names.locale) ?? speak(found.relation.labels, names.locale, list.relation),
        columns: (list.columns ?? []).filter(path => leadsToValue(found.target, path.split('.'))),
        sort: (list.sort ?? []).filter(key => names.isSortable(found.target, key.replace(/^-/, ''))),
      },
    ]
  })
  return related.length === 0 ? {} : { related }
}

/** Conditions the caller may read in full; the others are left to the server, whose answer names no hidden field. */
function rulesOf(names: CallerNames, grant: Grant, fields: readonly CompiledField[]): FormRule[] {
  return fields.flatMap(({ key, declared }) => {
    const known = (condition: Predicate | undefined): condition is Predicate =>
      condition !== undefined && names.understands(grant, condition)
    const rule: FormRule = {
      field: key,
      ...(known(declared.visible_when) ? { visible_when: declared.visible_when } : {}),
      ...(known(declared.required_when) ? { required_when: declared.required_when } : {}),
      ...(known(declared.read_only_when) ? { read_only_when: declared.read_only_when } : {}),
    }
    return Object.keys(rule).length === 1 ? [] : [rule]
  })
}
