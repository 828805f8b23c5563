/**
 * From the engine's form to what is drawn and validated: optional fields lose their null (an empty input is no value here),
 * defaults are applied once and taken out of the schema, rules hide and require, widgets get their component. Pure.
 */
import type { FormAnswer, FormSchema, FormUi } from '../api/model.ts'
import type { RuleOutcome } from './rules.ts'

/** A form ready to be drawn. */
export interface PreparedForm {
  readonly schema: FormSchema
  readonly uiSchema: FormUi
}

/** One titled part of a form. */
export interface Section {
  readonly label: string | null
  readonly help: string | null
  readonly columns: number
  /** The tab of the layout it stands on; null where it names none. */
  readonly tab: string | null
  readonly fields: readonly SectionField[]
}

/** Sections that are seen together. */
export interface FormTab {
  readonly key: string
  readonly label: string
  readonly sections: readonly Section[]
}

/** A field of a section and how many columns it takes. */
export interface SectionField {
  readonly key: string
  readonly width: number | null
}

/** Name under which the form library knows the component that draws every field with an input of ours. */
export const ENTITY_FIELD = 'entity_field'

/** Where a prepared schema keeps what a value starts with. */
export const START = 'x-start'

/** The form for what the rules say right now. `known` are the widgets that have an input, `states` what a choice may offer of its options. */
export function prepareForm(
  answer: FormAnswer,
  outcome: RuleOutcome,
  known: ReadonlySet<string>,
  states: Readonly<Record<string, readonly string[]>> = {},
): PreparedForm {
  const properties = Object.entries(answer.schema.properties ?? {}).filter(([key]) => !outcome.hidden.includes(key))
  const keys = properties.map(([key]) => key)
  const required = new Set([...(answer.schema.required ?? []), ...outcome.required].filter(key => keys.includes(key)))
  const fieldUi = (key: string): FormUi => {
    const ui = asUi(answer.ui_schema[key])
    const widget = widgetOf(answer.ui_schema, key)
    const { 'ui:widget': _widget, ...rest } = ui
    const drawn = widget !== undefined && known.has(widget)
    return {
      ...rest,
      'ui:options': { ...ui['ui:options'], ...offered(ui, states[key]), ...(drawn ? { widget_name: widget } : {}) },
      ...(drawn ? { 'ui:field': ENTITY_FIELD } : {}),
      ...(outcome.readOnly.includes(key) ? { 'ui:readonly': true } : {}),
    }
  }
  return {
    schema: {
      ...withQuietDefaults(answer.schema),
      required: [...required],
      properties: Object.fromEntries(properties.map(([key, schema]) => [key, withoutNull(withQuietDefaults(schema))])),
    },
    uiSchema: {
      'ui:options': { ...answer.ui_schema['ui:options'] },
      'ui:order': [...(answer.ui_schema['ui:order'] ?? []).filter(key => keys.includes(key) || key === '*'), ...orderRest(answer, keys)],
      ...Object.fromEntries(keys.map(key => [key, fieldUi(key)])),
    },
  }
}

/** The widget of a field; a text that says the currency of amounts beside it, or is called so, is chosen from currencies. */
export function widgetOf(ui: FormUi, key: string): string | undefined {
  const widget = asUi(ui[key])['ui:widget']
  if (widget !== 'text') return widget
  const isNamed = Object.keys(ui).some(other => asUi(asUi(ui[other])['ui:options'])['currency_field'] === key)
  return isNamed || /(^|_)currency$/.test(key) ? 'currency' : widget
}

function offered(ui: FormUi, states: readonly string[] | undefined): { readonly options?: readonly unknown[] } {
  const options = ui['ui:options']?.['options']
  if (states === undefined || !Array.isArray(options)) return {}
  return { options: options.filter((option: { value?: unknown }) => states.includes(String(option.value))) }
}

function orderRest(answer: FormAnswer, keys: readonly string[]): string[] {
  const named = answer.ui_schema['ui:order'] ?? []
  return named.includes('*') ? [] : keys.filter(key => !named.includes(key))
}

/** The sections of a form; fields that no section names stand in a last one of their own. */
export function sectionsOf(ui: FormUi, keys: readonly string[]): Section[] {
  const declared = ui['ui:options']?.['sections']
  const sections = (Array.isArray(declared) ? declared : []).map(parseSection)
  const order = ui['ui:order'] ?? []
  const sorted = [...keys].sort((a, b) => placeOf(order, a) - placeOf(order, b))
  const placed = new Set(sections.flatMap(section => section.fields.map(field => field.key)))
  const rest = sorted.filter(key => !placed.has(key)).map(key => ({ key, width: null }))
  return [...sections, ...(rest.length > 0 ? [{ label: null, help: null, columns: 2, tab: null, fields: rest }] : [])]
    .map(section => ({ ...section, fields: section.fields.filter(field => keys.includes(field.key)) }))
    .filter(section => section.fields.length > 0)
}

