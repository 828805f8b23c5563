/** Several of the options, in the order of the options, each once. */
import type { MultiChoiceField } from '../../metadata/generated/types.ts'
import type { Canonical, FieldType, Wire } from './field-type.ts'
import { joinCell } from './list-cell.ts'
import { countEntries, eachEntry, listCell, manyValues, textsOf } from './many-values.ts'
import { formatOptionCell, optionSchema, parseOptionCell } from './option-list.ts'
import { fromText } from './plain-text.ts'
import { present, titled } from './record-schema.ts'
import { refuse } from './refusal.ts'

export const multiChoice: FieldType<MultiChoiceField> = {
  ...manyValues,
  type: 'multi_choice',
  widget: 'multi_choice',
  recordSchema: (field, scope) =>
    titled(field, scope, {
      type: 'array',
      items: optionSchema(field.options, scope),
      uniqueItems: true,
      ...present({ minItems: field.min_items, maxItems: field.max_items }),
    }),
  canonical: (value, field) => {
    const ordered = inOrder(value, field)
    return ordered.ok
      ? countEntries(textsOf(ordered.value), { minimum: field.min_items ?? 0, maximum: field.max_items ?? field.options.length })
      : ordered
  },
  isRetired: (value, field) => textsOf(value).some(each => field.options.some(option => option.value === each && option.retired === true)),
  parseCell: (cell, field, scope) => {
    const read = listCell(cell, scope, text => parseOptionCell(text, field.options, scope))
    return read.ok ? inOrder(read.value, field) : read
  },
  formatCell: (value, field, scope) =>
    joinCell(
      textsOf(value).map(each => formatOptionCell(each, field.options, scope)),
      scope.separator,
    ),
  carries: ['options'],
}

function inOrder(value: Wire, field: MultiChoiceField): Canonical {
  const known = eachEntry(value, entry =>
    fromText(entry, text =>
      field.options.some(option => option.value === text) ? { ok: true, value: text } : refuse('VALIDATE_OPTION', { value: text }),
    ),
  )
  return known.ok ? { ok: true, value: field.options.map(option => option.value).filter(option => known.value.includes(option)) } : known
}
