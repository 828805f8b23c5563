/**
 * Line items as a table of inputs: add, remove, reorder, totals of amounts. A row keeps the `id` and `version` it came with,
 * so that the form can tell what was added, changed and taken out.
 */
import { ActionIcon, Button } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useRef } from 'react'
import { useWords } from '../i18n/use-words.ts'
import { newKey } from '../api/client.ts'
import type { ModelField } from '../api/model.ts'
import { textOf } from '../display/field-text.ts'
import { addDecimals, formatMoney, isDecimal } from '../display/number.ts'
import { useDisplayScope } from '../display/value.tsx'
import { cellInputs } from './cell-inputs.ts'
import { type InputColumn, type InputProps, listValue, objectValue, textValue } from './input.ts'
import { ROW_KEY } from './row-key.ts'
import classes from './table-input.module.css'
import { LineInput } from './text-input.tsx'

type Row = Readonly<Record<string, unknown>>

const WIDTHS: Readonly<Record<string, number>> = {
  reference: 260,
  integer: 90,
  decimal: 110,
  percent: 100,
  money: 140,
  boolean: 60,
  date: 150,
  datetime: 250,
  choice: 150,
}
/** What is only shown takes the room of its text. */
const SHOWN_WIDTH = 80
const NUMERIC = new Set(['integer', 'decimal', 'percent', 'money'])

