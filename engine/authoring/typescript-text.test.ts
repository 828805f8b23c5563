import { expect, test } from 'vitest'
import { layOut } from './typescript-text.ts'

test('indents members, shortens comments of one line and leaves out who refers to a type', () => {
  const raw = [
    '/**',
    ' * Deal',
    ' * ',
    " * This interface was referenced by `NexusBundle`'s JSON-Schema",
    ' * via the `definition` "Deal".',
    ' */',
    'export interface Deal {',
    '/**',
    ' * Stage',
    ' * - `won` Won',
    ' */',
    'stage: ("lead" | "won" | null)',
    'lines?: {',
    '/**',
    ' * Id',
    ' */',
    'id: string',
    '}[]',
    '}',
  ].join('\n')
  expect(layOut(raw)).toBe(
    [
      '/** Deal */',
      'export interface Deal {',
      '  /**',
      '   * Stage',
      '   * - `won` Won',
      '   */',
      "  stage: 'lead' | 'won' | null",
      '  lines?: {',
      '    /** Id */',
      '    id: string',
      '  }[]',
      '}',
    ].join('\n'),
  )
})

test('cuts long unions between their members and never inside of a text', () => {
  const members = Array.from({ length: 20 }, (_, at) => `member | ${at} {`)
  const laid = layOut(`export type Long = (${members.map(each => JSON.stringify(each)).join(' | ')})`)
  expect(laid.split('\n').length).toBeGreaterThan(2)
  expect(laid.split('\n').every(line => line.length <= 120)).toBe(true)
  expect([...laid.matchAll(/'[^']*'/g)].map(([text]) => text.slice(1, -1))).toEqual(members)
})

test('keeps double quotes around texts that single ones would break, and parentheses that are needed', () => {
  expect(layOut('a: ("it\'s" | "b")[]')).toBe("a: (\"it's\" | 'b')[]")
  expect(layOut('a: ("x") | ("y")')).toBe("a: ('x') | ('y')")
})
