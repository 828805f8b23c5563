import { expect, test } from 'vitest'
import type { RecordData } from '../api/model.ts'
import { deal, model } from '../test-model.ts'
import { columnWidths } from './column-widths.ts'
import { columnsFor } from './columns.ts'

const scope = { locale: 'en', timeZone: 'UTC', currency: 'EUR', yes: 'Yes', no: 'No' }
const columns = columnsFor(model, deal, null, ['name', 'stage', 'amount'])
const tenEach = (text: string): number => text.length * 10
const row = (name: string, amount: string): RecordData => ({ id: name, version: 1, name, stage: 'lead', amount })
const widths = (entity: string, rows: readonly RecordData[]): readonly number[] =>
  columnWidths(entity, columns, 'name', rows, scope, tenEach)

test('a column is as wide as what it shows, within bounds, and never narrower than its head', () => {
  const [name, stage, amount] = widths('a', [row('N'.repeat(30), '12345678.90'), row('N', '1.00')])
  expect(name).toBe(30 * 10 + 26)
  expect(amount).toBeGreaterThanOrEqual('€12,345,678.90'.length * 10)
  expect(stage).toBeLessThan(200)
  expect(widths('b', [row('N'.repeat(500), '1.00')])[0]).toBe(380)
})

test('what was found for the same columns before stays the least', () => {
  const wide = widths('c', [row('N'.repeat(34), '1.00')])
  expect(widths('c', [row('N', '1.00')])).toEqual(wide)
  expect(widths('c', [])).toEqual(wide)
  expect(widths('d', [row('N', '1.00')])[0]).toBeLessThan(wide[0] ?? 0)
})
