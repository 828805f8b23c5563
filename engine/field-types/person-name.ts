/** A person's name in parts; sorts by family name, then given and middle name, by an order key in a `t` slot. */
import { orderKey } from '../../metadata/fold.ts'
import type { PersonNameField } from '../../metadata/generated/types.ts'
import type { Cell, CellScope, FieldType, Wire } from './field-type.ts'
import { titled } from './record-schema.ts'
import { refuse } from './refusal.ts'
import { canonicalParts, formatPartsCell, parsePartsCell, partsSchema, type TextPart, textsOfParts } from './text-parts.ts'
import { orderKeySql } from './text-slot.ts'

const PARTS: readonly TextPart[] = [
  { key: 'prefix', maximum: 30, label: { en: 'Title', ru: 'Обращение', uk: 'Звертання', es: 'Tratamiento' } },
  { key: 'given', maximum: 100, label: { en: 'First name', ru: 'Имя', uk: 'Ім’я', es: 'Nombre' } },
  { key: 'middle', maximum: 100, label: { en: 'Middle name', ru: 'Отчество', uk: 'По батькові', es: 'Segundo nombre' } },
  { key: 'family', maximum: 100, label: { en: 'Last name', ru: 'Фамилия', uk: 'Прізвище', es: 'Apellidos' } },
  { key: 'suffix', maximum: 30, label: { en: 'Suffix', ru: 'Суффикс', uk: 'Суфікс', es: 'Sufijo' } },
]
const SORTED = ['family', 'given', 'middle']
const KEYS = PARTS.map(part => part.key)

export const personName: FieldType<PersonNameField> = {
  type: 'person_name',
  widget: 'person_name',
  kindOf: () => 'presence',
  slot: () => 't',
  slotKey: value => sortedKey(value),
  slotKeySql: json => {
    const part = (key: string): string => `coalesce((${json})::jsonb->>'${key}' || ' ', '')`
    return `nullif(${orderKeySql(`rtrim(${SORTED.map(part).join(' || ')}, ' ')`)}, '')`
  },
  slotOperand: value => sortedKey(value),
  recordSchema: (field, scope) => titled(field, scope, partsSchema(partsOf(field), scope)),
  canonical: (value, field) => canonicalParts(value, partsOf(field)),
  sqlType: json => `(${json})`,
  searchText: value => textsOfParts(value, KEYS).join(' ') || null,
  parseCell: (cell, field, scope) => parseName(cell, partsOf(field), scope),
  formatCell: (value, field, scope) => {
    const written = textsOfParts(value, ['family', 'given']).join(', ')
    const read = parseName(written, partsOf(field), scope)
    // Parts stand in canonical order on both sides, so that their texts compare.
    return read.ok && JSON.stringify(read.value) === JSON.stringify(value)
      ? written
      : formatPartsCell(
          value,
          partsOf(field).map(part => part.key),
        )
  },
  measures: [],
  groupable: false,
  carries: ['parts'],
}

function partsOf(field: PersonNameField): readonly TextPart[] {
  return field.parts === undefined ? PARTS : PARTS.filter(part => field.parts?.some(key => key === part.key))
}

function sortedKey(value: Wire): string | null {
  const name = textsOfParts(value, SORTED).join(' ')
  return name === '' ? null : orderKey(name)
}

function parseName(cell: string, parts: readonly TextPart[], scope: CellScope): Cell {
  return parsePartsCell(cell, parts) ?? parseWrittenName(cell, parts, scope)
}

/** "Family, Given"; two words in the order of the language; in Russian and Ukrainian also family, given and middle name. */
function parseWrittenName(cell: string, parts: readonly TextPart[], scope: CellScope): Cell {
  const written = cell.trim()
  const [family, given, ...rest] = written.split(',').map(part => part.trim())
  if (given !== undefined && rest.length === 0 && family !== '' && given !== '') return canonicalParts({ family, given }, parts)
  const words = written.split(/\s+/)
  const familyFirst = scope.locale.startsWith('ru') || scope.locale.startsWith('uk')
  const [first, second, third, ...more] = words
  if (given !== undefined || more.length > 0 || (third !== undefined && !familyFirst))
    return refuse('VALIDATE_CELL_NAME_AMBIGUOUS', { text: cell })
  if (third !== undefined) return canonicalParts({ family: first, given: second, middle: third }, parts)
  if (second === undefined) return canonicalParts({ family: first }, parts)
  return canonicalParts(familyFirst ? { family: first, given: second } : { given: first, family: second }, parts)
}
