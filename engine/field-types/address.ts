/** A postal address in parts; the country is a code of ISO 3166-1. Found by search, compared by nothing. */
import type { AddressField } from '../../metadata/generated/types.ts'
import { COUNTRIES } from './countries.ts'
import type { Canonical, FieldType, Wire } from './field-type.ts'
import { titled } from './record-schema.ts'
import { refuse, within } from './refusal.ts'
import { canonicalParts, formatPartsCell, parsePartsCell, partsSchema, type TextPart, textsOfParts } from './text-parts.ts'

const COUNTRY = '^[A-Z]{2}$'
const PARTS: readonly TextPart[] = [
  { key: 'line1', maximum: 200, label: { en: 'Street and number', ru: 'Улица, дом', uk: 'Вулиця, будинок', es: 'Calle y número' } },
  { key: 'line2', maximum: 200, label: { en: 'Address supplement', ru: 'Квартира, офис', uk: 'Квартира, офіс', es: 'Piso, oficina' } },
  { key: 'postal_code', maximum: 20, label: { en: 'Postal code', ru: 'Индекс', uk: 'Індекс', es: 'Código postal' } },
  { key: 'city', maximum: 100, label: { en: 'City', ru: 'Город', uk: 'Місто', es: 'Ciudad' } },
  { key: 'region', maximum: 100, label: { en: 'Region', ru: 'Область', uk: 'Область', es: 'Provincia' } },
  { key: 'country', maximum: 2, label: { en: 'Country', ru: 'Страна', uk: 'Країна', es: 'País' } },
]
const KEYS = PARTS.map(part => part.key)

export const address: FieldType<AddressField> = {
  type: 'address',
  widget: 'address',
  kindOf: () => 'presence',
  slot: () => null,
  slotOperand: () => null,
  recordSchema: (field, scope) => {
    const schema = partsSchema(partsOf(field), scope)
    const properties: Readonly<Record<string, unknown>> = { ...(schema['properties'] as object) }
    if (properties['country'] === undefined) return titled(field, scope, schema)
    const suggested = field.default_country === undefined ? {} : { default: field.default_country }
    return titled(field, scope, {
      ...schema,
      properties: {
        ...properties,
        country: { ...(properties['country'] as object), pattern: COUNTRY, ...suggested },
      },
    })
  },
  canonical: (value, field) => withCountry(canonicalParts(value, partsOf(field))),
  sqlType: json => `(${json})`,
  searchText: value => textsOfParts(value, KEYS).join(' ') || null,
  // An address in one piece: the first part takes it, lines are joined.
  parseCell: (cell, field) => withCountry(parsePartsCell(cell, partsOf(field)) ?? wholeAddress(cell, partsOf(field))),
  formatCell: (value, field) => {
    const parts = partsOf(field)
    const [first, ...more] = textsOfParts(value, KEYS)
    const alone =
      first !== undefined &&
      more.length === 0 &&
      parsePartsCell(first, parts) === null &&
      textsOfParts(value, [parts[0]?.key ?? '']).length === 1
    return alone
      ? first
      : formatPartsCell(
          value,
          parts.map(part => part.key),
        )
  },
  measures: [],
  groupable: false,
  carries: ['parts'],
}

function partsOf(field: AddressField): readonly TextPart[] {
  return field.parts === undefined ? PARTS : PARTS.filter(part => field.parts?.some(key => key === part.key))
}

function wholeAddress(cell: string, parts: readonly TextPart[]): Canonical {
  return canonicalParts({ [parts[0]?.key ?? 'line1']: cell.trim().replaceAll(/\s*\n\s*/g, ', ') }, parts)
}

function withCountry(read: Canonical): Canonical {
  if (!read.ok) return read
  const country: Wire = textsOfParts(read.value, ['country'])[0]
  return typeof country === 'string' && !COUNTRIES.has(country) ? within('country', refuse('VALIDATE_COUNTRY', { value: country })) : read
}
