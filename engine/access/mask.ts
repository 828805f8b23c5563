/**
 * Masked forms of a value, made in Node where the value is already here (history, events). The twin of sql/mask-sql.ts: a test holds both
 * against each other on Postgres. Knows no field and no caller.
 */
import { createHash } from 'node:crypto'
import type { MaskName } from '../model/types.ts'

const DOTS = '••••'

/** The masked text of a wire value as a tenant's callers see it; null stays null. */
export function maskValue(value: unknown, mask: MaskName, tenantId: string): string | null {
  if (value === null || value === undefined) return null
  const text = typeof value === 'string' ? value : jsonbText(value)
  const letters = Array.from(text)
  switch (mask) {
    case 'last4':
      return letters.length > 4 ? DOTS + letters.slice(-4).join('') : DOTS
    case 'first1':
      return (letters[0] ?? '') + DOTS
    case 'email':
      return (letters[0] ?? '') + DOTS + (/@[^@]*$/.exec(text)?.[0] ?? '')
    case 'hash':
      return createHash('sha256').update(`${tenantId}/${text}`).digest('hex').slice(0, 12)
    case 'range':
      return rangeText(text)
  }
}

/** The power of ten a number lies in: 1250.00 → "1000–9999". */
function rangeText(text: string): string {
  const parts = /^(-?)([0-9]{1,18})(\.[0-9]+)?$/.exec(text)
  if (parts === null) return '…'
  const [, minus = '', whole = ''] = parts
  const digits = whole.replace(/^0+(?=[0-9])/, '').length
  const negative = minus === '-' && /[1-9]/.test(text)
  return `${negative ? '-' : ''}${digits === 1 ? '0' : `1${'0'.repeat(digits - 1)}`}–${'9'.repeat(digits)}`
}

/** JSON as Postgres spells jsonb: keys by length and then by bytes, a space after comma and colon, numbers without exponents. */
function jsonbText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).toSorted(([a], [b]) => compareKeys(Buffer.from(a), Buffer.from(b)))
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}: ${jsonbText(member)}`).join(', ')}}`
  }
  return typeof value === 'number' ? plainNumber(JSON.stringify(value)) : (JSON.stringify(value) ?? 'null')
}

function compareKeys(a: Buffer, b: Buffer): number {
  return a.length - b.length || Buffer.compare(a, b)
}

/** 1e-7 → 0.0000001, 1.5e21 → 1500000000000000000000. */
function plainNumber(text: string): string {
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (parts === null) return text
  const [, minus = '', first = '', rest = '', exponent = '0'] = parts
  const shift = Number(exponent)
  if (shift < 0) return `${minus}0.${'0'.repeat(-shift - 1)}${first}${rest}`
  return `${minus}${first}${rest.padEnd(shift, '0')}`
}
