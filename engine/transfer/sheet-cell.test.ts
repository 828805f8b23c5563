import { expect, test } from 'vitest'
import { fieldTypeOf } from '../field-types/index.ts'
import type { ExportColumn } from '../shape/index.ts'
import { sheetCell, sheetColumn } from './sheet-cell.ts'

const BERLIN = { locale: 'ru', timeZone: 'Europe/Berlin' }

function column(
  definition: { readonly type: string; readonly [member: string]: unknown },
  through: ExportColumn['through'] = [],
): ExportColumn {
  const type = fieldTypeOf(definition.type as Parameters<typeof fieldTypeOf>[0])
  const field = { key: 'f', definition, declared: definition, type, kind: type.kindOf(definition as never) }
  return { name: 'f', path: ['f'], field: field as unknown as ExportColumn['field'], through }
}

const cell = (definition: Parameters<typeof column>[0], value: unknown) => sheetCell(column(definition), { f: value }, BERLIN)

test.each([
  ['money', { type: 'money' }, '1250.00', 1250],
  ['an integer', { type: 'integer' }, -7, -7],
  ['a percentage', { type: 'percent' }, '12.5', 12.5],
  ['more digits than a number of a spreadsheet keeps', { type: 'money' }, '12345678901234567.25', '12345678901234567.25'],
  ['leading zeros that are no digits', { type: 'decimal', scale: 6 }, '0.000001', 0.000001],
  ['a masked number', { type: 'money' }, '••••', '••••'],
  ['a day', { type: 'date' }, '2026-05-01', new Date('2026-05-01T00:00:00Z')],
  ['a day before the calendar of spreadsheets', { type: 'date' }, '1899-12-31', '1899-12-31'],
  ['a moment, as the clock of the reader shows it', { type: 'datetime' }, '2026-05-01T22:30:00.000Z', new Date('2026-05-02T00:30:00Z')],
  ['yes or no', { type: 'boolean' }, true, true],
  ['an option', { type: 'choice', options: [{ value: 'won', label: { en: 'Won', ru: 'Выиграна' } }] }, 'won', 'Выиграна'],
  ['a text of digits', { type: 'text' }, '007', '007'],
  ['a text that would be run', { type: 'text' }, '=HYPERLINK("x")', '=HYPERLINK("x")'],
  ['a text that looks like a spelled character', { type: 'text' }, 'a_x0041_b', 'a_x005F_x0041_b'],
  ['characters no file of the kind can hold', { type: 'text' }, 'a\u0001b\ud800', 'a\ufffdb\ufffd'],
  ['nothing', { type: 'text' }, null, null],
])('%s', (_what, definition, value, expected) => {
  expect(cell(definition, value)).toEqual(expected)
})

test('a text longer than a cell is cut, and says so', () => {
  const cut = String(cell({ type: 'long_text' }, 'x'.repeat(40_000)))
  expect([cut.length, cut.endsWith('(cut; the format csv holds all of it)')]).toEqual([32_767, true])
})

test('a column is headed by the labels on the way to it; money shows its zeros', () => {
  const customer = column({ type: 'reference', label: { en: 'Customer', ru: 'Клиент' } }).field
  expect(sheetColumn(column({ type: 'money', label: { en: 'Amount' } }, [customer]), BERLIN)).toEqual({
    label: 'Клиент › Amount',
    format: '#,##0.00',
  })
  expect(sheetColumn(column({ type: 'decimal' }), BERLIN)).toEqual({ label: 'f' })
})