/** The tabs of a form with what stands on each, a section without a tab on the first; none where everything stands on one. */
export function tabsOf(ui: FormUi, sections: readonly Section[]): FormTab[] {
  const declared = ui['ui:options']?.['tabs']
  const named = (Array.isArray(declared) ? declared : []).map(asObject).filter(tab => sections.some(section => section.tab === tab['key']))
  const known = new Set(named.map(tab => tab['key']))
  const tabs = named.map((tab, place) => ({
    key: String(tab['key']),
    label: String(tab['label'] ?? tab['key']),
    sections: sections.filter(section => section.tab === tab['key'] || (place === 0 && !known.has(section.tab))),
  }))
  return tabs.length > 1 ? tabs : []
}

function placeOf(order: readonly string[], key: string): number {
  const place = order.indexOf(key)
  return place === -1 ? order.length : place
}

function parseSection(declared: unknown): Section {
  const section = asObject(declared)
  const fields = Array.isArray(section['fields']) ? section['fields'] : []
  return {
    label: typeof section['label'] === 'string' && section['label'] !== '' ? section['label'] : null,
    help: typeof section['help'] === 'string' ? section['help'] : null,
    columns: typeof section['columns'] === 'number' ? Math.min(4, Math.max(1, section['columns'])) : 2,
    tab: typeof section['tab'] === 'string' ? section['tab'] : null,
    fields: fields.map(field => {
      if (typeof field === 'string') return { key: field, width: null }
      const { field: key, width } = asObject(field)
      return { key: String(key), width: typeof width === 'number' ? width : null }
    }),
  }
}

/** The values a new record starts with: the defaults of the schema, then what the caller brings along. */
export function startingValues(schema: FormSchema, preset: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const properties = Object.entries(schema.properties ?? {})
  const defaults = properties.filter(([, property]) => property['default'] !== undefined && property['default'] !== null)
  const keys = new Set(properties.map(([key]) => key))
  // A switch that is off looks answered: where an answer is required, off is the answer.
  const off = properties.filter(([key, property]) => schema.required?.includes(key) && withoutNull(property).type === 'boolean')
  return {
    ...Object.fromEntries(off.map(([key]) => [key, false])),
    ...Object.fromEntries(defaults.map(([key, property]) => [key, property['default']])),
    ...Object.fromEntries(Object.entries(preset).filter(([key]) => keys.has(key))),
  }
}

/** The values of a record that a form edits: what it only shows or has no field for, and what is null, is left out. */
export function editedValues(schema: FormSchema, record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {})
      .filter(([key, property]) => property['readOnly'] !== true && record[key] !== undefined && record[key] !== null)
      .map(([key]) => [key, withoutNulls(record[key])]),
  )
}

/** The values of a record that a form does not edit: conditions look at them, and read-only fields show them. */
export function shownValues(schema: FormSchema, record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).filter(([key]) => {
      const property = schema.properties?.[key]
      return property === undefined || property['readOnly'] === true
    }),
  )
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null)
      .map(([key, part]) => [key, withoutNulls(part)]),
  )
}

/** The schema of a value that is there: a branch or type for null is taken out, at every depth. */
export function withoutNull(schema: FormSchema): FormSchema {
  for (const union of ['anyOf', 'oneOf'] as const) {
    const branches = schema[union]
    if (!Array.isArray(branches)) continue
    const left = branches.filter(branch => asObject(branch)['type'] !== 'null')
    const { [union]: _union, ...rest } = schema
    if (left.length === 1) return withoutNull({ ...asObject(left[0]), ...rest })
    return { ...rest, [union]: left.map(branch => withoutNull(asObject(branch))) }
  }
  const { type, properties, items } = schema
  const types = Array.isArray(type) ? type.filter(name => name !== 'null') : type
  const choices = schema['enum']
  return {
    ...schema,
    ...(types === undefined ? {} : { type: Array.isArray(types) && types.length === 1 ? String(types[0]) : types }),
    ...(Array.isArray(choices) ? { enum: choices.filter(choice => choice !== null) } : {}),
    ...(properties ? { properties: Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, withoutNull(part)])) } : {}),
    ...(items ? { items: withoutNull(items) } : {}),
  }
}

/**
 * The schema with its defaults out of the form library's sight, which would put them into every record it shows. They stay
 * readable for what starts empty: a new row, a new address.
 */
function withQuietDefaults(schema: FormSchema): FormSchema {
  const { default: start, ...rest } = schema
  const { properties, items } = rest
  const branches = (['anyOf', 'oneOf'] as const).flatMap(union => {
    const declared = rest[union]
    return Array.isArray(declared) ? [[union, declared.map(branch => withQuietDefaults(asObject(branch)))] as const] : []
  })
  return {
    ...rest,
    ...(start === undefined ? {} : { [START]: start }),
    ...Object.fromEntries(branches),
    ...(properties
      ? { properties: Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, withQuietDefaults(part)])) }
      : {}),
    ...(items ? { items: withQuietDefaults(items) } : {}),
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

function asUi(value: unknown): FormUi {
  return asObject(value)
}
