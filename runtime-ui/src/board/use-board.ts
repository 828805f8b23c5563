/**
 * The controller of a board: what its columns hold, how many and how much, and moving a card. A move shows at once and is
 * taken back when the engine refuses it. Draws nothing.
 */
import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Aggregate, Predicate, Query } from '../../../metadata/generated/types.ts'
import { type Page, Problem } from '../api/client.ts'
import { useClient, useModel } from '../api/context.ts'
import { fieldOf, type ModelEntity, type ModelField, type ModelOption, type ModelView, type RecordData } from '../api/model.ts'
import { useWords } from '../i18n/use-words.ts'
import { statesUnder } from '../form/states.ts'
import { both, keysOf, type ListAddress, permittedSort } from '../list/address.ts'
import { type Column, columnsFor, selectionOf } from '../list/columns.ts'
import { useEnv } from '../record/use-env.ts'
import { toast } from '../shell/toasts.ts'

/** A board and how it is asked for. */
export interface Board {
  readonly entity: ModelEntity
  readonly view: ModelView
  readonly group: ModelField
  /** Where cards can go. */
  readonly options: readonly ModelOption[]
  /** Options that no process of this board leads to: shown only where records stand there nevertheless. */
  readonly strays: readonly ModelOption[]
  readonly columns: readonly Column[]
  /** What is summed per column, if the caller may sum it. */
  readonly sum: ModelField | null
  readonly query: Query
}

/** How many records a column has, and how much they are worth. */
export interface BoardTotal {
  readonly count: number
  readonly sum: string | null
}

const PAGE_SIZE = 25

/** The board of a view at an address; null where its field does not exist for the caller. */
export function useBoard(entity: ModelEntity, view: ModelView, address: ListAddress): Board | null {
  const model = useModel()
  const env = useEnv()
  return useMemo(() => {
    const group = fieldOf(entity, view.group_by ?? '')
    if (!group?.options) return null
    const columns = columnsFor(model, entity, view, null).filter(column => column.field.key !== group.key)
    const sum = fieldOf(entity, view.sum_field ?? '')
    const where = both(view.where, address.where)
    const sort = permittedSort(keysOf(address.sort) ?? view.sort ?? [], entity.fields)
    const states = statesUnder(model, entity, group.key, where, env)
    const live = group.options.filter(option => !option.retired)
    return {
      entity,
      view,
      group,
      options: live.filter(option => states === null || states.includes(option.value)),
      strays: live.filter(option => states !== null && !states.includes(option.value)),
      columns,
      sum: sum?.measures?.includes('sum') ? sum : null,
      query: {
        select: selectionOf(model, entity, columns, [group.key]),
        ...(where ? { where } : {}),
        ...(sort.length > 0 ? { sort } : {}),
        ...(address.q ? { search: address.q } : {}),
      },
    }
  }, [model, entity, view, address, env])
}

/** The totals of every column in one question. Empty until they are there, or where grouping is not permitted. */
export function useBoardTotals(board: Board): ReadonlyMap<string, BoardTotal> {
  const client = useClient()
  const { entity, group, sum, query } = board
  const aggregate: Aggregate = {
    group_by: [group.key],
    measures: { n: { count: '*' }, ...(sum ? { total: { sum: sum.key } } : {}) },
    ...(query.where ? { where: query.where } : {}),
    ...(query.search ? { search: query.search } : {}),
  }
  const totals = useQuery({
    queryKey: ['records', entity.key, 'totals', aggregate],
    queryFn: ({ signal }) => client.aggregate(entity.key, aggregate, { signal }),
    enabled: group.groupable === true,
  })
  return useMemo(
    () =>
      new Map(
        (totals.data ?? []).map(row => [
          String(row[group.key] ?? ''),
          { count: Number(row['n'] ?? 0), sum: typeof row['total'] === 'string' ? row['total'] : null },
        ]),
      ),
    [totals.data, group.key],
  )
}

function columnKey(board: Board, option: string) {
  return ['records', board.entity.key, 'board', board.query, option] as const
}

/** The records of one column. */
export function useBoardColumn(board: Board, option: string) {
  const client = useClient()
  const here: Predicate = { [board.group.key]: { eq: option } }
  const where = both(board.query.where, here) ?? here
  return useInfiniteQuery({
    queryKey: columnKey(board, option),
    queryFn: ({ pageParam, signal }) =>
      client.page(
        board.entity.key,
        { ...board.query, where, limit: PAGE_SIZE, ...(pageParam === null ? {} : { after: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: last => last.page.next,
  })
}

type Pages = InfiniteData<Page<RecordData>, string | null>

/** Moves a record to another column. */
export function useMove(board: Board): (record: RecordData, from: string, to: string) => Promise<void> {
  const client = useClient()
  const queries = useQueryClient()
  const { t } = useWords()
  return async (record, from, to) => {
    if (from === to) return
    const moved = { ...record, [board.group.key]: to }
    queries.setQueryData<Pages>(columnKey(board, from), pages => pages && without(pages, record.id))
    queries.setQueryData<Pages>(columnKey(board, to), pages => pages && withFirst(pages, moved))
    try {
      await client.update(board.entity.key, record, { [board.group.key]: to })
      const column = board.options.find(option => option.value === to)?.label ?? to
      toast(t('board.moved', { column }))
    } catch (error) {
      toast(`${t('board.move_failed')}. ${reasonOf(error, board.group.key)}`, { kind: 'failed' })
    } finally {
      void queries.invalidateQueries({ queryKey: ['records', board.entity.key] })
      void queries.invalidateQueries({ queryKey: ['record', board.entity.key, record.id] })
    }
  }
}

function without(pages: Pages, id: string): Pages {
  return { ...pages, pages: pages.pages.map(page => ({ ...page, data: page.data.filter(record => record.id !== id) })) }
}

function withFirst(pages: Pages, record: RecordData): Pages {
  const [first, ...rest] = pages.pages
  return first ? { ...pages, pages: [{ ...first, data: [record, ...first.data] }, ...rest] } : pages
}

/** What the engine says of the move itself, else the first thing it says. */
function reasonOf(error: unknown, field: string): string {
  const errors = error instanceof Problem ? error.errors : []
  const said = (errors.find(each => each.pointer === `/${field}`) ?? errors[0])?.message
  return said ?? (error instanceof Error ? error.message : '')
}
