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

const begin =
  (...pages: string[]) =>
  async (): Promise<RecordExport> => ({ columns, pages: pagesOf(...pages) })

test('exports at the same time wait for each other and are all made', async () => {
  const books = await Promise.all(['a', 'b', 'c', 'd'].map(text => workbookOf('one', begin(JSON.stringify([{ name: text }]), '[]'), SCOPE)))
  const sheets = await Promise.all(books.map(book => readWorkbook(Buffer.from(book))))
  expect(sheets.map(([sheet]) => sheet?.data)).toEqual(['a', 'b', 'c', 'd'].map(text => [['name'], [text]]))
})

test('one tenant has one at a time and three waiting, which have read nothing yet; another has his at once', async () => {
  const gate = Promise.withResolvers<void>()
  const begun: string[] = []
  const held = (name: string) => async (): Promise<RecordExport> => {
    begun.push(name)
    await gate.promise
    return begin('[]')()
  }
  const many = ['a1', 'a2', 'a3', 'a4'].map(name => workbookOf('many', held(name), SCOPE))
  await expect(workbookOf('many', held('a5'), SCOPE)).rejects.toMatchObject({
    code: 'TRANSFER_WORKBOOKS_BUSY',
    status: 503,
    headers: { 'retry-after': '10' },
  })
  const other = await workbookOf('other', begin(JSON.stringify([{ name: 'b' }])), SCOPE)
  const [sheet] = await readWorkbook(Buffer.from(other))
  expect(sheet?.data).toEqual([['name'], ['b']])
  expect(begun).toEqual(['a1'])
  gate.resolve()
  await Promise.all(many)
  expect(begun).toEqual(['a1', 'a2', 'a3', 'a4'])
})

test('more text than a workbook can be made of is refused', async () => {
  const page = JSON.stringify([{ name: 'x'.repeat(51_000_000) }])
  await expect(workbookOf('one', begin(page), SCOPE)).rejects.toMatchObject({ code: 'TRANSFER_WORKBOOK_TOO_LARGE' })
})

test('what stops the rows stops the workbook', async () => {
  async function* stopped(): AsyncGenerator<string> {
    yield '[]'
    throw new Error('The rights are gone.')
  }
  await expect(workbookOf('one', async () => ({ columns, pages: stopped() }), SCOPE)).rejects.toThrow('The rights are gone.')
})
