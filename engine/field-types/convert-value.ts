/**
 * A value of one type as a value of another, for fields whose type is changed: what a person would get by writing the old value into a cell and
 * reading it back as the new type. What can not be read so is lost and says why. Pure; knows no record.
 */
import { dateIn, parseInstant } from '../../metadata/time-period.ts'
import type { Canonical, CellScope, Moment, TypedField, Wire } from './field-type.ts'
import { refuse } from './refusal.ts'

/** What a conversion takes from the tenant. */
export interface ConversionScope {
  readonly locale: string
  readonly timeZone: string
  readonly at: Moment
}

/** Converts a stored value. Ids stay ids of the same records or nothing: no text leads to a record. */
export function convertValue(value: Wire, from: TypedField, to: TypedField, scope: ConversionScope): Canonical {
  const [before, after] = [from.type.kindOf(from.definition), to.type.kindOf(to.definition)]
  if (before === 'id' || after === 'id') return before === after ? to.type.canonical(value, to.definition, scope.at) : refuse('VALIDATE_ID')
  if (before === 'datetime' && after === 'date') return to.type.canonical(dayOf(value, scope.timeZone), to.definition, scope.at)
  const cells = cellScope(before, scope)
  const read = to.type.parseCell(from.type.formatCell(value, from.definition, cells), to.definition, cells)
  return read.ok ? to.type.canonical(read.value, to.definition, scope.at) : read
}

/** People write texts, options and yes or no in the tenant's language; numbers and days are spelled as computers do, so that no sign is misread. */
function cellScope(kind: string, { locale, timeZone }: ConversionScope): CellScope {
  const spoken = kind === 'text' || kind === 'choice' || kind === 'list' || kind === 'boolean'
  return spoken ? { locale, timeZone } : { locale: 'en', timeZone, decimalSeparator: '.' }
}

function dayOf(value: Wire, timeZone: string): Wire {
  const instant = typeof value === 'string' ? parseInstant(value) : null
  return instant === null ? value : dateIn(instant, timeZone)
}
