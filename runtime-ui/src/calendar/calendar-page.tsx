/** A calendar at its address: the head of a list over the records of one month. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Query } from '../../../metadata/generated/types.ts'
import { useClient, useModel } from '../api/context.ts'
import { fieldOf, type ModelEntity, type ModelView } from '../api/model.ts'
import { instantOf, wallClock } from '../display/time.ts'
import { useNow } from '../display/use-now.ts'
import { useDisplayScope } from '../display/value.tsx'
import { both, type ListAddress } from '../list/address.ts'
import { columnsFor, selectionOf } from '../list/columns.ts'
import { ListHeader } from '../list/list-header.tsx'
import { notFound } from '../api/client.ts'
import { ListToolbar } from '../list/list-toolbar.tsx'
import classes from '../list/list.module.css'
import { toolbarOf } from '../list/use-list.ts'
import { Failure } from '../shell/failure.tsx'
import { CalendarView } from './calendar-view.tsx'
import { weeksOf } from './month.ts'

interface CalendarPageProps {
  readonly entity: ModelEntity
  readonly view: ModelView
  readonly address: ListAddress
  readonly navigate: (address: ListAddress, replace: boolean) => void
}

/** A month of more records than this shows the first ones and says so by its number. */
const MOST = 200

/** The page of a calendar. */
export function CalendarPage({ entity, view, address, navigate }: CalendarPageProps) {
  const client = useClient()
  const model = useModel()
  const { timeZone } = useDisplayScope()
  const today = (wallClock(new Date(useNow()).toISOString(), timeZone) ?? '').slice(0, 10)
  const month = address.month ?? today.slice(0, 7)
  const field = fieldOf(entity, view.date_field ?? '')
  const weeks = weeksOf(month, model.tenant.week_start)
  const from = weeks[0]?.[0]?.date ?? `${month}-01`
  const to = weeks.at(-1)?.at(-1)?.date ?? `${month}-28`
  const columns = useMemo(() => columnsFor(model, entity, view, null), [model, entity, view])
  const timed = field?.kind === 'datetime'
  const bounds = timed ? [instantOf(`${from} 00:00`, timeZone) ?? '', instantOf(`${to} 23:59`, timeZone) ?? ''] : [from, to]
  const query: Query = {
    select: selectionOf(model, entity, columns, [view.date_field ?? '', view.color_field ?? ''].filter(Boolean)),
    where: both(both(view.where, address.where), { [view.date_field ?? '']: { between: bounds } }) ?? {},
    sort: [view.date_field ?? ''],
    limit: Math.min(MOST, entity.caps?.max_page_size ?? MOST),
    count: 'estimated',
    ...(address.q ? { search: address.q } : {}),
  }
  const records = useQuery({
    queryKey: ['records', entity.key, 'calendar', query],
    queryFn: ({ signal }) => client.page(entity.key, query, { signal }),
    enabled: field !== undefined,
    placeholderData: keepPreviousData,
  })
  const dayOf = (value: unknown): string => {
    if (typeof value !== 'string') return ''
    return timed ? (wallClock(value, timeZone) ?? '').slice(0, 10) : value
  }
  return (
    <div className={classes.page}>
      <ListHeader entity={entity} page={records.data?.page ?? null} />
      <ListToolbar {...toolbarOf(model, entity, view, address, navigate)} columns={null} sortable={false} />
      {!field || records.isError ? (
        <Failure error={field ? records.error : notFound} onRetry={() => void records.refetch()} />
      ) : (
        <CalendarView
          entity={entity}
          view={view}
          columns={columns}
          month={month}
          today={today}
          weeks={weeks}
          rows={records.data?.data ?? []}
          loading={records.isPending}
          dayOf={record => dayOf(record[field.key])}
          onMonth={next => navigate({ ...address, month: next }, false)}
        />
      )}
    </div>
  )
}
