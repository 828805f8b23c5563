/** One e-mail address: the domain in lower case, the local part as it was given (RFC 5321 leaves its case to the host). */
import type { EmailField } from '../../metadata/generated/types.ts'
import type { Canonical, FieldType, Wire } from './field-type.ts'
import { fromText } from './plain-text.ts'
import { titled } from './record-schema.ts'
import { refuse } from './refusal.ts'
import { textSlot } from './text-slot.ts'

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
// Every repetition ends at a character its inside can't have, so matching is linear.
const EMAIL = `^${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])$`
const wholeAddress = new RegExp(EMAIL)

export const email: FieldType<EmailField> = {
  ...textSlot,
  type: 'email',
  widget: 'email',
  recordSchema: (field, scope) => titled(field, scope, { type: 'string', format: 'email', maxLength: 254, pattern: EMAIL }),
  canonical: canonicalEmail,
  parseCell: cell => canonicalEmail(cell.replace(/^\s*mailto:/i, '')),
}

function canonicalEmail(value: Wire): Canonical {
  return fromText(value, written => {
    const address = written.trim()
    const at = address.lastIndexOf('@')
    if (address.length > 254 || at > 64 || !wholeAddress.test(address)) return refuse('VALIDATE_EMAIL')
    return { ok: true, value: address.slice(0, at) + address.slice(at).toLowerCase() }
  })
}
