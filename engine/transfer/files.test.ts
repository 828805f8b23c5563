/** How files are written: encodings, delimiters, rows of names, rows. */
import { Readable } from 'node:stream'
import iconv from 'iconv-lite'
import { expect, test } from 'vitest'
import { columnAt, dialectOf } from './csv-dialect.ts'
import { inChunks, type RawRow, readRows, type Script, UnreadableFile } from './read-rows.ts'
import { decodedHead, encodingOf } from './text-encoding.ts'

const head = (bytes: Buffer, whole = true) => ({ bytes, whole })
const ROWS = 'Название;Цена\nМолоток слесарный;1 250,50\nГвозди строительные;99,90\n'
const ACCENTS = 'Nombre;Ciudad\nMuñoz y hermanos, sociedad anónima;A Coruña\n'

test.each([
  ['utf-8', Buffer.from(ROWS)],
  ['utf-8', Buffer.from(`\ufeff${ROWS}`)],
  ['utf-16le', iconv.encode(ROWS, 'utf-16le', { addBOM: true })],
  ['utf-16be', iconv.encode(ROWS, 'utf-16be', { addBOM: true })],
  ['windows-1251', iconv.encode(ROWS, 'windows-1251')],
  ['windows-1252', iconv.encode(ACCENTS, 'windows-1252')],
  ['utf-16le', iconv.encode('name;price\nhammer;12\n', 'utf-16le')],
] as const)('%s is recognised by its bytes', (encoding, bytes) => {
  expect(encodingOf(head(bytes))).toBe(encoding)
})

test('a mark at the beginning counts more than the map, the map more than a guess', () => {
  expect(encodingOf(head(Buffer.from(`\ufeff${ROWS}`)), 'windows-1251')).toBe('utf-8')
  expect(encodingOf(head(iconv.encode(ROWS, 'windows-1251')), 'koi8-u')).toBe('koi8-u')
})

test('a character cut at the end of the head is no mistake, one cut at the end of the file is', () => {
  const cut = Buffer.from('naïve café').subarray(0, -1)
  expect(encodingOf(head(cut, false))).toBe('utf-8')
  expect(encodingOf(head(cut, true))).not.toBe('utf-8')
})

test('spreadsheets and bytes that are no text are told apart from text', () => {
  expect(encodingOf(head(Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x14])))).toBe('spreadsheet')
  expect(encodingOf(head(Buffer.from([0xd0, 0xcf, 0x11, 0xe0])))).toBe('spreadsheet')
  expect(encodingOf(head(Buffer.from('\u0089PNG\r\n\u001a\n\0\0\0\rIHDR', 'latin1')))).toBe('binary')
})

test.each([
  [',', 'a,b,c\n1,2,3\n'],
  [';', 'a;b;c\n1,5;2;3\n'],
  ['\t', 'a\tb\tc\n1\t2\t3\n'],
  ['|', 'a|b|c\r\n1|2|3\n'],
] as const)('%j is found to stand between the columns', (delimiter, text) => {
  expect(dialectOf(text, ['a', 'c'])).toEqual({ delimiter, headerRow: 1, header: ['a', 'b', 'c'] })
})

test('names need not stand in the first row, nor in the order, case and accents of the map', () => {
  const text = 'Report of 2026\n"made by: us, them"\n\n Ciudad ,NOMBRE, Teléfono\nMadrid,Ana,1\n'
  const dialect = dialectOf(text, ['nombre', 'ciudad'])
  expect(dialect).toMatchObject({ delimiter: ',', headerRow: 4 })
  expect('header' in dialect && [columnAt(dialect.header, 'nombre'), columnAt(dialect.header, 'telefono')]).toEqual([1, 2])
})

test('what is missing or stands twice is named, with what is there instead', () => {
  expect(dialectOf('name;price;price\n', ['name', 'price', 'sku'])).toEqual({
    missing: ['sku'],
    found: ['name', 'price', 'price'],
    twice: ['price'],
  })
  expect(dialectOf('1,null,0\n2,0,0\n', ['name'])).toMatchObject({ missing: ['name'] })
})

