import { expect, test } from 'vitest'
import { sheetTooLarge } from './parse-export.ts'

test('a workbook has at most 300,000 cells, and who asks for more learns how many rows that leaves him', () => {
  expect(sheetTooLarge(10_000, 30)).toBeNull()
  expect(sheetTooLarge(10_001, 30)).toMatchObject({
    pointer: '/query',
    code: 'VALIDATE_CAP',
    params: { cap: 'sheet_cells', limit: 300_000 },
    hint: expect.stringContaining('10000 rows'),
  })
  expect(sheetTooLarge(0, 0)).toBeNull()
})
