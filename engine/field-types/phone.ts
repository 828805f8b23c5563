/**
 * One phone number: `+` and digits (ITU-T E.164) where the country is known, else the digits that are dialled locally.
 * With `default_country` a local number becomes an international one.
 */
import type { PhoneField } from '../../metadata/generated/types.ts'
import { callingCodeOf } from './calling-codes.ts'
import type { Canonical, FieldType, Wire } from './field-type.ts'
import { fromText } from './plain-text.ts'
import { titled } from './record-schema.ts'
import { refuse } from './refusal.ts'
import { textSlot } from './text-slot.ts'

const NUMBER = '^\\+?[0-9 ()./-]{2,39}$'
const wholeNumber = new RegExp(NUMBER)
const CANONICAL = /^(?:\+[1-9][0-9]{5,14}|[0-9]{2,15})$/
/** Numbers this short (112, 1800) belong to no country. */
const SHORT = 4

export const phone: FieldType<PhoneField> = {
  ...textSlot,
  type: 'phone',
  widget: 'phone',
  recordSchema: (field, scope) => titled(field, scope, { type: 'string', minLength: 2, maxLength: 40, pattern: NUMBER }),
  canonical: canonicalPhone,
  parseCell: (cell, field) =>
    canonicalPhone(
      cell
        .trim()
        .replace(/^tel:/i, '')
        .replaceAll(/[\u00a0\u2007\u202f\u2010-\u2013\u2212]/g, '-'),
      field,
    ),
  groupable: false,
  carries: ['default_country'],
}

function canonicalPhone(value: Wire, field: PhoneField): Canonical {
  return fromText(value, given => {
    const written = given.trim()
    if (!wholeNumber.test(written)) return refuse('VALIDATE_PHONE')
    const spelled = international(written, field.default_country)
    return CANONICAL.test(spelled) ? { ok: true, value: spelled } : refuse('VALIDATE_PHONE')
  })
}

function international(written: string, country: string | undefined): string {
  // +49 (0)30 …: the zero is dialled at home only.
  if (written.startsWith('+')) return `+${digitsOf(written.replace('(0)', ''))}`
  const digits = digitsOf(written)
  if (digits.startsWith('00')) return `+${digits.slice(2)}`
  const home = country === undefined ? null : callingCodeOf(country)
  if (home === null || digits.length <= SHORT) return digits
  if (home.prefix !== '' && digits.startsWith(home.prefix)) return `+${home.code}${digits.slice(home.prefix.length)}`
  // 380501234567: an international number whose plus sign got lost.
  return digits.startsWith(home.code) && digits.length >= 11 ? `+${digits}` : `+${home.code}${digits}`
}

function digitsOf(text: string): string {
  return text.replaceAll(/[^0-9]/g, '')
}
