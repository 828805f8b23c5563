/**
 * The ids of child records in their order, such as the lines of a deal. The children are records of their own; writing them
 * through the parent (a list on create, operations later) is described where records are written.
 */
import type { TableField } from '../../metadata/generated/types.ts'
import type { FieldType } from './field-type.ts'
import { joinCell } from './list-cell.ts'
import { countEntries, eachEntry, listCell, manyValues, textsOf } from './many-values.ts'
import { canonicalId, idSchema } from './record-id.ts'
import { titled } from './record-schema.ts'

const MOST = 500

export const table: FieldType<TableField> = {
  ...manyValues,
  type: 'table',
  widget: 'table',
  kindOf: () => 'presence',
  recordSchema: (field, scope) =>
    titled(field, scope, {
      type: 'array',
      items: idSchema,
      uniqueItems: true,
      minItems: field.min_items ?? 0,
      maxItems: field.max_items ?? MOST,
    }),
  canonical: (value, field) => {
    const ids = eachEntry(value, canonicalId)
    return ids.ok ? countEntries(textsOf(ids.value), { minimum: field.min_items ?? 0, maximum: field.max_items ?? MOST }) : ids
  },
  parseCell: (cell, _field, scope) => listCell(cell, scope, canonicalId),
  formatCell: (value, _field, scope) => joinCell(textsOf(value), scope.separator),
  carries: ['target', 'target_field'],
}
