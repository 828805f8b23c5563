/** What columns an export has, and where in a row their values are. Knows no rights: what was selected may leave. */
import type { CompiledField } from '../model/types.ts'
import type { Selected } from '../validate/types.ts'

/** One column: its name is the dotted path to the value. */
export interface ExportColumn {
  readonly name: string
  readonly path: readonly string[]
  readonly field: CompiledField
  /** The references that lead to the field. */
  readonly through: readonly CompiledField[]
}

/** The columns of a selection; to-many members, which no column holds, are named in `many`. */
export function exportColumns(selected: readonly Selected[]): {
  readonly columns: readonly ExportColumn[]
  readonly many: readonly string[]
} {
  const many: string[] = []
  const walk = (members: readonly Selected[], through: readonly CompiledField[]): ExportColumn[] =>
    members.flatMap(member => {
      if (member.kind === 'one') return walk(member.members, [...through, member.reference])
      const path = [...through.map(each => each.key), member.kind === 'many' ? member.relation.key : member.field.key]
      const name = path.join('.')
      if (member.kind === 'field' && member.field.type.type !== 'table') return [{ name, path, field: member.field, through }]
      many.push(name)
      return []
    })
  return { columns: walk(selected, []), many }
}

/** The value of a column in a row of an answer; undefined where the row does not show it. */
export function columnValue(row: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined),
    row,
  )
}
