/** One of the options; the padded number of the option in a `t` slot, so that records sort as the options stand. */
import type { ChoiceField } from '../../metadata/generated/types.ts'
import type { FieldType } from './field-type.ts'
import { formatOptionCell, optionKey, optionKeySql, optionSchema, parseOptionCell } from './option-list.ts'
import { asText, fromText } from './plain-text.ts'
import { titled } from './record-schema.ts'
import { refuse } from './refusal.ts'

export const choice: FieldType<ChoiceField> = {
  type: 'choice',
  widget: 'choice',
  kindOf: () => 'choice',
  slot: () => 't',
  recordSchema: (field, scope) => titled(field, scope, optionSchema(field.options, scope)),
  canonical: (value, field) =>
    fromText(value, text =>
      field.options.some(option => option.value === text) ? { ok: true, value: text } : refuse('VALIDATE_OPTION', { value: text }),
    ),
  isRetired: (value, field) => field.options.some(option => option.value === value && option.retired === true),
  slotKey: (value, field) => optionKey(value, field.options),
  slotKeySql: (json, field) => optionKeySql(json, field.options),
  slotOperand: (value, field) => optionKey(value, field.options),
  wireOf: (slot, field) => field.options[Number(slot) - 1]?.value ?? null,
  sqlType: json => `(${json})`,
  uniqueKey: value => asText(value),
  parseCell: (cell, field, scope) => parseOptionCell(cell, field.options, scope),
  formatCell: (value, field, scope) => formatOptionCell(asText(value), field.options, scope),
  measures: [],
  groupable: true,
  carries: ['options'],
}
