/** One column of a board: its name, how much is in it, its cards. Cards are dragged, or moved by a menu. A view. */
import { Button, Skeleton } from '@mantine/core'
import { IconArrowsHorizontal } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { RecordData } from '../api/model.ts'
import { isBlank, textOf } from '../display/field-text.ts'
import { formatCompactMoney, formatNumber } from '../display/number.ts'
import { ChoiceBadge, useDisplayScope, Value } from '../display/value.tsx'
import { useWords } from '../i18n/use-words.ts'
import { Panel, PanelItem } from '../shell/panel.tsx'
import classes from './board.module.css'
import type { Board, BoardTotal } from './use-board.ts'

interface ColumnViewProps {
  readonly board: Board
  readonly option: string
  readonly total: BoardTotal | null
  readonly rows: readonly RecordData[]
  readonly status: 'loading' | 'ready' | 'failed'
  readonly error: unknown
  readonly hasMore: boolean
  readonly onMore: () => void
  readonly onMove: (record: RecordData, from: string, to: string) => void
}

/** What a dragged card carries: the record and where it comes from. Browsers show types, not data, while dragging. */
const CARD = 'application/x-nexus-card'

/** The column. */
export function BoardColumnView(props: ColumnViewProps) {
  const { t, locale } = useWords()
  const { currency } = useDisplayScope()
  const { board, option, rows, status, total } = props
  const [over, setOver] = useState(false)
  const name = board.group.options?.find(candidate => candidate.value === option)?.label ?? option
  return (
    <section
      className={classes.column}
      aria-label={name}
      data-over={over || undefined}
      data-empty={(status === 'ready' && rows.length === 0) || undefined}
      onDragOver={event => {
        if (!event.dataTransfer.types.includes(CARD)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        setOver(false)
        const card = JSON.parse(event.dataTransfer.getData(CARD) || 'null') as { record: RecordData; from: string } | null
        if (card) props.onMove(card.record, card.from, option)
      }}
    >
      <header className={classes.head}>
        <ChoiceBadge value={option} field={board.group} />
        {total && <span className={classes.count}>{formatNumber(total.count, locale)}</span>}
        {total?.sum && total.count > 0 && <span className={classes.sum}>{formatCompactMoney(total.sum, currency, locale)}</span>}
      </header>
      <div className={classes.cards}>
        {status === 'loading' && [0, 1, 2].map(index => <Skeleton key={index} height={84} radius="md" />)}
        {status === 'failed' && <p className={classes.note}>{props.error instanceof Error ? props.error.message : t('error.title')}</p>}
        {status === 'ready' && rows.length === 0 && <p className={classes.note}>{t('board.empty')}</p>}
        {rows.map(record => (
          <Card key={record.id} {...props} record={record} />
        ))}
        {props.hasMore && (
          <Button variant="subtle" color="gray" size="xs" onClick={props.onMore}>
            {t('board.more')}
          </Button>
        )}
      </div>
    </section>
  )
}

function Card({ board, option, record, onMove }: ColumnViewProps & { readonly record: RecordData }) {
  const { t } = useWords()
  const scope = useDisplayScope()
  const [title, ...rest] = board.columns
  const canMove = board.entity.operations.includes('update') && board.group.right === 'write'
  const heading = title ? textOf(title.read(record), title.field, scope, record) : ''
  return (
    <article
      className={classes.card}
      draggable={canMove}
      onDragStart={event => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData(CARD, JSON.stringify({ record, from: option }))
      }}
    >
      <Link to="/records/$entity/$id" params={{ entity: board.entity.key, id: record.id }} className={classes.title} draggable={false}>
        {heading || t('record.untitled')}
      </Link>
      <div className={classes.lines}>
        {rest
          .filter(column => !isBlank(column.read(record)))
          .map(column => (
            <span key={column.path} className={classes.line} title={column.label}>
              <Value value={column.read(record)} field={column.field} record={column.owner(record)} dense />
            </span>
          ))}
      </div>
      {canMove && (
        <Panel
          label={`${t('board.move')}: ${heading}`}
          icon={<IconArrowsHorizontal size={15} stroke={1.7} />}
          align="end"
          width={240}
          className={classes.move}
        >
          {close =>
            board.options
              .filter(other => other.value !== option)
              .map(other => (
                <PanelItem
                  key={other.value}
                  icon={<span className={classes.dot} style={{ background: `var(--mantine-color-${other.color ?? 'gray'}-6)` }} />}
                  onClick={() => {
                    close()
                    onMove(record, option, other.value)
                  }}
                >
                  {other.label}
                </PanelItem>
              ))
          }
        </Panel>
      )}
    </article>
  )
}
