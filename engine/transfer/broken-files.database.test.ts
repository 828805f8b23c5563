/** Files as people send them, and files that are broken: each is told clearly what is wrong, none ends anything. */
import { buffer } from 'node:stream/consumers'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ImportHouse, type ImportTenant, openImportHouse, readShared } from '../test/harness/imports.ts'
import type { ImportView } from './index.ts'

let house: ImportHouse
let tenant: ImportTenant
beforeAll(async () => {
  house = await openImportHouse({ background: true })
  tenant = await house.tenant('messy')
})
afterAll(() => house.close())

/** A map onto customers: a column per field. */
const customers = (columns: Record<string, string | object>, more: object = {}) => ({
  entity: 'customer',
  columns: Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, typeof column === 'string' ? { field: column } : column]),
  ),
  ...more,
})
const NAMES = customers({ name: 'name', city: 'office_location', since: 'customer_since', staff: 'employees' })

async function imported(map: string | object, content: string | Buffer): Promise<ImportView & { rows: [number, string][] }> {
  const view = await house.run(tenant, map, content)
  const rows = (await house.rows(tenant, view.id)).flatMap(row =>
    (row.problems ?? []).map((problem): [number, string] => [row.row, `${problem.column ?? '–'} ${problem.code}`]),
  )
  return { ...view, rows }
}

test.each([
  ['an empty file', '', 'TRANSFER_FILE_EMPTY'],
  ['a file of blanks', ' \r\n\r\n', 'TRANSFER_FILE_EMPTY'],
  ['a spreadsheet', Buffer.from([0x50, 0x4b, 0x03, 0x04, 0, 0, 0, 0]), 'TRANSFER_FILE_NO_TEXT'],
  ['an image', Buffer.from('\u0089PNG\r\n\u001a\n\0\0\0\rIHDR', 'latin1'), 'TRANSFER_FILE_NO_TEXT'],
  ['a file without the columns', 'a,b\n1,2\n', 'TRANSFER_FILE_COLUMNS'],
  ['a file that names a column twice', 'name,name,city,since,staff\nA,B,C,,\n', 'TRANSFER_FILE_COLUMNS'],
])('%s is refused at once, and no job is there', async (_, content, code) => {
  const answer = await house.send(tenant.token, NAMES, content)
  expect([answer.status, answer.body['code']]).toEqual([422, code])
  expect(await house.sql('select 1 from nexus.job where tenant_id = $1', [tenant.id])).toEqual([])
})

test('a quotation mark that is never closed ends the import before anything is written', async () => {
  const view = await imported(NAMES, 'name,city,since,staff\nAcme,Rome,,1\nBeta,"Oslo,,2\nGamma,Bern,,3\n')
  expect(view).toMatchObject({
    status: 'failed',
    counts: { created: 0 },
    failure: {
      code: 'TRANSFER_FILE_QUOTE',
      detail: 'From row 3 on a quotation mark stays open to the end of the file. Nothing was imported.',
    },
  })
})

test('a file of more rows than its sender may import is read no further than that', async () => {
  const rep = await house.person(tenant, ['rep'])
  const file = `name,city,since,staff\n${'Acme,Rome,,1\n'.repeat(20_000)}Beta,"Oslo`
  const sent = await house.send(rep.token, NAMES, file)
  const view = await house.ended(rep.token, String(sent.body['data']?.['id']))
  expect(view).toMatchObject({ status: 'failed', counts: { created: 0 }, failure: { code: 'TRANSFER_FILE_TOO_MANY_ROWS' } })
})

test('a cell that is no id spoils its own row alone', async () => {
  const made = await house.call('POST', '/api/records/customer', tenant.token, { name: 'Named by its id', party: ['client'] })
  const id = String(made.body['data']?.['id'])
  const map = customers({ id: 'id', name: 'name' }, { match: ['id'], mode: 'update' })
  expect(await imported(map, `id,name\n1,One\n${id},Two\n`)).toMatchObject({
    status: 'done',
    counts: { updated: 1, failed: 1 },
    rows: [[2, '– TRANSFER_MATCH_MISSING']],
  })
})

test('each row tells what is wrong with it; the others arrive', async () => {
  const file = [
    'name,city,since,staff',
    'Acme,Rome,2026-01-31,12',
    'Beta,null,2026-02-30,x',
    ',Oslo,,',
    'Gamma,Bern',
    'Delta,Bern,,1,surplus',
    ',,,',
    '',
    '"Epsilon ""E""",#N/A,31.12.2025,-5',
    `Zeta,"a\nb",${'9'.repeat(30)},1e3`,
    `${'n'.repeat(201)},,,`,
    'Eta,,,7,',
    '__proto__,<script>,,8',
  ].join('\n')
  const view = await imported(NAMES, file)
  expect(view.rows).toEqual([
    [3, 'city TRANSFER_NULL_TEXT'],
    [3, 'since VALIDATE_CELL_DATE'],
    [3, 'staff VALIDATE_CELL_NUMBER'],
    [4, 'name VALIDATE_REQUIRED'],
    [5, '– TRANSFER_ROW_LENGTH'],
    [6, '– TRANSFER_ROW_LENGTH'],
    [9, 'city TRANSFER_NULL_TEXT'],
    [9, 'staff VALIDATE_MINIMUM'],
    [10, 'city TRANSFER_LINE_BREAK'],
    [10, 'since VALIDATE_CELL_DATE'],
    [10, 'staff VALIDATE_CELL_NUMBER'],
    [11, 'name VALIDATE_MAX_LENGTH'],
  ])
  expect(view).toMatchObject({ status: 'done', counts: { created: 3, failed: 7 }, progress: { total: 10, done: 10 } })
})

