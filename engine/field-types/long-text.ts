/** Text of many lines: NFC, line breaks as `\n`, at most 20,000 characters unless the field says otherwise. Too long for a slot. */
import type { LongTextField } from '../../metadata/generated/types.ts'
import type { FieldType } from './field-type.ts'
import { MANY_LINES, plainText } from './plain-text.ts'
import { titled } from './record-schema.ts'
import { textSlot } from './text-slot.ts'

const LONGEST = 20_000

export const longText: FieldType<LongTextField> = {
  ...textSlot,
  type: 'long_text',
  widget: 'long_text',
  slot: () => null,
  recordSchema: (field, scope) =>
    titled(field, scope, {
      type: 'string',
      minLength: Math.max(1, field.min_length ?? 1),
      maxLength: field.max_length ?? LONGEST,
      pattern: MANY_LINES,
    }),
  canonical: (value, field) => plainText(value, limitsOf(field)),
  parseCell: (cell, field) => plainText(cell, limitsOf(field)),
  groupable: false,
  carries: ['max_length'],
}

function limitsOf(field: LongTextField) {
  return { lines: 'many', trim: false, minimum: field.min_length ?? 1, maximum: field.max_length ?? LONGEST } as const
}
