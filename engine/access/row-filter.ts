/** How row rules of several profiles combine. Knows tests only, nothing of fields or SQL. */
import type { Test } from '../../metadata/predicate.ts'
import type { Rows } from './types.ts'

/** No row limit. */
export const everyRow: Rows = { kind: 'all' }

/** Rows that one of the parts accepts. */
export function anyRows(parts: readonly Rows[]): Rows {
  const tests: Test[] = []
  for (const part of parts) {
    if (part.kind === 'all') return everyRow
    if (!tests.some(test => JSON.stringify(test) === JSON.stringify(part.test))) tests.push(part.test)
  }
  const first = tests[0]
  if (first === undefined) return { kind: 'where', test: { kind: 'false' } }
  return { kind: 'where', test: tests.length === 1 ? first : { kind: 'any', of: tests } }
}

/** Rows that every part accepts. */
export function allRows(parts: readonly Rows[]): Rows {
  const tests: Test[] = parts.flatMap(part => (part.kind === 'where' ? [part.test] : []))
  const first = tests[0]
  if (first === undefined) return everyRow
  return { kind: 'where', test: tests.length === 1 ? first : { kind: 'all', of: tests } }
}
