import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inertCell, plainCell } from './inert-cell.ts'

test.each(['=1+1', '+49 30 123', '-2+3', '@SUM(A1)', '\t=1', '\r=1', "'=1", '-', '=cmd|calc'])(
  '%j leaves as text that nothing runs',
  cell => {
    expect(inertCell(cell)).toBe(`'${cell}`)
  },
)

test.each(['-5', '-1250.50', '-1,5', '12', 'Acme', "'quoted'", 'a=b', ''])('%j stays as it is', cell => {
  expect(inertCell(cell)).toBe(cell)
})

test('whatever goes out comes back the same', () => {
  const cell = fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '1', 'a', ' ') })
  fc.assert(
    fc.property(cell, text => {
      expect(plainCell(inertCell(text))).toBe(text)
    }),
  )
})
