/** One line of text: trimmed, NFC, at most 255 characters unless the field says otherwise. */
import type { TextField } from '../../metadata/generated/types.ts'
import type { FieldType } from './field-type.ts'
import { ONE_LINE, plainText } from './plain-text.ts'
import { patterned, titled } from './record-schema.ts'
import { textSlot } from './text-slot.ts'

const LONGEST = 255

export const text: FieldType<TextField> = {
  ...textSlot,
  type: 'text',
  widget: 'text',
  recordSchema: (field, scope) =>
    titled(field, scope, {
      type: 'string',
      minLength: Math.max(1, field.min_length ?? 1),
      maxLength: field.max_length ?? LONGEST,
      ...patterned(ONE_LINE, 'VALIDATE_TEXT'),
      ...(field.pattern === undefined
        ? {}
        : { allOf: [ownPattern(field.pattern, field.pattern_message && scope.label(field.pattern_message, ''))] }),
    }),
  canonical: (value, field) => plainText(value, limitsOf(field)),
  parseCell: (cell, field) => plainText(cell.trim(), limitsOf(field)),
  carries: ['max_length'],
}

function limitsOf(field: TextField) {
  // A pattern speaks of the text as it was sent: then its ends stay as they are.
  return { lines: 'one', trim: field.pattern === undefined, minimum: field.min_length ?? 1, maximum: field.max_length ?? LONGEST } as const
}

function ownPattern(pattern: string, message: string | undefined) {
  return { pattern: `^(?:${pattern})$`, ...(message === undefined ? {} : { 'x-message': message }) }
}
