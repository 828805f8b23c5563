/** The id of the record above in a tree of the same entity. That a tree has no circles is checked where records are written. */
import type { ParentField } from '../../metadata/generated/types.ts'
import type { FieldType } from './field-type.ts'
import { recordId } from './record-id.ts'

export const parent: FieldType<ParentField> = {
  ...recordId(),
  type: 'parent',
  carries: [],
}
