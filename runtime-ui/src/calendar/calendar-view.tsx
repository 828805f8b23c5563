/** A month of records: weeks and days at a desk, the days that have something on a phone. A view. */
import { ActionIcon, Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconChevronLeft, IconChevronRight, IconInbox } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { fieldOf, type ModelEntity, type ModelView, type RecordData } from '../api/model.ts'
import { textOf } from '../display/field-text.ts'
import { useDisplayScope, Value } from '../display/value.tsx'
import { useWords } from '../i18n/use-words.ts'
import type { Column } from '../list/columns.ts'
import { Notice } from '../shell/failure.tsx'
import { Waiting } from '../shell/waiting.tsx'
import { Panel } from '../shell/panel.tsx'
import { WIDE } from '../shell/wide.ts'
import classes from './calendar.module.css'
import { type CalendarDay, shiftMonth } from './month.ts'

interface CalendarProps {
  readonly entity: ModelEntity
  readonly view: ModelView
  readonly columns: readonly Column[]
  readonly month: string
  readonly today: string
  readonly weeks: readonly (readonly CalendarDay[])[]
  readonly rows: readonly RecordData[]
  readonly loading: boolean
  readonly dayOf: (record: RecordData) => string
  readonly onMonth: (month: string) => void
}

/** Records a day's square has room for. */
const ROOM = 3

/** The calendar. */
export function CalendarView(props: CalendarProps) {
  const { t, locale } = useWords()
  const wide = useMediaQuery(WIDE, matchMedia(WIDE).matches, { getInitialValueInEffect: false })
  const { month, onMonth } = props
  const title = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${month}-15T12:00:00Z`),
  )
  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <ActionIcon aria-label={t('calendar.previous')} onClick={() => onMonth(shiftMonth(month, -1))}>
          <IconChevronLeft size={20} stroke={1.7} />
        </ActionIcon>
        <ActionIcon aria-label={t('calendar.next')} onClick={() => onMonth(shiftMonth(month, 1))}>
          <IconChevronRight size={20} stroke={1.7} />
        </ActionIcon>
        <h2 className={classes.month} aria-live="polite">
          {title}
        </h2>
        <Button variant="default" size="xs" onClick={() => onMonth(props.today.slice(0, 7))}>
          {t('calendar.today')}
        </Button>
      </div>
      {wide ? <Weeks {...props} /> : <Agenda {...props} />}
    </div>
  )
}

function Weeks({ weeks, rows, today, loading, ...props }: CalendarProps) {
  const { t, locale } = useWords()
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
  return (
    <div className={classes.scroller}>
      <table className={classes.table} aria-busy={loading} aria-label={props.view.label}>
        <thead>
          <tr>
            {weeks[0]?.map(day => (
              <th key={day.date} scope="col">
                {weekday.format(new Date(`${day.date}T12:00:00Z`))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map(week => (
            <tr key={week[0]?.date}>
              {week.map(day => {
                const records = rows.filter(record => props.dayOf(record) === day.date)
                const shown = records.length > ROOM ? records.slice(0, ROOM - 1) : records
                return (
                  <td key={day.date} data-outside={!day.inMonth || undefined} data-today={day.date === today || undefined}>
                    <time dateTime={day.date} className={classes.number}>
                      {Number(day.date.slice(8))}
                    </time>
                    {shown.map(record => (
                      <Entry key={record.id} {...props} record={record} />
                    ))}
                    {records.length > shown.length && (
                      <Panel
                        label={t('calendar.more', { count: records.length - shown.length })}
                        icon={null}
                        face={<span className={classes.more}>{t('calendar.more', { count: records.length - shown.length })}</span>}
                      >
                        {() => (
                          <div className={classes.rest}>
                            {records.map(record => (
                              <Entry key={record.id} {...props} record={record} />
                            ))}
                          </div>
                        )}
                      </Panel>
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

function Agenda({ weeks, rows, loading, ...props }: CalendarProps) {
  const { t, locale } = useWords()
  const day = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' })
  const days = weeks.flat().filter(each => each.inMonth && rows.some(record => props.dayOf(record) === each.date))
  if (days.length === 0 && loading) return <Waiting lines={6} />
  if (days.length === 0) return <Notice icon={<IconInbox size={28} stroke={1.5} />} title={t('calendar.empty')} />
  return (
    <div className={classes.scroller} aria-busy={loading}>
      {days.map(each => (
        <section key={each.date} className={classes.day}>
          <h3 className={classes.dayTitle}>{day.format(new Date(`${each.date}T12:00:00Z`))}</h3>
          {rows
            .filter(record => props.dayOf(record) === each.date)
            .map(record => (
              <Entry key={record.id} {...props} record={record} tall />
            ))}
        </section>
      ))}
    </div>
  )
}

type EntryProps = Pick<CalendarProps, 'entity' | 'view' | 'columns'> & { readonly record: RecordData; readonly tall?: boolean }

function Entry({ entity, view, columns, record, tall = false }: EntryProps) {
  const { t } = useWords()
  const scope = useDisplayScope()
  const [title, ...rest] = columns
  const colored = view.color_field ? fieldOf(entity, view.color_field) : undefined
  const color = colored?.options?.find(option => option.value === record[colored.key])?.color ?? 'gray'
  const text = title ? textOf(title.read(record), title.field, scope, record) : ''
  return (
    <Link
      to="/records/$entity/$id"
      params={{ entity: entity.key, id: record.id }}
      className={tall ? classes.tall : classes.entry}
      title={text}
      style={{ '--tint': `var(--nexus-light-${color})`, '--ink': `var(--nexus-on-light-${color})` } as React.CSSProperties}
    >
      <span className={classes.text}>{text || t('record.untitled')}</span>
      {tall && rest.length > 0 && (
        <span className={classes.details}>
          {rest.slice(0, 2).map(column => (
            <span key={column.path}>
              <Value value={column.read(record)} field={column.field} record={column.owner(record)} dense />
            </span>
          ))}
        </span>
      )}
    </Link>
  )
}
