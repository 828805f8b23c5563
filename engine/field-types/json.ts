/** Any JSON, kept as it is: at most 64 KiB and 16 levels unless the field says otherwise. Read only when named, compared by nothing. */
import { parseJson } from '../kernel/json.ts'
import type { JsonField } from '../../metadata/generated/types.ts'
import type { Canonical, FieldType, Wire } from './field-type.ts'
import { titled } from './record-schema.ts'
import { refuse } from './refusal.ts'

const LARGEST = 65_536
const DEPTH = 16

export const json: FieldType<JsonField> = {
  type: 'json',
  widget: 'json',
  heavy: true,
  kindOf: () => 'presence',
  slot: () => null,
  slotOperand: () => null,
  recordSchema: (field, scope) => titled(field, scope, { type: ['object', 'array', 'string', 'number', 'boolean'] }),
  canonical: (value, field) => fromJsonText(spelled(value), field),
  sqlType: text => `(${text})`,
  parseCell: (cell, field) => fromJsonText(cell, field),
  formatCell: value => spelled(value),
  measures: [],
  groupable: false,
  carries: ['max_bytes'],
}

// Reading the text again finds what a store of JSON can't hold: broken Unicode, zero characters, names that stand twice.
function fromJsonText(text: string, field: JsonField): Canonical {
  const maximum = field.max_bytes ?? LARGEST
  if (Buffer.byteLength(text) > maximum) return refuse('VALIDATE_JSON_SIZE', { maximum })
  const read = parseJson(text, DEPTH)
  if (!read.ok) return read.problem.code === 'JSON_TOO_DEEP' ? refuse('VALIDATE_JSON_DEPTH', { maximum: DEPTH }) : refuse('VALIDATE_JSON')
  return read.value === null ? refuse('VALIDATE_JSON') : { ok: true, value: read.value }
}

function spelled(value: Wire): string {
  return JSON.stringify(value) ?? 'null'
}
