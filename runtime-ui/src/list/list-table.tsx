/**
 * A list as a table whose rows are drawn only where they are seen: ten thousand stay smooth.
 * Arrows (or j and k), Home and End move between rows, Enter opens; the rows are one stop for Tab, at the one last used.
 * A click on a head sorts (with Shift: besides the other keys).
 */
import { Button, Skeleton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useWords } from '../i18n/use-words.ts'
import type { RecordData } from '../api/model.ts'
import { displayOf, textOf } from '../display/field-text.ts'
import { useDisplayScope, Value } from '../display/value.tsx'
import { sortOf } from './address.ts'
import { columnWidths } from './column-widths.ts'
import type { Column } from './columns.ts'
import { focusRows } from './focus-rows.ts'
import { lastPlace, rememberRow } from './last-place.ts'
import classes from './list-table.module.css'
import type { ListActions, ListState } from './use-list.ts'

const ROW_HEIGHT = 40
const SKELETON_ROWS = 12
/** Rows shown above the one a person comes back to. */
const ROWS_ABOVE = 8
/** Rows left below the last one seen when the next page is asked for. */
const AHEAD = 15

/** The table. */
export function ListTable(props: ListState & ListActions) {
  const { t } = useWords()
  const { entity, rows, columns, status, hasMore, loadMore, loadingMore, moreFailed } = props
  const scroller = useRef<HTMLDivElement>(null)
  // Back from a record the list stands where it was left.
  const [left] = useState(() => rows.findIndex(record => record.id === lastPlace(entity.key).row))
  const [used, setUsed] = useState(Math.max(0, left))
  const scope = useDisplayScope()
  const widths = useMemo(() => columnWidths(entity.key, columns, entity.title_field, rows, scope), [entity, columns, rows, scope])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    initialOffset: Math.max(0, left - ROWS_ABOVE) * ROW_HEIGHT,
  })
  const items = virtual.getVirtualItems()
  const drawn = items.length > 0
  useEffect(() => {
    if (drawn && left >= 0 && document.activeElement === document.body) focusRows()
  }, [drawn, left])
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (status === 'ready' && hasMore && !loadingMore && !moreFailed && last >= rows.length - AHEAD) loadMore()
  }, [status, hasMore, loadingMore, moreFailed, last, rows.length, loadMore])

  // The row last used may be scrolled out of what is drawn: then the first drawn one stands in for it.
  const stop = items.some(item => item.index === used) ? used : (items[0]?.index ?? 0)
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      data-refreshing={props.refreshing || undefined}
      aria-busy={status === 'loading' || props.refreshing}
      onKeyDown={event => moveFocus(event, rows.length, virtual.scrollToIndex)}
      onFocus={event => {
        const row = event.target.dataset['row']
        if (row !== undefined) setUsed(Number(row))
      }}
    >
      <table className={classes.table} aria-label={props.view?.label ?? props.entity.plural_label} aria-rowcount={props.page?.count ?? -1}>
        <colgroup>
          {columns.map((column, index) => (
            <col key={column.path} style={{ width: widths[index] }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map(column => (
              <Head key={column.path} column={column} sort={props.sort} onSort={props.toggleSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {status === 'loading'
            ? Array.from({ length: SKELETON_ROWS }, (_, index) => <Bones key={index} columns={columns} index={index} />)
            : null}
          {before > 0 && <Gap height={before} span={columns.length} />}
          {items.map(item => {
            const record = rows[item.index]
            return record ? <Row key={record.id} record={record} index={item.index} isStop={item.index === stop} {...props} /> : null
          })}
          {after > 0 && <Gap height={after} span={columns.length} />}
        </tbody>
      </table>
      {status === 'ready' && (
        <div className={classes.foot} role="status">
          {loadingMore ? t('list.loading_more') : ''}
          {moreFailed && !loadingMore && (
            <Button variant="default" size="xs" onClick={loadMore}>
              {t('list.load_more')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

function Head({
  column,
  sort,
  onSort,
}: {
  readonly column: Column
  readonly sort: readonly string[]
  readonly onSort: ListActions['toggleSort']
}) {
  const { t } = useWords()
  const sorted = sortOf(sort, column.sortKey)
  const align = displayOf(column.field).align
  const key = column.sortKey
  return (
    <th scope="col" data-align={align} aria-sort={sorted?.direction ?? undefined}>
      {key === null ? (
        <span className={classes.headText}>{column.label}</span>
      ) : (
        <button
          type="button"
          className={classes.sort}
          title={t('list.sort_by', { column: column.label })}
          onClick={event => onSort(key, event.shiftKey)}
        >
          <span className={classes.headText}>{column.label}</span>
          {sorted && (sorted.direction === 'ascending' ? <IconArrowUp size={13} stroke={2} /> : <IconArrowDown size={13} stroke={2} />)}
          {sorted && sort.length > 1 && <span className={classes.place}>{sorted.place}</span>}
        </button>
      )}
    </th>
  )
}

function Row({
  record,
  index,
  isStop,
  columns,
  entity,
}: { readonly record: RecordData; readonly index: number; readonly isStop: boolean } & ListState) {
  const { t } = useWords()
  const scope = useDisplayScope()
  const navigate = useNavigate()
  const target = { to: '/records/$entity/$id', params: { entity: entity.key, id: record.id } } as const
  return (
    <tr
      className={classes.row}
      aria-rowindex={index + 2}
      onClick={event => {
        // The link inside is what a keyboard and a screen reader use; the rest of the row is a larger place to click.
        if (!(event.target instanceof Element) || window.getSelection()?.toString()) return
        rememberRow(entity.key, record.id)
        if (!event.target.closest('a')) void navigate(target)
      }}
    >
      {columns.map((column, place) => {
        const value = column.read(record)
        const owner = column.owner(record)
        const cell = <Value value={value} field={column.field} record={owner} dense />
        return (
          <td key={column.path} data-align={displayOf(column.field).align}>
            {place === 0 ? (
              <Link {...target} className={classes.open} data-row={index} tabIndex={isStop ? 0 : -1}>
                {textOf(value, column.field, scope, owner) === '' ? <span className={classes.untitled}>{t('record.untitled')}</span> : cell}
              </Link>
            ) : (
              cell
            )}
          </td>
        )
      })}
    </tr>
  )
}

function Bones({ columns, index }: { readonly columns: readonly Column[]; readonly index: number }) {
  return (
    <tr className={classes.bones} aria-hidden>
      {columns.map((column, place) => (
        <td key={column.path} data-align={displayOf(column.field).align}>
          <Skeleton height={10} width={`${45 + ((index * 29 + place * 41) % 45)}%`} />
        </td>
      ))}
    </tr>
  )
}

function Gap({ height, span }: { readonly height: number; readonly span: number }) {
  return (
    <tr aria-hidden style={{ height }}>
      <td colSpan={span} className={classes.gap} />
    </tr>
  )
}

function moveFocus(event: KeyboardEvent<HTMLElement>, count: number, scrollTo: (index: number) => void): void {
  if (event.ctrlKey || event.metaKey || event.altKey || count === 0) return
  const row = event.target instanceof HTMLElement ? event.target.dataset['row'] : undefined
  const at = row === undefined ? null : Number(row)
  const to = { ArrowDown: (at ?? -1) + 1, j: (at ?? -1) + 1, ArrowUp: (at ?? 1) - 1, k: (at ?? 1) - 1, Home: 0, End: count - 1 }[event.key]
  if (to === undefined) return
  const next = Math.min(Math.max(0, to), count - 1)
  const table = event.currentTarget
  const find = (): HTMLElement | null => table.querySelector<HTMLElement>(`[data-row="${next}"]`)
  event.preventDefault()
  scrollTo(next)
  const found = find()
  if (found !== null) return found.focus()
  // The row has to be drawn first; who has moved on meanwhile is not called back.
  const held = document.activeElement
  requestAnimationFrame(() => {
    if (document.activeElement === held || document.activeElement === document.body) find()?.focus()
  })
}
