/** A few records as a plain table whose first column opens them, on a phone as cards. A view. */
import { useMediaQuery } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import type { ModelEntity, RecordData } from '../api/model.ts'
import { displayOf, isBlank } from '../display/field-text.ts'
import { Value } from '../display/value.tsx'
import { useWords } from '../i18n/use-words.ts'
import type { Column } from '../list/columns.ts'
import { Cards } from '../list/list-cards.tsx'
import { WIDE } from '../shell/wide.ts'
import classes from './related-list.module.css'

interface TableProps {
  readonly entity: ModelEntity
  readonly columns: readonly Column[]
  readonly rows: readonly RecordData[]
  readonly label: string
}

/** The table. */
export function RelatedTable({ entity, columns, rows, label }: TableProps) {
  const { t } = useWords()
  const wide = useMediaQuery(WIDE, matchMedia(WIDE).matches, { getInitialValueInEffect: false })
  if (!wide) return <Cards rows={rows} entity={entity} columns={columns} />
  return (
    <div role="group" className={classes.scroller} tabIndex={0} aria-label={label}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column.path} scope="col" data-align={displayOf(column.field).align}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.id}>
              {columns.map((column, place) => {
                const value = column.read(row)
                const cell = <Value value={value} field={column.field} record={column.owner(row)} dense />
                return (
                  <td key={column.path} data-align={displayOf(column.field).align}>
                    {place === 0 ? (
                      <Link to="/records/$entity/$id" params={{ entity: entity.key, id: row.id }} className={classes.open}>
                        {isBlank(value) ? t('record.untitled') : cell}
                      </Link>
                    ) : (
                      cell
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
