/**
 * Writes exported records as a workbook (.xlsx). Unlike the other formats it is made as a whole, by a process beside the engine that is killed
 * when it takes too much or too long: an export neither holds up other requests nor endangers them.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { CellScope } from '../field-types/index.ts'
import type { RecordExport } from '../records/index.ts'
import { transferErrors } from './errors.ts'
import { type SheetCell, sheetCell, type SheetColumn, sheetColumn } from './sheet-cell.ts'

/** What is sent to the process: the head, then rows, then word that there are no more. */
export type WorkbookPart = { readonly columns: readonly SheetColumn[] } | { readonly rows: readonly (readonly SheetCell[])[] } | 'end'

const HEAP_MB = 512
const WITHIN_MS = 60_000
/** All text of a workbook; the process takes some eight times as much. */
const TEXT_CHARACTERS = 50_000_000
/** More at once wait for each other: each may take the whole heap above. */
const AT_ONCE = 2

let running = 0
const waiting: (() => void)[] = []

/** The workbook of an export. Throws TRANSFER_WORKBOOK_TOO_LARGE, and whatever reading the rows throws. */
export async function workbookOf(exported: RecordExport, scope: CellScope): Promise<Uint8Array> {
  while (running >= AT_ONCE) await new Promise<void>(go => waiting.push(go))
  running += 1
  try {
    return await write(exported, scope)
  } finally {
    running -= 1
    waiting.shift()?.()
  }
}

async function write({ columns, pages }: RecordExport, scope: CellScope): Promise<Uint8Array> {
  const child = fork(join(import.meta.dirname, 'workbook-process.ts'), {
    env: {},
    execArgv: [`--max-old-space-size=${HEAP_MB}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
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
