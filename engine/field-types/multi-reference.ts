/**
 * Links to several records: ids in their order, or `{id, …columns}` where the link has columns. Kept in `record_link`, never in a slot.
 * Whether the targets exist is checked where records are written.
 */
import type { LinkField, MultiReferenceField } from '../../metadata/generated/types.ts'
import type { Canonical, FieldType, JsonSchema, Moment, SchemaScope, Wire } from './field-type.ts'
import { canonicalColumns, columnSchemas } from './link-columns.ts'
import { joinCell } from './list-cell.ts'
import { countEntries, eachEntry, listCell, manyValues, textsOf } from './many-values.ts'
import { asText } from './plain-text.ts'
import { canonicalId, idSchema } from './record-id.ts'
import { titled } from './record-schema.ts'
import { refuse, within } from './refusal.ts'

const MOST = 500
type Link = Readonly<Record<string, Wire>>

export const multiReference: FieldType<MultiReferenceField> = {
  ...manyValues,
  type: 'multi_reference',
  widget: 'multi_reference',
  recordSchema: (field, scope) =>
    titled(field, scope, {
      type: 'array',
      items: linkSchema(field.link_fields ?? [], scope),
      uniqueItems: true,
      minItems: field.min_items ?? 0,
      maxItems: field.max_items ?? MOST,
    }),
  canonical: (value, field, at) => {
    const links = distinctLinks(value, field, at)
    return links.ok ? countEntries(links.value, { minimum: field.min_items ?? 0, maximum: field.max_items ?? MOST }) : links
  },
  elements: value => (Array.isArray(value) ? value.map(idOf) : []),
  parseCell: (cell, _field, scope) => listCell(cell, scope, canonicalId),
  // The columns of the links do not fit into a cell: links are exported with them as rows of their own.
  formatCell: (value, _field, scope) => joinCell(Array.isArray(value) ? value.map(idOf) : textsOf(value), scope.separator),
  carries: ['target', 'link_fields'],
}

function linkSchema(columns: readonly LinkField[], scope: SchemaScope): JsonSchema {
  if (columns.length === 0) return idSchema
  const required = ['id', ...columns.filter(column => column.required === true).map(column => column.key)]
  const link = { type: 'object', additionalProperties: false, required, properties: { id: idSchema, ...columnSchemas(columns, scope) } }
  return required.length > 1 ? link : { anyOf: [idSchema, link] }
}

/** The links, each target once; the form is `{id, …}` for all of them where the field has columns. */
function distinctLinks(
  value: Wire,
  field: MultiReferenceField,
  at: Moment,
): { readonly ok: true; readonly value: readonly Wire[] } | Extract<Canonical, { ok: false }> {
  const columns = field.link_fields ?? []
  const links = eachEntry(value, entry =>
    columns.length === 0 ? canonicalId(entry) : canonicalLink(typeof entry === 'string' ? { id: entry } : entry, columns, at),
  )
  if (!links.ok) return links
  const ids = links.value.map(idOf)
  const twice = ids.findIndex((id, place) => ids.indexOf(id) < place)
  return twice < 0 ? links : within(twice, refuse('VALIDATE_DUPLICATE', { value: ids[twice] ?? '' }))
}

function canonicalLink(entry: Wire, columns: readonly LinkField[], at: Moment): Canonical {
  if (!isLink(entry)) return refuse('VALIDATE_ID')
  const { id, ...values } = entry
  const target = canonicalId(id)
  if (!target.ok) return within('id', target)
  const kept = canonicalColumns(values, columns, at)
  return kept.ok ? { ok: true, value: { id: target.value, ...(kept.value as Link) } } : kept
}

function isLink(entry: Wire): entry is Link {
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry)
}

function idOf(entry: Wire): string {
  return isLink(entry) ? asText(entry['id']) : asText(entry)
}
