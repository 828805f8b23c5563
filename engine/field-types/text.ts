/** One line of text: trimmed, NFC, at most 255 characters unless the field says otherwise. */
import type { TextField } from '../../metadata/generated/types.ts'
import { type Validate, validatorOf } from '../kernel/schema.ts'
import type { Canonical, FieldType, Wire } from './field-type.ts'
import { ONE_LINE, plainText } from './plain-text.ts'
import { titled } from './record-schema.ts'
import { refuse } from './refusal.ts'
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
      pattern: ONE_LINE,
      ...(field.pattern === undefined ? {} : { allOf: [{ pattern: wholly(field.pattern) }] }),
    }),
  canonical: canonicalText,
  parseCell: (cell, field) => {
    const read = canonicalText(cell, field)
    return read.ok ? read : canonicalText(cell.trim(), field)
  },
  carries: ['max_length'],
}

function canonicalText(value: Wire, field: TextField): Canonical {
  // A pattern speaks of the text as it was sent: then its ends stay as they are.
  const trim = field.pattern === undefined
  const read = plainText(value, { lines: 'one', trim, minimum: field.min_length ?? 1, maximum: field.max_length ?? LONGEST })
  return read.ok && field.pattern !== undefined && patternOf(field, field.pattern)(read.value).length > 0
    ? refuse('VALIDATE_PATTERN')
    : read
}

const patterns = new WeakMap<TextField, Validate>()

// The kernel's validator runs expressions in linear time, whatever their author wrote.
function patternOf(field: TextField, pattern: string): Validate {
  const known = patterns.get(field) ?? validatorOf({ type: 'string', pattern: wholly(pattern) })
  patterns.set(field, known)
  return known
}

function wholly(pattern: string): string {
  return `^(?:${pattern})$`
}
