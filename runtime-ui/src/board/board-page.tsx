/** A board at its address: the head of a list over columns instead of a table. */
import type { ModelEntity, ModelView } from '../api/model.ts'
import { useModel } from '../api/context.ts'
import type { ListAddress } from '../list/address.ts'
import { ListHeader } from '../list/list-header.tsx'
import { ListToolbar } from '../list/list-toolbar.tsx'
import { notFound } from '../api/client.ts'
import classes from '../list/list.module.css'
import { toolbarOf } from '../list/use-list.ts'
import { Failure } from '../shell/failure.tsx'
import { BoardColumns } from './board-columns.tsx'
import { BoardColumnView } from './board-column-view.tsx'
import { useBoard, useBoardColumn, useBoardTotals, useMove, type Board, type BoardTotal } from './use-board.ts'

interface BoardPageProps {
  readonly entity: ModelEntity
  readonly view: ModelView
  readonly address: ListAddress
  readonly navigate: (address: ListAddress, replace: boolean) => void
}

/** The page of a board. */
export function BoardPage({ entity, view, address, navigate }: BoardPageProps) {
  const model = useModel()
  const board = useBoard(entity, view, address)
  return (
    <div className={classes.page}>
      <ListHeader entity={entity} />
      <ListToolbar {...toolbarOf(model, entity, view, address, navigate)} columns={null} />
      {board ? <Columns board={board} /> : <Failure error={notFound} />}
    </div>
  )
}

function Columns({ board }: { readonly board: Board }) {
  const totals = useBoardTotals(board)
  const move = useMove(board)
  const shown = [...board.options, ...board.strays.filter(option => (totals.get(option.value)?.count ?? 0) > 0)]
  return (
    <BoardColumns label={board.view.label}>
      {shown.map(option => (
        <Column
          key={option.value}
          board={board}
          option={option.value}
          total={totals.get(option.value)}
          known={totals.size > 0}
          onMove={move}
        />
      ))}
    </BoardColumns>
  )
}

interface ColumnProps {
  readonly board: Board
  readonly option: string
  readonly total: BoardTotal | undefined
  readonly known: boolean
  readonly onMove: ReturnType<typeof useMove>
}

function Column({ board, option, total, known, onMove }: ColumnProps) {
  const column = useBoardColumn(board, option)
  return (
    <BoardColumnView
      board={board}
      option={option}
      total={total ?? (known ? { count: 0, sum: null } : null)}
      rows={column.data?.pages.flatMap(page => page.data) ?? []}
      status={column.data ? 'ready' : column.isError ? 'failed' : 'loading'}
      error={column.error}
      hasMore={column.hasNextPage}
      onMore={() => void column.fetchNextPage()}
      onMove={(record, from, to) => void onMove(record, from, to)}
    />
  )
}
