/** An instant, RFC 3339 in UTC with milliseconds; given with any offset. */
import type { DatetimeField } from '../../metadata/generated/types.ts'
import { parseInstant } from '../../metadata/time-period.ts'
import { formatMomentCell, parseMomentCell } from './datetime-cell.ts'
import type { FieldType, Moment } from './field-type.ts'
import { asText } from './plain-text.ts'
import { present, titled } from './record-schema.ts'
import { refuse, wrongType } from './refusal.ts'

const INSTANT =
  '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$'
const expression = new RegExp(INSTANT)

export const datetime: FieldType<DatetimeField> = {
  type: 'datetime',
  widget: 'datetime',
  kindOf: () => 'datetime',
  slot: () => 'd',
  recordSchema: (field, scope) =>
    titled(field, scope, {
      type: 'string',
      format: 'date-time',
      pattern: INSTANT,
      ...present({ 'x-minimum': field.minimum, 'x-maximum': field.maximum }),
    }),
  canonical: (value, field, at) => {
    if (typeof value !== 'string') return wrongType('string', '2026-05-01T14:30:00Z')
    const instant = expression.test(value) ? parseInstant(value) : null
    if (instant === null) return refuse('VALIDATE_DATETIME')
    const minimum = boundOf(field.minimum, at)
    const maximum = boundOf(field.maximum, at)
    if (minimum !== undefined && Date.parse(instant) < Date.parse(minimum)) return refuse('VALIDATE_MINIMUM', { minimum })
    return maximum !== undefined && Date.parse(instant) > Date.parse(maximum)
      ? refuse('VALIDATE_MAXIMUM', { maximum })
      : { ok: true, value: instant }
  },
  slotSql: json => instantSql(json),
  slotOperand: value => parseInstant(value),
  wireOf: slot => slot,
  sqlType: json => instantSql(json),
  uniqueKey: value => asText(value),
  parseCell: (cell, _field, scope) => parseMomentCell(cell, scope),
  formatCell: (value, _field, scope) => formatMomentCell(asText(value), scope),
  measures: ['min', 'max'],
  groupable: true,
  carries: [],
}

function boundOf(bound: string | undefined, at: Moment): string | undefined {
  return bound === '$now' ? at.now : bound
}

// The canonical spelling has fixed places; a plain cast to timestamptz would depend on settings of the session.
function instantSql(json: string): string {
  const part = (from: number, length: number, type: string): string => `substr(${json}, ${from}, ${length})::${type}`
  const parts = [part(1, 4, 'int'), part(6, 2, 'int'), part(9, 2, 'int'), part(12, 2, 'int'), part(15, 2, 'int'), part(18, 6, 'float8')]
  return `(make_timestamp(${parts.join(', ')}) at time zone 'UTC')`
}
