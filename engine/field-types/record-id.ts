/**
 * Ids of records as values: their spelling, their `r` slot. References, users and parents are this; what they lead to is the
 * model's to know.
 */
import type { ParentField, ReferenceField, UserField } from '../../metadata/generated/types.ts'
import type { Canonical, FieldType, JsonSchema, Wire } from './field-type.ts'
import { asText, fromText } from './plain-text.ts'
import { titled } from './record-schema.ts'
import { refuse } from './refusal.ts'

const UUID = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'
const expression = new RegExp(UUID)

/** Schema of one id. */
export const idSchema: JsonSchema = { type: 'string', format: 'uuid', pattern: UUID }

/** An id in lower case. */
export function canonicalId(value: Wire): Canonical {
  return fromText(value, id => (expression.test(id) ? { ok: true, value: id.toLowerCase() } : refuse('VALIDATE_ID')))
}

/** The behaviour of a field that holds one id. */
export function recordId<F extends ReferenceField | UserField | ParentField>(): Omit<FieldType<F>, 'type' | 'carries'> {
  return {
    widget: 'reference',
    kindOf: () => 'id',
    slot: () => 'r',
    recordSchema: (field, scope) => titled(field, scope, idSchema),
    canonical: canonicalId,
    slotSql: json => `(${json})::uuid`,
    slotOperand: value => {
      const id = canonicalId(value)
      return id.ok ? asText(id.value) : null
    },
    wireOf: slot => slot,
    sqlType: json => `(${json})::uuid`,
    uniqueKey: value => asText(value),
    parseCell: cell => canonicalId(cell.trim()),
    formatCell: value => asText(value),
    measures: [],
    groupable: true,
  }
}
