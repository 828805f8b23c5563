/** An exact number; six digits after the point unless the field says otherwise, no zeros that carry no value. */
import type { DecimalField } from '../../metadata/generated/types.ts'
import { exactNumber } from './exact-number.ts'
import type { FieldType } from './field-type.ts'

export const decimal: FieldType<DecimalField> = {
  ...exactNumber({ scale: 6, zeros: 'dropped' }),
  type: 'decimal',
  widget: 'decimal',
}
