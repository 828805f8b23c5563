/** Yes or no; 0 and 1 in an `i` slot. */
import type { BooleanField } from '../../metadata/generated/types.ts'
import type { FieldType } from './field-type.ts'
import { titled } from './record-schema.ts'
import { refuse, wrongType } from './refusal.ts'

const WORDS: Readonly<Record<string, readonly [yes: string, no: string]>> = {
  en: ['yes', 'no'],
  ru: ['да', 'нет'],
  uk: ['так', 'ні'],
  es: ['sí', 'no'],
}
const YES = new Set(['true', '1', 'y', 'si', 't', 'on', ...Object.values(WORDS).map(([yes]) => yes)])
const NO = new Set(['false', '0', 'n', 'f', 'off', ...Object.values(WORDS).map(([, no]) => no)])

export const boolean: FieldType<BooleanField> = {
  type: 'boolean',
  widget: 'boolean',
  kindOf: () => 'boolean',
  slot: () => 'i',
  recordSchema: (field, scope) => titled(field, scope, { type: 'boolean' }),
  canonical: value => (typeof value === 'boolean' ? { ok: true, value } : wrongType('boolean')),
  slotSql: json => `(case ${json} when 'true' then 1 when 'false' then 0 end)::int8`,
  slotOperand: value => (typeof value === 'boolean' ? Number(value) : null),
  wireOf: slot => slot === '1',
  sqlType: json => `(${json})::boolean`,
  uniqueKey: value => String(value),
  parseCell: cell => {
    const word = cell.trim().normalize('NFC').toLowerCase()
    return YES.has(word) || NO.has(word) ? { ok: true, value: YES.has(word) } : refuse('VALIDATE_CELL_BOOLEAN', { text: cell })
  },
  formatCell: (value, _field, scope) => {
    const [yes, no] = WORDS[scope.locale.slice(0, 2)] ?? ['yes', 'no']
    return value === true ? yes : no
  },
  measures: [],
  groupable: true,
  carries: [],
}