const script = (delimiter: Script['delimiter'] = ',', encoding: Script['encoding'] = 'utf-8'): Script => ({
  delimiter,
  encoding,
  headerRow: 1,
  header: ['a', 'b'],
})
const rowsOf = async (content: string | Buffer, how = script()): Promise<RawRow[]> => {
  const rows: RawRow[] = []
  // A byte at a time: characters, quotation marks and line ends are cut everywhere.
  for await (const row of readRows(Readable.from([...Buffer.from(content)].map(byte => Buffer.from([byte]))), how)) rows.push(row)
  return rows
}

test('rows are counted as spreadsheets count them; empty ones are left out, whatever ends a line', async () => {
  expect(await rowsOf('a,b\r\n1,2\n\n,\r\n3,"x\ny"\r4,5')).toEqual([
    { row: 2, cells: ['1', '2'] },
    { row: 5, cells: ['3', 'x\ny'] },
    { row: 6, cells: ['4', '5'] },
  ])
})

test('rows after thousands of empty lines keep their number', async () => {
  const rows: RawRow[] = []
  const text = `a,b\n${'\n'.repeat(20_000)}  \n\n1,"x\n\ny"\n\n2,3\n`
  for await (const row of readRows(Readable.from([Buffer.from(text)]), script())) rows.push(row)
  expect(rows).toEqual([
    { row: 20_004, cells: ['1', 'x\n\ny'] },
    { row: 20_006, cells: ['2', '3'] },
  ])
})

test('others have their turn while a file is read, however little it waits for the disk', async () => {
  let turns = 0
  let reading = true
  const other = (): void => {
    turns += 1
    if (reading) setImmediate(other)
  }
  setImmediate(other)
  let rows = 0
  for await (const row of readRows(Readable.from([Buffer.from(`a,b\n${'1,2\n'.repeat(20_000)}`)]), script())) rows += row.cells.length / 2
  reading = false
  expect(rows).toBe(20_000)
  expect(turns).toBeGreaterThan(50)
})

test('quotation marks inside a cell stay, cells made inert come back as they were', async () => {
  expect(await rowsOf('a,b\n5" disk,\'=1+1\n"x"y,\'quoted\'\n')).toEqual([
    { row: 2, cells: ['5" disk', '=1+1'] },
    { row: 3, cells: ['"x"y', "'quoted'"] },
  ])
})

test('characters cut between two pieces of a file are whole again', async () => {
  const rows = await rowsOf(iconv.encode('a|b\nЁлка|ціна\n', 'utf-16le', { addBOM: true }), script('|', 'utf-16le'))
  expect(rows).toEqual([{ row: 2, cells: ['Ёлка', 'ціна'] }])
})

test('a quotation mark that is never closed is told with its row', async () => {
  await expect(rowsOf('a,b\n1,2\n3,"4\n5,6\n')).rejects.toMatchObject({ kind: 'quote', row: 3 })
  await expect(rowsOf('a,b\n1,2\n')).resolves.toHaveLength(1)
  expect(new UnreadableFile('size', 2).row).toBe(2)
})

test('a row without end is told with its row', async () => {
  const endless = Readable.from([Buffer.from('a,b\n1,2\n3,'), ...Array.from({ length: 40 }, () => Buffer.alloc(64 * 1024, 'x'))])
  await expect(async () => {
    for await (const row of readRows(endless, script())) expect(row).toBeDefined()
  }).rejects.toMatchObject({ kind: 'size', row: 3 })
})

test('chunks have the size that is asked for at their beginning', async () => {
  const rows = Array.from({ length: 7 }, (_, index) => ({ row: index, cells: [] }))
  const sizes = [3, 2, 2]
  const chunks: number[] = []
  for await (const chunk of inChunks(Readable.from(rows), () => sizes[chunks.length] ?? 1)) chunks.push(chunk.length)
  expect(chunks).toEqual([3, 2, 2])
})

test('a head in another encoding is read without its mark', () => {
  expect(decodedHead(head(iconv.encode('a;b', 'utf-16le', { addBOM: true })), 'utf-16le')).toBe('a;b')
})