test('a dry run finds the same problems in the same rows, and mended rows of the error file arrive', async () => {
  const file = 'name,city,since,staff\nTheta,Rome,2026-13-01,1\nIota,=1+1,,2\nKappa,Oslo,,many\n'
  const tried = await house.run(tenant, NAMES, file, { dryRun: true })
  const view = await house.run(tenant, NAMES, file)
  expect(await house.rows(tenant, tried.id)).toEqual(await house.rows(tenant, view.id))
  const errors = await house.call('GET', `/api/import/${view.id}/errors`, tenant.token)
  expect(errors.text).toBe(
    '\ufeffname,city,since,staff,row,problem\r\nTheta,Rome,2026-13-01,1,2,since: Customer since: “2026-13-01” is not a day; write YYYY-MM-DD.\r\nKappa,Oslo,,many,4,"staff: Employees: “many” is not a number as it is written here, such as 1234.5."\r\n',
  )
  const mended = errors.text.replace('2026-13-01,1', '2026-12-01,1').replace('many', '5')
  expect((await house.run(tenant, NAMES, mended)).counts).toMatchObject({ created: 2, failed: 0 })
  const [row] = await house.sql<{ data: Record<string, string> }>(
    `select data from nexus.record where tenant_id = $1 and entity_no = 1052 and data->>'1054' = 'Iota'`,
    [tenant.id],
  )
  expect(Object.values(row?.data ?? {})).toContain('=1+1')
})

test('an error file comes in the encoding and with the separators of the file it is about', async () => {
  const map = customers({ Название: 'name', Сотрудников: 'employees' }, { encoding: 'windows-1251', delimiter: ';' })
  const view = await house.run(tenant, map, iconv.encode('Название;Сотрудников\nООО «Ёж»;семь\n', 'windows-1251'))
  const ctx = await house.context(tenant)
  const { content } = await house.wired.engine.imports.errors(ctx, view.id)
  const bytes = await buffer(content)
  expect(iconv.decode(bytes, 'windows-1251')).toMatch(/^Название;Сотрудников;row;problem\r\nООО «Ёж»;семь;2;/)
})

test('bytes that are no characters in the encoding of the map are told', async () => {
  const view = await imported(
    customers({ name: 'name' }, { encoding: 'utf-8' }),
    Buffer.concat([Buffer.from('name\nM'), Buffer.from([0xfc]), Buffer.from('ller\nMeier\n')]),
  )
  expect(view).toMatchObject({ counts: { created: 1, failed: 1 }, rows: [[2, 'name TRANSFER_ENCODING']] })
})

test('a row of which an earlier one speaks already is refused, in a dry run as in the real one, across chunks', async () => {
  const map = customers({ name: 'name', staff: 'employees' }, { match: ['name'] })
  const file = ['name,staff', ...Array.from({ length: 620 }, (_, index) => `Twin ${index % 610},${index}`)].join('\n')
  const tried = await house.run(tenant, map, file, { dryRun: true })
  const view = await house.run(tenant, map, file)
  expect([tried.counts, view.counts]).toEqual([view.counts, { created: 610, updated: 0, unchanged: 0, failed: 10, incomplete: 0 }])
  const [first] = await house.rows(tenant, view.id).then(rows => rows.filter(row => row.problems !== undefined))
  expect(first).toMatchObject({ row: 612, problems: [{ code: 'TRANSFER_DUPLICATE_ROW', message: 'Row 2 is about the same record.' }] })
})

test('a unique value that another row takes is refused in a dry run as in the real one, across chunks', async () => {
  const map = customers({ name: 'name', tax: 'tax_id' })
  const file = ['name,tax', ...Array.from({ length: 520 }, (_, index) => `Payer ${index},T-${index === 519 ? 0 : index}`)].join('\n')
  const tried = await house.run(tenant, map, file, { dryRun: true })
  const view = await house.run(tenant, map, file)
  expect(await house.rows(tenant, tried.id)).toEqual(
    await house.rows(tenant, view.id).then(rows => rows.filter(row => row.problems !== undefined)),
  )
  expect([tried.counts, view.counts]).toEqual([view.counts, { created: 519, updated: 0, unchanged: 0, failed: 1, incomplete: 0 }])
})

