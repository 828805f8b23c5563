/** Free words: each a line of text, each once, in the order they were given; at most 50 of 60 characters unless the field says otherwise. */
import type { TagsField } from '../../metadata/generated/types.ts'
import type { Canonical, FieldType, Wire } from './field-type.ts'
import { joinCell } from './list-cell.ts'
import { countEntries, eachEntry, listCell, manyValues, textsOf } from './many-values.ts'
import { ONE_LINE, plainText } from './plain-text.ts'
import { present, titled } from './record-schema.ts'

const MOST = 50
const LONGEST = 60

export const tags: FieldType<TagsField> = {
  ...manyValues,
  type: 'tags',
  widget: 'tags',
  recordSchema: (field, scope) =>
    titled(field, scope, {
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: field.max_length ?? LONGEST, pattern: ONE_LINE },
      uniqueItems: true,
      ...present({ minItems: field.min_items }),
      maxItems: field.max_items ?? MOST,
    }),
  canonical: (value, field) => {
    const words = distinctWords(value, field)
    return words.ok ? countEntries(textsOf(words.value), { minimum: field.min_items ?? 0, maximum: field.max_items ?? MOST }) : words
  },
  searchText: value => textsOf(value).join(' ') || null,
  parseCell: (cell, field, scope) => {
    const words = listCell(cell, scope, text => ({ ok: true, value: text }))
    return words.ok ? distinctWords(words.value, field) : words
  },
  formatCell: (value, _field, scope) => joinCell(textsOf(value), scope.separator),
  carries: ['max_length'],
}

function distinctWords(value: Wire, field: TagsField): Canonical {
  const words = eachEntry(value, entry => plainText(entry, { lines: 'one', trim: true, minimum: 1, maximum: field.max_length ?? LONGEST }))
  return words.ok ? { ok: true, value: [...new Set(textsOf(words.value))] } : words
}
