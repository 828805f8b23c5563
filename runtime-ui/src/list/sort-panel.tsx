/** The panels for the order of rows and for the columns of a list. */
import { ActionIcon, Button, Checkbox, SegmentedControl, Select } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react'
import { useWords } from '../i18n/use-words.ts'
import { useModel } from '../api/context.ts'
import '../floating-css.ts'
import { MAX_SORT_KEYS } from './address.ts'
import { columnOf, type Column, possibleColumns } from './columns.ts'
import classes from './sort-panel.module.css'
import type { ToolbarState } from './use-list.ts'

/** Up to three sort keys, each with its direction. */
export function SortPanel({ entity, sort, sortChosen, columns, change }: ToolbarState) {
  const { t } = useWords()
  const model = useModel()
  const keys = sort.map(key => ({ path: key.replace(/^-/, ''), down: key.startsWith('-') }))
  const sortable = [...(columns ?? []), ...possibleColumns(model, entity)].filter(
    (column, place, all) => column.sortKey !== null && all.findIndex(other => other.sortKey === column.sortKey) === place,
  )
  const labelOf = (path: string): string => columnOf(model, entity, path)?.label ?? path
  const give = (next: readonly { path: string; down: boolean }[]): void =>
    change({ sort: next.length === 0 ? undefined : next.map(key => (key.down ? `-${key.path}` : key.path)).join(',') })
  const free = sortable.filter(column => !keys.some(key => key.path === column.sortKey))
  return (
    <div className={classes.panel}>
      {keys.map((key, place) => (
        <div key={key.path} className={classes.line}>
          <span className={classes.label}>{labelOf(key.path)}</span>
          <SegmentedControl
            size="xs"
            aria-label={t('list.sort_direction', { column: labelOf(key.path) })}
            value={key.down ? 'down' : 'up'}
            onChange={value => give(keys.map((other, index) => (index === place ? { ...other, down: value === 'down' } : other)))}
            data={[
              { value: 'up', label: t('list.ascending') },
              { value: 'down', label: t('list.descending') },
            ]}
          />
          <ActionIcon
            size="md"
            aria-label={t('list.sort_remove', { column: labelOf(key.path) })}
            onClick={() => give(keys.filter((_, index) => index !== place))}
          >
            <IconX size={15} stroke={1.8} />
          </ActionIcon>
        </div>
      ))}
      {keys.length < MAX_SORT_KEYS && free.length > 0 && (
        <Select
          aria-label={t('list.sort_add')}
          placeholder={t('list.sort_add')}
          data={free.map(column => ({ value: column.sortKey ?? '', label: column.label }))}
          value={null}
          onChange={path => path !== null && give([...keys, { path, down: false }])}
          searchable
          nothingFoundMessage={t('input.nothing_found')}
        />
      )}
      {sortChosen && (
        <Button variant="subtle" color="gray" size="xs" onClick={() => change({ sort: undefined })} className={classes.reset ?? ''}>
          {t('list.sort_reset')}
        </Button>
      )}
    </div>
  )
}

/** Which columns show, and in which order. */
export function ColumnsPanel({ entity, columns, change }: ToolbarState & { readonly columns: readonly Column[] }) {
  const { t } = useWords()
  const model = useModel()
  const shown = columns.map(column => column.path)
  const roots = new Set(shown.map(path => columnOf(model, entity, path)?.field).filter(Boolean))
  const hidden = possibleColumns(model, entity).filter(column => !roots.has(column.field))
  const give = (paths: readonly string[]): void => change({ columns: paths.join(',') }, true)
  const move = (place: number, by: number): void => {
    const next = [...shown]
    const [path] = next.splice(place, 1)
    if (path !== undefined) next.splice(place + by, 0, path)
    give(next)
  }
  return (
    <div className={classes.panel}>
      <ul className={classes.list}>
        {columns.map((column, place) => (
          <Line
            key={column.path}
            column={column}
            checked
            onToggle={() => shown.length > 1 && give(shown.filter(path => path !== column.path))}
          >
            <ActionIcon
              size="sm"
              disabled={place === 0}
              aria-label={t('list.column_up', { column: column.label })}
              onClick={() => move(place, -1)}
            >
              <IconArrowUp size={14} stroke={1.8} />
            </ActionIcon>
            <ActionIcon
              size="sm"
              disabled={place === columns.length - 1}
              aria-label={t('list.column_down', { column: column.label })}
              onClick={() => move(place, 1)}
            >
              <IconArrowDown size={14} stroke={1.8} />
            </ActionIcon>
          </Line>
        ))}
        {hidden.map(column => (
          <Line key={column.path} column={column} checked={false} onToggle={() => give([...shown, column.path])} />
        ))}
      </ul>
      <Button variant="subtle" color="gray" size="xs" onClick={() => change({ columns: undefined }, true)} className={classes.reset ?? ''}>
        {t('list.columns_reset')}
      </Button>
    </div>
  )
}

function Line({
  column,
  checked,
  onToggle,
  children,
}: {
  readonly column: Column
  readonly checked: boolean
  readonly onToggle: () => void
  readonly children?: React.ReactNode
}) {
  return (
    <li className={classes.column}>
      <Checkbox size="sm" checked={checked} onChange={onToggle} label={column.label} className={classes.check ?? ''} />
      {children}
    </li>
  )
}
