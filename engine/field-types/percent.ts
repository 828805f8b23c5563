/** An exact share, `"12.5"` for 12.5 %; two digits after the point unless the field says otherwise. */
import type { PercentField } from '../../metadata/generated/types.ts'
import { exactNumber } from './exact-number.ts'
import type { FieldType } from './field-type.ts'

const number = exactNumber<PercentField>({ scale: 2, zeros: 'dropped' })

export const percent: FieldType<PercentField> = {
  ...number,
  type: 'percent',
  widget: 'percent',
  parseCell: (cell, field, scope) => number.parseCell(cell.trim().replace(/\s*%$/, ''), field, scope),
}
