/** One web address, http or https only, spelled as the URL standard spells it; no user names or passwords inside. */
import type { UrlField } from '../../metadata/generated/types.ts'
import type { Canonical, FieldType, Wire } from './field-type.ts'
import { fromText } from './plain-text.ts'
import { titled } from './record-schema.ts'
import { refuse } from './refusal.ts'
import { textSlot } from './text-slot.ts'

const LONGEST = 2000
const ADDRESS = '^[Hh][Tt][Tt][Pp][Ss]?://[^ \u0000-\u001f\u007f-\u00a0\u2028\u2029]+$'
const wholeAddress = new RegExp(ADDRESS)
// "acme.com/shop" as people write it: a host with a dot, then nothing or a path.
const BARE = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?:[/?#:][^\s]*)?$/u

export const url: FieldType<UrlField> = {
  ...textSlot,
  type: 'url',
  widget: 'url',
  recordSchema: (field, scope) => titled(field, scope, { type: 'string', maxLength: LONGEST, pattern: ADDRESS }),
  canonical: canonicalUrl,
  parseCell: cell => {
    const written = cell.trim()
    return canonicalUrl(BARE.test(written) ? `https://${written}` : written)
  },
  groupable: false,
}

function canonicalUrl(value: Wire): Canonical {
  return fromText(value, written => {
    const address = written.trim()
    if (address.length > LONGEST || !address.isWellFormed() || !wholeAddress.test(address)) return refuse('VALIDATE_URL')
    const parsed = URL.parse(address)
    if (parsed === null || parsed.username !== '' || parsed.password !== '') return refuse('VALIDATE_URL')
    return parsed.href.length > LONGEST ? refuse('VALIDATE_MAX_LENGTH', { maximum: LONGEST }) : { ok: true, value: parsed.href }
  })
}
