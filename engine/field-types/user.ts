/** The id of one person: a record of the system entity `user`. */
import type { UserField } from '../../metadata/generated/types.ts'
import type { FieldType } from './field-type.ts'
import { recordId } from './record-id.ts'

export const user: FieldType<UserField> = {
  ...recordId(),
  type: 'user',
  carries: [],
}
