import readWorkbook from 'read-excel-file/node'
import { expect, test } from 'vitest'
import { fieldTypeOf } from '../field-types/index.ts'
import type { RecordExport } from '../records/index.ts'
import { workbookOf } from './workbook.ts'

const SCOPE = { locale: 'en', timeZone: 'UTC' }
const definition = { key: 'name', type: 'text' }
const name = { key: 'name', definition, declared: definition, type: fieldTypeOf('text'), kind: 'text' }
const columns = [{ name: 'name', path: ['name'], field: name, through: [] }] as unknown as RecordExport['columns']

async function* pagesOf(...pages: string[]): AsyncGenerator<string> {
  yield* pages
}

test('exports at the same time wait for each other and are all made', async () => {
  const books = await Promise.all(
    ['a', 'b', 'c', 'd'].map(text => workbookOf({ columns, pages: pagesOf(JSON.stringify([{ name: text }]), '[]') }, SCOPE)),
  )
  const sheets = await Promise.all(books.map(book => readWorkbook(Buffer.from(book))))
  expect(sheets.map(([sheet]) => sheet?.data)).toEqual(['a', 'b', 'c', 'd'].map(text => [['name'], [text]]))
})

test('more text than a workbook can be made of is refused', async () => {
  const page = JSON.stringify([{ name: 'x'.repeat(51_000_000) }])
  await expect(workbookOf({ columns, pages: pagesOf(page) }, SCOPE)).rejects.toMatchObject({ code: 'TRANSFER_WORKBOOK_TOO_LARGE' })
})

test('what stops the rows stops the workbook', async () => {
  async function* stopped(): AsyncGenerator<string> {
    yield '[]'
    throw new Error('The rights are gone.')
  }
  await expect(workbookOf({ columns, pages: stopped() }, SCOPE)).rejects.toThrow('The rights are gone.')
})
