/** A list at its address: joins the route with the controller and the view that the chosen view asks for. */
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect } from 'react'
import { useEntity, useModel } from '../api/context.ts'
import type { ModelEntity } from '../api/model.ts'
import { notFound } from '../api/client.ts'
import { Failure } from '../shell/failure.tsx'
import { useHotkeys } from '../shell/hotkeys.ts'
import { useTitle } from '../shell/use-title.ts'
import { Waiting } from '../shell/waiting.tsx'
import type { ListAddress } from '../list/address.ts'
import { focusRows } from '../list/focus-rows.ts'
import { rememberAddress } from '../list/last-place.ts'
import { ListView } from '../list/list-view.tsx'
import { useList, viewsOf } from '../list/use-list.ts'

const BoardPage = lazy(async () => ({ default: (await import('../board/board-page.tsx')).BoardPage }))

const CalendarPage = lazy(async () => ({ default: (await import('../calendar/calendar-page.tsx')).CalendarPage }))

/** The page of `/records/{entity}`. */
export function ListPage() {
  const { entity: key } = useParams({ from: '/records/$entity' })
  const entity = useEntity(key)
  return entity ? <EntityList key={key} entity={entity} /> : <Failure page error={notFound} />
}

function EntityList({ entity }: { readonly entity: ModelEntity }) {
  const address = useSearch({ from: '/records/$entity' })
  const views = viewsOf(useModel(), entity.key)
  const view = views.find(candidate => candidate.key === address.view) ?? views[0] ?? null
  useTitle(view && views.length > 1 ? `${view.label} · ${entity.plural_label}` : entity.plural_label)
  const goTo = useNavigate()
  const navigate = useCallback(
    (next: ListAddress, replace: boolean) => void goTo({ to: '/records/$entity', params: { entity: entity.key }, search: next, replace }),
    [goTo, entity.key],
  )
  useEffect(() => rememberAddress(entity.key, address), [entity.key, address])
  useHotkeys({
    ArrowDown: focusRows,
    j: focusRows,
    '/': () => document.querySelector<HTMLInputElement>('[data-list-search]')?.focus(),
    c: () => {
      if (entity.operations.includes('create')) void goTo({ to: '/records/$entity/new', params: { entity: entity.key } })
    },
  })
  if (view?.type === 'board' && view.group_by) {
    return (
      <Suspense fallback={<Waiting page />}>
        <BoardPage entity={entity} view={view} address={address} navigate={navigate} />
      </Suspense>
    )
  }
  if (view?.type === 'calendar' && view.date_field) {
    return (
      <Suspense fallback={<Waiting page />}>
        <CalendarPage entity={entity} view={view} address={address} navigate={navigate} />
      </Suspense>
    )
  }
  return <TablePage entity={entity} view={view} address={address} navigate={navigate} />
}

function TablePage({
  entity,
  view,
  address,
  navigate,
}: {
  readonly entity: ModelEntity
  readonly view: Parameters<typeof useList>[1]
  readonly address: ListAddress
  readonly navigate: Parameters<typeof useList>[3]
}) {
  return <ListView {...useList(entity, view, address, navigate)} />
}
