/**
 * Writes exported records as a workbook (.xlsx). Unlike the other formats it is made as a whole, by a process beside the engine that is killed
 * when it takes too much or too long: an export neither holds up other requests nor endangers them.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import type { CellScope } from '../field-types/index.ts'
import { Turns } from '../kernel/turns.ts'
import type { RecordExport } from '../records/index.ts'
import { transferErrors } from './errors.ts'
import { type SheetCell, sheetCell, type SheetColumn, sheetColumn } from './sheet-cell.ts'

/** What is sent to the process: the head, then rows, then word that there are no more. */
export type WorkbookPart = { readonly columns: readonly SheetColumn[] } | { readonly rows: readonly (readonly SheetCell[])[] } | 'end'

const HEAP_MB = 512
const WITHIN_MS = 60_000
/** All text of a workbook; the process takes some eight times as much. */
const TEXT_CHARACTERS = 50_000_000
/** More at once take turns: each may take the whole heap above, and a processor for as long as it is made. */
const AT_ONCE = 2
/** Of one tenant, who would otherwise have both. */
const AT_ONCE_EACH = 1
/** Of one tenant; what comes then is refused at once. */
const WAITING = 3
const PATIENCE_MS = 30_000

/** Made behind everything else that this machine has to do: answers to requests first. */
const NICENESS = 10

const turns = new Turns({
  places: AT_ONCE,
  each: AT_ONCE_EACH,
  waiting: () => WAITING,
  refusal: () => transferErrors.WORKBOOKS_BUSY({}, { headers: { 'retry-after': '10' } }),
})

/**
 * The workbook of an export, which begins only when it is its tenant's turn: what waits has read nothing and holds nothing. Throws
 * TRANSFER_WORKBOOK_TOO_LARGE, TRANSFER_WORKBOOKS_BUSY, and whatever beginning the export and reading its rows throws.
 */
export function workbookOf(tenantId: string, begin: () => Promise<RecordExport>, scope: CellScope): Promise<Uint8Array> {
  return turns.run(tenantId, async () => write(await begin(), scope), PATIENCE_MS)
}

async function write({ columns, pages }: RecordExport, scope: CellScope): Promise<Uint8Array> {
  const child = fork(join(import.meta.dirname, 'workbook-process.ts'), {
    env: {},
    execArgv: [`--max-old-space-size=${HEAP_MB}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  if (child.pid !== undefined) setPriority(child.pid, NICENESS)
  const timer = setTimeout(() => child.kill('SIGKILL'), WITHIN_MS)
  const answer = Promise.race([
    once(child, 'message').then(([bytes]) => bytes as Uint8Array),
    once(child, 'exit').then(() => Promise.reject(transferErrors.WORKBOOK_TOO_LARGE({}))),
  ])
  // Sending fails first where the process is gone; why it is gone is told below.
  answer.catch(() => undefined)
  try {
    await send(child, { columns: columns.map(column => sheetColumn(column, scope)) })
    let characters = 0
    for await (const page of pages) {
      characters += page.length
      if (characters > TEXT_CHARACTERS) throw transferErrors.WORKBOOK_TOO_LARGE({})
      const rows = JSON.parse(page) as unknown[]
      await send(child, { rows: rows.map(row => columns.map(column => sheetCell(column, row, scope))) })
    }
    await send(child, 'end')
    return await answer
  } finally {
    clearTimeout(timer)
    child.kill('SIGKILL')
  }
}

/** Resolves when the part has left, so that pages are read no faster than they are taken; a process that is gone takes everything. */
function send(child: ChildProcess, part: WorkbookPart): Promise<void> {
  return new Promise(done => child.send(part, () => done()))
}
