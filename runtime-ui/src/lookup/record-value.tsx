/** A value of a record as it came from the engine: bare ids of references get their names, line items their table. */
import { entityOf, fieldOf, type ModelEntity, type ModelField, type RecordData } from '../api/model.ts'
import { useModel } from '../api/context.ts'
import { displayOf, isBlank, type Values } from '../display/field-text.ts'
import { Value } from '../display/value.tsx'
import { useWords } from '../i18n/use-words.ts'
import { useRecordLabels } from './labels.ts'
import classes from './record-value.module.css'

interface RecordValueProps {
  readonly entity: ModelEntity
  readonly field: string
  readonly value: unknown
  readonly record: Values
  /** Without links, such as inside of a choice. */
  readonly plain?: boolean
}

/** The value. */
export function RecordValue({ entity, field: key, value, record, plain = false }: RecordValueProps) {
  const field = fieldOf(entity, key)
  if (!field) return null
  if (field.type === 'table') return <Lines field={field} value={value} plain={plain} parent={entity.key} />
  if (field.target) return <Named field={field} value={value} record={record} plain={plain} />
  return <Value value={value} field={field} record={record} dense={plain} />
}

function Named({
  field,
  value,
  record,
  plain,
}: {
  readonly field: ModelField
  readonly value: unknown
  readonly record: Values
  readonly plain: boolean
}) {
  const { t } = useWords()
  const entries = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  const ids = entries.map(idOf)
  const labels = useRecordLabels(field.target, ids)
  const named = ids.map((id, place) => ({ id, label: labels[place] === undefined ? '…' : (labels[place].label ?? t('input.no_access')) }))
  return <Value value={Array.isArray(value) ? named : named[0]} field={field} record={record} dense={plain} />
}

function idOf(entry: unknown): string {
  return typeof entry === 'string' ? entry : String((entry as Values)['id'])
}

function Lines({
  field,
  value,
  plain,
  parent,
}: {
  readonly field: ModelField
  readonly value: unknown
  readonly plain: boolean
  readonly parent: string
}) {
  const { t } = useWords()
  const child = entityOf(useModel(), field.target)
  const rows = (Array.isArray(value) ? value : []).filter((row): row is RecordData => typeof row === 'object' && row !== null)
  if (!child || rows.length === 0) return <span className={classes.none}>{t('table.empty')}</span>
  if (plain) return <span>{rows.length}</span>
  // The way back to the record that is on the page says nothing here.
  const columns = child.fields.filter(
    column => !column.system && !column.heavy && column.target !== parent && rows.some(row => !isBlank(row[column.key])),
  )
  return (
    // A keyboard must be able to scroll what is wider than the page.
    <div role="group" className={classes.scroller} tabIndex={0} aria-label={field.label}>
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column.key} scope="col" data-align={displayOf(column).align}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.id}>
              {columns.map(column => (
                <td key={column.key} data-label={column.label} data-align={displayOf(column).align}>
                  <RecordValue entity={child} field={column.key} value={row[column.key]} record={row} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
