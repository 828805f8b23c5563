/**
 * The controller of a list: turns the address into a query, keeps the pages, and changes the address. Draws nothing.
 */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Predicate, Query } from '../../../metadata/generated/types.ts'
import { type PageInfo, Problem } from '../api/client.ts'
import { useClient, useModel } from '../api/context.ts'
import type { Model, ModelEntity, ModelView, RecordData } from '../api/model.ts'
import { both, keysOf, type ListAddress, nextSort, permittedSort } from './address.ts'
import { type Column, columnsFor, selectionOf } from './columns.ts'

/** What the toolbar over a list, a board or a calendar shows and changes. */
export interface ToolbarState {
  readonly entity: ModelEntity
  readonly view: ModelView | null
  readonly views: readonly ModelView[]
  /** Null where there are no columns to choose. */
  readonly columns: readonly Column[] | null
  readonly sort: readonly string[]
  readonly q: string | undefined
  readonly where: Predicate | undefined
  /** True where the order is not the view's. */
  readonly sortChosen: boolean
  readonly change: (patch: { readonly [K in keyof ListAddress]?: ListAddress[K] | undefined }, replace?: boolean) => void
}

/** What a list shows. */
export interface ListState extends ToolbarState {
  readonly columns: readonly Column[]
  readonly rows: readonly RecordData[]
  readonly status: 'loading' | 'ready' | 'failed'
  readonly error: unknown
  readonly refreshing: boolean
  readonly page: PageInfo | null
  readonly hasMore: boolean
  readonly loadingMore: boolean
  /** The last try to load more failed; it is not tried again by itself. */
  readonly moreFailed: boolean
  /** True where search or filter narrow the list beyond the view. */
  readonly narrowed: boolean
}

/** What can be done with a list. */
export interface ListActions {
  readonly toggleSort: (key: string, add: boolean) => void
  readonly loadMore: () => void
  readonly retry: () => void
}

const PAGE_SIZE = 50

/** The views of an entity, its default first. */
export function viewsOf(model: Model, entity: string): ModelView[] {
  const views = model.views.filter(view => view.entity === entity)
  return [...views.filter(view => view.default), ...views.filter(view => !view.default)]
}

/** The query of a list, without its paging. */
export function listQuery(
  model: Model,
  entity: ModelEntity,
  view: ModelView | null,
  address: ListAddress,
  columns: readonly Column[],
): Query {
  const where: Predicate | undefined = both(view?.where, address.where)
  const sort = permittedSort(keysOf(address.sort) ?? view?.sort ?? [], entity.fields)
  return {
    select: selectionOf(model, entity, columns),
    ...(where ? { where } : {}),
    ...(sort.length > 0 ? { sort } : {}),
    ...(address.q ? { search: address.q } : {}),
  }
}

/** The toolbar of an address. */
export function toolbarOf(
  model: Model,
  entity: ModelEntity,
  view: ModelView | null,
  address: ListAddress,
  navigate: (address: ListAddress, replace: boolean) => void,
): Omit<ToolbarState, 'columns'> {
  return {
    entity,
    view,
    views: viewsOf(model, entity.key),
    sort: permittedSort(keysOf(address.sort) ?? view?.sort ?? [], entity.fields),
    q: address.q,
    where: address.where,
    sortChosen: address.sort !== undefined,
    change(patch, replace = false) {
      const next = Object.fromEntries(Object.entries({ ...address, ...patch }).filter(([, value]) => value !== undefined && value !== ''))
      navigate(next, replace)
    },
  }
}

/** A list of an entity at an address. */
export function useList(
  entity: ModelEntity,
  view: ModelView | null,
  address: ListAddress,
  navigate: (address: ListAddress, replace: boolean) => void,
): ListState & ListActions {
  const client = useClient()
  const model = useModel()
  const columns = useMemo(() => columnsFor(model, entity, view, keysOf(address.columns)), [model, entity, view, address.columns])
  const query = useMemo(() => listQuery(model, entity, view, address, columns), [model, entity, view, address, columns])
  const limit = Math.min(view?.page_size ?? PAGE_SIZE, entity.caps?.max_page_size ?? PAGE_SIZE)

  const pages = useInfiniteQuery({
    queryKey: ['records', entity.key, 'list', query],
    queryFn: ({ pageParam, signal }) =>
      // The cursor is bound to the whole query: every page asks the same.
      client.page(entity.key, { ...query, limit, count: 'estimated', ...(pageParam === null ? {} : { after: pageParam }) }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: last => last.page.next,
    placeholderData: (previous, before) => (before?.queryKey[1] === entity.key ? previous : undefined),
  })

  const toolbar = useMemo(() => toolbarOf(model, entity, view, address, navigate), [model, entity, view, address, navigate])
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = pages

  return {
    ...toolbar,
    columns,
    rows: useMemo(() => pages.data?.pages.flatMap(page => page.data) ?? [], [pages.data]),
    status: pages.data ? 'ready' : pages.isError ? 'failed' : 'loading',
    error: pages.error,
    refreshing: pages.isFetching && !isFetchingNextPage && !pages.isPending,
    page: pages.data?.pages[0]?.page ?? null,
    hasMore: hasNextPage,
    loadingMore: isFetchingNextPage,
    moreFailed: isFetchNextPageError,
    narrowed: address.q !== undefined || address.where !== undefined,
    toggleSort: (key, add) => toolbar.change({ sort: nextSort(toolbar.sort, key, add).join(',') }),
    loadMore: () => {
      if (!hasNextPage || isFetchingNextPage) return
      // A cursor that is refused stays refused, such as after a change of the model: the list begins anew.
      if (isFetchNextPageError && pages.error instanceof Problem && pages.error.status === 422) void pages.refetch()
      else void fetchNextPage()
    },
    retry: () => void pages.refetch(),
  }
}
