/** What columns an export has, and where in a row their values are. Knows no rights: what was selected may leave. */
import type { CompiledField } from '../model/types.ts'
import type { Selected } from '../validate/types.ts'

/** One column: its name is the dotted path to the value. */
export interface ExportColumn {
  readonly name: string
  readonly path: readonly string[]
  readonly field: CompiledField
}

/** The columns of a selection; to-many members, which no column holds, are named in `many`. */
export function exportColumns(selected: readonly Selected[]): {
  readonly columns: readonly ExportColumn[]
  readonly many: readonly string[]
} {
  const many: string[] = []
  const walk = (members: readonly Selected[], path: readonly string[]): ExportColumn[] =>
    members.flatMap(member => {
      if (member.kind === 'one') return walk(member.members, [...path, member.reference.key])
      const key = member.kind === 'many' ? member.relation.key : member.field.key
      const name = [...path, key].join('.')
      if (member.kind === 'field' && member.field.type.type !== 'table') return [{ name, path: [...path, key], field: member.field }]
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
