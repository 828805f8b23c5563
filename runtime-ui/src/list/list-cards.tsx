/** A list on a phone: a card per record with its title and the first columns that say something. */
import { Button, Skeleton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useWords } from '../i18n/use-words.ts'
import type { ModelEntity, RecordData } from '../api/model.ts'
import { isBlank } from '../display/field-text.ts'
import { Value } from '../display/value.tsx'
import type { Column } from './columns.ts'
import classes from './list-cards.module.css'
import type { ListActions, ListState } from './use-list.ts'

/** More lines would make a card a form. */
const LINES = 4

/** The cards. */
export function ListCards(props: ListState & ListActions) {
  const { t } = useWords()
  const { rows, columns, entity, status, hasMore, loadMore, loadingMore, moreFailed } = props
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const mark = end.current
    if (!mark || !hasMore || moreFailed) return
    const seen = new IntersectionObserver(entries => entries.some(entry => entry.isIntersecting) && loadMore(), { rootMargin: '400px' })
    seen.observe(mark)
    return () => seen.disconnect()
  }, [hasMore, moreFailed, loadMore])
  if (status === 'loading') {
    return (
      <div className={classes.scroller} role="status" aria-label={t('app.loading')}>
        {Array.from({ length: 6 }, (_, index) => (
          <div key={index} className={classes.card}>
            <Skeleton height={14} width={`${50 + ((index * 31) % 35)}%`} />
            <Skeleton height={10} width="80%" mt={14} />
            <Skeleton height={10} width="60%" mt={10} />
          </div>
        ))}
      </div>
    )
  }
  return (
    <div className={classes.scroller} aria-busy={props.refreshing} data-refreshing={props.refreshing || undefined}>
      <Cards rows={rows} entity={entity} columns={columns} />
      <div ref={end} className={classes.end}>
        {hasMore && (
          <Button variant="default" fullWidth loading={loadingMore} onClick={loadMore}>
            {t('list.load_more')}
          </Button>
        )}
      </div>
    </div>
  )
}

interface CardsProps {
  readonly rows: readonly RecordData[]
  readonly entity: ModelEntity
  readonly columns: readonly Column[]
}

/** Records as cards below each other. */
export function Cards({ rows, entity, columns }: CardsProps) {
  return (
    <ul className={classes.list}>
      {rows.map(record => (
        <Card key={record.id} record={record} entity={entity} columns={columns} />
      ))}
    </ul>
  )
}

function Card(props: { readonly record: RecordData; readonly entity: ModelEntity; readonly columns: readonly Column[] }) {
  const { t } = useWords()
  const { record, entity, columns } = props
  const title = columns.find(column => column.path === entity.title_field) ?? columns[0]
  const lines = columns.filter(column => column !== title && !isBlank(column.read(record))).slice(0, LINES)
  return (
    <li>
      <Link to="/records/$entity/$id" params={{ entity: entity.key, id: record.id }} className={classes.card}>
        <span className={classes.title}>
          {title && !isBlank(title.read(record)) ? (
            <Value value={title.read(record)} field={title.field} record={title.owner(record)} dense />
          ) : (
            t('record.untitled')
          )}
        </span>
        <span className={classes.lines}>
          {lines.map(column => (
            <span key={column.path} className={classes.line}>
              <span className={classes.label}>{column.label}</span>
              <span className={classes.value}>
                <Value value={column.read(record)} field={column.field} record={column.owner(record)} dense />
              </span>
            </span>
          ))}
        </span>
      </Link>
    </li>
  )
}