/** The table. */
export function TableInput(props: InputProps) {
  const { t } = useWords()
  const body = useRef<HTMLTableSectionElement>(null)
  const columns = props.settings.columns ?? []
  const rows = listValue(props.value).map(objectValue)
  const give = (next: readonly Row[]): void => props.onChange(next.length === 0 ? undefined : next)
  const set = (place: number, patch: Row): void => give(rows.map((row, index) => (index === place ? { ...row, ...patch } : row)))
  const move = (place: number, by: number): void => {
    const next = [...rows]
    const [row] = next.splice(place, 1)
    if (row) next.splice(place + by, 0, row)
    give(next)
  }
  const add = (): void => {
    const started = columns.filter(column => column.start !== undefined && column.start !== null)
    give([...rows, { [ROW_KEY]: newKey(), ...Object.fromEntries(started.map(column => [column.key, column.start])) }])
    // The new row is drawn first; then its first input takes the focus.
    requestAnimationFrame(() => body.current?.querySelector<HTMLElement>('tr:last-of-type input, tr:last-of-type textarea')?.focus())
  }
  return (
    <div
      className={classes.frame}
      id={props.id}
      tabIndex={-1}
      role="group"
      aria-label={props.settings.label}
      aria-describedby={props.describedBy}
    >
      {rows.length > 0 && (
        <div className={classes.scroller}>
          <table className={classes.table}>
            <thead>
              <tr>
                {columns.map(column => (
                  <th
                    key={column.key}
                    scope="col"
                    style={{ minWidth: column.readOnly ? SHOWN_WIDTH : (WIDTHS[column.widget] ?? 170) }}
                    data-numeric={NUMERIC.has(column.widget) || undefined}
                  >
                    {column.settings.label}
                    {column.required && (
                      <span aria-hidden className={classes.star}>
                        {' *'}
                      </span>
                    )}
                  </th>
                ))}
                {!props.readOnly && (
                  <th scope="col" className={classes.actions}>
                    <span className={classes.hidden}>{t('table.actions')}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody ref={body}>
              {rows.map((row, place) => (
                <tr key={textValue(row['id'] ?? row[ROW_KEY] ?? place)}>
                  {columns.map(column => (
                    <td
                      key={column.key}
                      data-label={column.settings.label}
                      data-numeric={(column.readOnly && NUMERIC.has(column.widget)) || undefined}
                    >
                      <Cell {...props} column={column} row={row} place={place} onCell={value => set(place, { [column.key]: value })} />
                    </td>
                  ))}
                  {!props.readOnly && (
                    <td className={classes.actions}>
                      <span className={classes.tools}>
                        <ActionIcon
                          size="md"
                          disabled={place === 0}
                          aria-label={t('table.move_up', { number: place + 1 })}
                          onClick={() => move(place, -1)}
                        >
                          <IconArrowUp size={15} stroke={1.7} />
                        </ActionIcon>
                        <ActionIcon
                          size="md"
                          disabled={place === rows.length - 1}
                          aria-label={t('table.move_down', { number: place + 1 })}
                          onClick={() => move(place, 1)}
                        >
                          <IconArrowDown size={15} stroke={1.7} />
                        </ActionIcon>
                        <ActionIcon
                          size="md"
                          disabled={props.settings.removable === false && typeof row['id'] === 'string'}
                          aria-label={t('table.remove_row', { number: place + 1 })}
                          onClick={() => give(rows.filter((_, index) => index !== place))}
                        >
                          <IconTrash size={15} stroke={1.7} />
                        </ActionIcon>
                      </span>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
            <Totals columns={columns} rows={rows} actions={!props.readOnly} />
          </table>
        </div>
      )}
      <div className={classes.foot}>
        {rows.length === 0 && <span className={classes.empty}>{t('table.empty')}</span>}
        {!props.readOnly && props.settings.addable !== false && (
          <Button variant="subtle" size="xs" leftSection={<IconPlus size={15} stroke={2} />} onClick={add} onBlur={props.onBlur}>
            {t('table.add_row')}
          </Button>
        )}
      </div>
    </div>
  )
}

interface CellProps extends InputProps {
  readonly column: InputColumn
  readonly row: Row
  readonly place: number
  readonly onCell: (value: unknown) => void
}

function Cell({ column, row, place, onCell, ...props }: CellProps) {
  const { t } = useWords()
  const scope = useDisplayScope()
  if (column.readOnly && column.settings.target === undefined) {
    return <span className={classes.shown}>{textOf(row[column.key], shownField(column, row), scope, row)}</span>
  }
  const Input = cellInputs[column.widget] ?? LineInput
  const problem = props.problems?.[`/${place}/${column.key}`]
  const id = `${props.id}_${place}_${column.key}`
  return (
    <>
      <Input
        id={id}
        bare
        value={row[column.key] ?? undefined}
        onChange={onCell}
        onBlur={props.onBlur}
        settings={{
          ...column.settings,
          currency: currencyIn(column, row),
          label: `${column.settings.label}, ${t('table.row', { number: place + 1 })}`,
        }}
        required={column.required}
        readOnly={props.readOnly === true || column.readOnly}
        invalid={problem !== undefined}
        describedBy={problem === undefined ? undefined : `${id}_problem`}
      />
      {problem !== undefined && (
        <span id={`${id}_problem`} className={classes.problem}>
          {problem}
        </span>
      )}
    </>
  )
}

/** As much of a field as showing its value takes. */
function shownField(column: InputColumn, row: Row): ModelField {
  const { label, options, scale } = column.settings
  const currency = currencyIn(column, row)
  return {
    key: column.key,
    type: column.widget,
    widget: column.widget,
    kind: 'text',
    label,
    right: 'read',
    filter: [],
    ...(options ? { options } : {}),
    ...(scale === undefined ? {} : { scale }),
    ...(currency ? { currency } : {}),
  }
}

/** The currency of an amount in a row, as its sibling says it. */
function currencyIn(column: InputColumn, row: Row): string | undefined {
  const { currencyField, currency } = column.settings
  const own = currencyField === undefined ? undefined : row[currencyField]
  return typeof own === 'string' && own !== '' ? own : currency
}

/** Sums of computed amounts: adding up what a person enters, such as prices, would say nothing. */
function Totals({
  columns,
  rows,
  actions,
}: {
  readonly columns: readonly InputColumn[]
  readonly rows: readonly Row[]
  readonly actions: boolean
}) {
  const { locale, currency } = useDisplayScope()
  const summed = columns.filter(
    column =>
      column.widget === 'money' &&
      column.readOnly &&
      rows.every(row => isDecimal(row[column.key]) && currencyIn(column, row) === currencyIn(column, rows[0] ?? {})),
  )
  if (rows.length < 2 || summed.length === 0) return null
  return (
    <tfoot>
      <tr>
        {columns.map(column => (
          <td key={column.key} data-numeric data-label={summed.includes(column) ? column.settings.label : undefined}>
            {summed.includes(column) &&
              formatMoney(addDecimals(rows.map(row => textValue(row[column.key]))), currencyIn(column, rows[0] ?? {}) ?? currency, locale)}
          </td>
        ))}
        {actions && <td />}
      </tr>
    </tfoot>
  )
}
