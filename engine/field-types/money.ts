/**
 * An exact amount, always with all digits of its scale (`"1250.00"`), two unless the field says otherwise.
 * Its currency is a sibling field or the tenant's; this file knows the number only.
 */
import type { MoneyField } from '../../metadata/generated/types.ts'
import { exactNumber } from './exact-number.ts'
import type { FieldType } from './field-type.ts'

export const money: FieldType<MoneyField> = {
  ...exactNumber({ scale: 2, zeros: 'kept' }),
  type: 'money',
  widget: 'money',
  // A currency field is a sibling of the field it was declared beside: it does not travel along.
  carries: ['scale', 'currency'],
}
