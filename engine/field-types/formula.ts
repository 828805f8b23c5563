/** A value computed from fields of the same record: behaves as its result type. */
import type { FormulaField } from '../../metadata/generated/types.ts'
import { boolean } from './boolean.ts'
import { date } from './date.ts'
import { decimal } from './decimal.ts'
import { behaveAs, computed, type DerivedType, withCurrency } from './derived.ts'
import type { FieldType } from './field-type.ts'
import { integer } from './integer.ts'
import { money } from './money.ts'
import { text } from './text.ts'

const RESULTS: Readonly<Record<FormulaField['result'], FieldType>> = { money, decimal, integer, boolean, date, text }
const LONGEST_TEXT = 2000

export const formula: DerivedType<FormulaField> = {
  type: 'formula',
  resolve: field => withCurrency(field, behaveAs(field, computed(RESULTS[field.result]), { scale: field.scale, max_length: LONGEST_TEXT })),
}