test('rows that refer to each other in a circle, to themselves or to nobody are told; what is sound is linked', async () => {
  const map = customers({ name: 'name', parent: { field: 'subsidiary_of', lookup: { by: 'name' } } }, { match: ['name'] })
  const file =
    'name,parent\nCircle A,Circle B\nCircle B,Circle A\nNarcissus,Narcissus\nOrphan,Nobody there\nChild,Mother\nGrandchild,Child\n,Mother\nMother,\nLost,Ghost\nGhost,null\n'
  const tried = await house.run(tenant, map, file, { dryRun: true })
  const view = await imported(map, file)
  expect(view.rows).toEqual([
    [4, 'parent VALIDATE_RULE'],
    [4, '– TRANSFER_WITHOUT_REFERENCE'],
    [5, 'parent TRANSFER_LOOKUP_MISSING'],
    [8, '– TRANSFER_MATCH_EMPTY'],
    [10, 'parent TRANSFER_LOOKUP_MISSING'],
    [10, '– TRANSFER_WITHOUT_REFERENCE'],
    [11, 'parent TRANSFER_NULL_TEXT'],
  ])
  expect(view.counts).toEqual({ created: 7, updated: 0, unchanged: 0, failed: 3, incomplete: 2 })
  const told = (rows: Awaited<ReturnType<typeof house.rows>>) =>
    rows.filter(row => row.problems !== undefined).map(row => [row.row, row.op, row.problems])
  expect([tried.counts, told(await house.rows(tenant, tried.id))]).toEqual([view.counts, told(await house.rows(tenant, view.id))])
  const again = await house.run(tenant, map, 'name,parent\nCircle A,Circle B\nChild,Mother\nGrandchild,Child\n')
  expect(again.counts).toMatchObject({ unchanged: 3, updated: 0 })
})

const real = async (name: string): Promise<Buffer | null> => {
  const file = await readShared(`messy/${name}`)
  if (file === null)
    console.warn(`\n*** SKIPPED: messy/${name} is not beside this checkout; set NEXUS_TEST_DATA to the folder that holds it. ***\n`)
  return file
}

test.each([
  [
    'complex.csv',
    customers({ place: 'name', date: 'customer_since', temperature: 'annual_revenue' }),
    { created: 1, failed: 2 },
    ['place VALIDATE_REQUIRED', 'temperature VALIDATE_MINIMUM'],
  ],
  [
    'simple.ssv',
    customers({ place: 'name', date: 'customer_since', temperature: 'annual_revenue' }),
    { created: 5, failed: 1 },
    ['temperature VALIDATE_MINIMUM'],
  ],
  ['simple.psv', customers({ Year: 'name', 'All dwellings': 'employees' }), { created: 28, failed: 0 }, []],
  ['excel_pasting.csv', customers({ Year: 'name', 2007: 'employees' }), { created: 13, failed: 3 }, ['Year TRANSFER_LINE_BREAK']],
  [
    'spanish_chars.csv',
    customers({ F: 'name', GF: 'office_location', 'Gasto total 2011': 'annual_revenue', Descripción: 'description' }),
    { created: 24, failed: 91 },
    ['F VALIDATE_REQUIRED'],
  ],
  [
    'sparse_with_column_errors.csv',
    customers({ Bezeichnung: 'name', LP: 'office_location' }),
    { created: 1896, failed: 304 },
    ['Bezeichnung VALIDATE_REQUIRED'],
  ],
] as const)('%s, as it was sent', { timeout: 60_000 }, async (name, map, counts, problems) => {
  const file = await real(name)
  if (file === null) return
  const view = await imported(map, file)
  expect([
    view.status,
    { created: view.counts.created, failed: view.counts.failed },
    [...new Set(view.rows.map(([, problem]) => problem))],
  ]).toEqual(['done', counts, problems])
})

test.each([
  ['null.csv', 'TRANSFER_FILE_COLUMNS'],
  ['utf8bom.csv', 'TRANSFER_FILE_COLUMNS'],
  ['simple.xls', 'TRANSFER_FILE_NO_TEXT'],
  ['simple.xlsx', 'TRANSFER_FILE_NO_TEXT'],
  ['begrotingsanalyse-2011.csv', 'TRANSFER_FILE_COLUMNS'],
  ['weird_head_padding.csv', 'TRANSFER_FILE_COLUMNS'],
])('%s has not the columns, or is no text: it is refused at once', async (name, code) => {
  const file = await real(name)
  if (file === null) return
  const answer = await house.send(tenant.token, NAMES, file, { filename: name })
  expect([answer.status, answer.body['code']]).toEqual([422, code])
})

test('weird_head_padding.csv: names below a long preamble are found', async () => {
  const file = await real('weird_head_padding.csv')
  if (file === null) return
  const view = await imported(customers({ 2010: 'employees' }, { defaults: { name: 'Ärzte' }, decimal_separator: ',' }), file)
  expect([view.status, view.file.header_row > 5, view.counts.failed > 0, view.counts.created > 20]).toEqual(['done', true, true, true])
})
