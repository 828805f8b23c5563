/** What an input has to know of its field, read out of the field's schema and ui schema. Pure. */
import type { FormSchema, FormUi, ModelOption } from '../api/model.ts'
import type { InputColumn, InputSettings } from '../inputs/input.ts'
import { START, widgetOf, withoutNull } from './prepare.ts'

/** The settings of one field. `currency` is what its sibling says. */
export function settingsOf(schema: FormSchema, ui: FormUi, label: string, currency?: string): InputSettings {
  const options = ui['ui:options'] ?? {}
  const text = (name: string): string | undefined => (typeof options[name] === 'string' ? options[name] : undefined)
  const parts = schema.type === 'object' && schema.properties ? Object.keys(schema.properties) : undefined
  const country = schema.properties?.['country']?.[START]
  return {
    label,
    options: optionsOf(schema, options['options']),
    target: text('target'),
    currency: currency ?? text('currency'),
    currencyField: text('currency_field'),
    scale: numberOf(options['scale']) ?? numberOf(schema['x-scale']),
    parts,
    defaultCountry: typeof country === 'string' ? country : undefined,
    maxLength: numberOf(schema['maxLength']),
    columns: schema.type === 'array' ? columnsOf(schema, ui) : undefined,
    addable: options['addable'] !== false,
    removable: options['removable'] !== false,
  }
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function optionsOf(schema: FormSchema, declared: unknown): readonly ModelOption[] | undefined {
  if (Array.isArray(declared)) return declared.filter(isOption)
  const source = schema.type === 'array' ? (schema.items ?? {}) : schema
  const branches = source['oneOf']
  if (Array.isArray(branches)) {
    const constants = branches.flatMap((branch: FormSchema) =>
      typeof branch['const'] === 'string' ? [{ value: branch['const'], label: branch.title ?? branch['const'] }] : [],
    )
    if (constants.length > 0) return constants
  }
  const values = source['enum']
  return Array.isArray(values) ? values.map(value => ({ value: String(value), label: String(value) })) : undefined
}

function isOption(value: unknown): value is ModelOption {
  return typeof value === 'object' && value !== null && 'value' in value && 'label' in value
}

/** The columns of a list of objects: of line items, or of links. */
function columnsOf(schema: FormSchema, ui: FormUi): readonly InputColumn[] | undefined {
  const items = itemOf(schema)
  const itemUi = (ui['items'] ?? {}) as FormUi
  if (!items?.properties) return undefined
  const order = itemUi['ui:order'] ?? []
  const keys = Object.keys(items.properties).filter(key => !['id', 'version', 'position'].includes(key))
  const place = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length)
  return keys
    .sort((a, b) => place(a) - place(b))
    .map(key => {
      const part = withoutNull(items.properties?.[key] ?? {})
      const partUi = (itemUi[key] ?? {}) as FormUi
      return {
        key,
        widget: widgetOf(itemUi, key) ?? widgetFor(part),
        settings: settingsOf(part, partUi, part.title ?? key),
        start: items.properties?.[key]?.[START] ?? part[START],
        required: items.required?.includes(key) === true,
        readOnly: partUi['ui:readonly'] === true || part['readOnly'] === true,
      }
    })
}

function itemOf(schema: FormSchema): FormSchema | undefined {
  const branches = schema.items?.['anyOf']
  if (Array.isArray(branches)) return branches.find((branch: FormSchema) => branch.properties !== undefined)
  return schema.items
}

/** A widget that fits a schema without a ui schema of its own. */
function widgetFor(schema: FormSchema): string {
  if (Array.isArray(schema['oneOf']) || Array.isArray(schema['enum'])) return 'choice'
  if (schema.type === 'boolean' || schema.type === 'integer') return schema.type
  if (schema['format'] === 'date') return 'date'
  return schema['x-scale'] === undefined ? 'text' : 'decimal'
}
