/**
 * A number the engine gives, such as `D-2026-00042`. A template has `{seq}` or `{seq:5}` once, and `{yyyy} {yy} {mm} {dd}`,
 * which start a series of their own each year, month or day. Reserving numbers is the business of whoever writes records.
 */
import type { AutonumberField } from '../../metadata/generated/types.ts'
import type { FieldType } from './field-type.ts'
import { ONE_LINE, plainText } from './plain-text.ts'
import { titled } from './record-schema.ts'
import { textSlot } from './text-slot.ts'

const TOKEN = /\{(seq(?::([1-9][0-9]?))?|yyyy|yy|mm|dd)\}/g
const LIMITS = { lines: 'one', trim: true, minimum: 1, maximum: 255 } as const

export const autonumber: FieldType<AutonumberField> = {
  ...textSlot,
  type: 'autonumber',
  widget: 'text',
  recordSchema: (field, scope) => titled(field, scope, { type: 'string', minLength: 1, maxLength: LIMITS.maximum, pattern: ONE_LINE }),
  canonical: value => plainText(value, LIMITS),
  parseCell: cell => plainText(cell.trim(), LIMITS),
  groupable: false,
  carries: ['template'],
  computed: true,
}

/** True for a template with exactly one counter, at most 18 digits wide, and no other words in braces. */
export function isNumberTemplate(template: string): boolean {
  const counters = [...template.matchAll(TOKEN)].filter(([, token]) => token?.startsWith('seq') === true)
  return counters.length === 1 && Number(counters[0]?.[2] ?? 0) <= 18 && !/[{}]/.test(template.replaceAll(TOKEN, ''))
}

/** The number `seq` of a series as text; `today` (YYYY-MM-DD) is the tenant's day. A longer number than its places is not cut. */
export function renderNumber(template: string, today: string, seq: number | bigint): string {
  const parts = partsOf(today)
  return template.replaceAll(
    TOKEN,
    (_, token: string, places: string | undefined) => parts[token] ?? String(seq).padStart(Number(places ?? 1), '0'),
  )
}

/** The series a number belongs to on a day: `2026`, `2026-05`, `2026-05-01`, or empty where the template has no date. */
export function periodOf(template: string, today: string): string {
  const used = new Set([...template.matchAll(TOKEN)].map(([, token]) => token))
  const parts = partsOf(today)
  const names = [used.has('yyyy') || used.has('yy') ? 'yyyy' : '', used.has('mm') ? 'mm' : '', used.has('dd') ? 'dd' : '']
  return names.flatMap(name => parts[name] ?? []).join('-')
}

function partsOf(today: string): Readonly<Record<string, string>> {
  return { yyyy: today.slice(0, 4), yy: today.slice(2, 4), mm: today.slice(5, 7), dd: today.slice(8, 10) }
}
