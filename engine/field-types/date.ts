/** A day of the calendar, YYYY-MM-DD; midnight UTC in a `d` slot. */
import type { DateField } from '../../metadata/generated/types.ts'
import { parseDate } from '../../metadata/time-period.ts'
import { formatDayCell, parseDayCell } from './date-cell.ts'
import type { FieldType, Moment } from './field-type.ts'
import { asText } from './plain-text.ts'
import { present, titled } from './record-schema.ts'
import { refuse, wrongType } from './refusal.ts'

const DAY = '^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$'

export const date: FieldType<DateField> = {
  type: 'date',
  widget: 'date',
  kindOf: () => 'date',
  slot: () => 'd',
  recordSchema: (field, scope) =>
    titled(field, scope, {
      type: 'string',
      format: 'date',
      pattern: DAY,
      ...present({ 'x-minimum': field.minimum, 'x-maximum': field.maximum }),
    }),
  canonical: (value, field, at) => {
    if (typeof value !== 'string') return wrongType('string', '2026-05-01')
    const day = parseDate(value)
    if (day === null) return refuse('VALIDATE_DATE')
    const minimum = boundOf(field.minimum, at)
    const maximum = boundOf(field.maximum, at)
    if (minimum !== undefined && day < minimum) return refuse('VALIDATE_MINIMUM', { minimum })
    return maximum !== undefined && day > maximum ? refuse('VALIDATE_MAXIMUM', { maximum }) : { ok: true, value: day }
  },
  slotSql: json => daySql(json),
  slotOperand: value => {
    const day = parseDate(value)
    return day === null ? null : `${day}T00:00:00.000Z`
  },
  wireOf: slot => slot.slice(0, 10),
  sqlType: json => daySql(json),
  uniqueKey: value => asText(value),
  parseCell: (cell, _field, scope) => parseDayCell(cell, scope),
  formatCell: (value, _field, scope) => formatDayCell(asText(value), scope),
  measures: ['min', 'max'],
  groupable: true,
  carries: [],
}

function boundOf(bound: string | undefined, at: Moment): string | undefined {
  return bound === '$today' ? at.today : bound
}

// A cast of text to a date depends on settings of the session; this does not, so slots may be made by it.
function daySql(json: string): string {
  return `(make_timestamp(left(${json}, 4)::int, substr(${json}, 6, 2)::int, substr(${json}, 9, 2)::int, 0, 0, 0) at time zone 'UTC')`
}
