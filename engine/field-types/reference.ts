/** The id of one record of another entity. */
import type { ReferenceField } from '../../metadata/generated/types.ts'
import type { FieldType } from './field-type.ts'
import { recordId } from './record-id.ts'

export const reference: FieldType<ReferenceField> = {
  ...recordId(),
  type: 'reference',
  carries: ['target'],
}
