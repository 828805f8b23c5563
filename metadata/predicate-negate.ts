/**
 * The opposite of a test, with `not` at its leaves. Exact: whatever a test says of a record, its opposite says the contrary,
 * unreadable fields apart, of which nothing is ever true. Knows no names and no values.
 */
import type { Operator } from './operators.ts'
import type { Atom, Test } from './predicate-types.ts'

/** The opposite of a test, pushed down to its leaves. */
export function negate(test: Test): Test {
  switch (test.kind) {
    case 'true':
      return { kind: 'false' }
    case 'false':
      return { kind: 'true' }
    case 'all':
      return { kind: 'any', of: test.of.map(negate) }
    case 'any':
      return { kind: 'all', of: test.of.map(negate) }
    case 'one':
      return { ...test, test: negate(test.test) }
    case 'many':
      return test.quantifier === 'every'
        ? { ...test, quantifier: 'some', test: negate(test.test) }
        : { ...test, quantifier: test.quantifier === 'some' ? 'none' : 'some' }
    case 'atom':
      return negateAtom(test)
  }
}

const COMPLEMENT: Readonly<Partial<Record<Operator, Operator>>> = {
  eq: 'ne',
  ne: 'eq',
  in: 'not_in',
  not_in: 'in',
  contains: 'not_contains',
  not_contains: 'contains',
  has_any: 'has_none',
  has_none: 'has_any',
}

function negateAtom(atom: Atom): Atom {
  const operator = COMPLEMENT[atom.operator]
  if (operator !== undefined) return { ...atom, operator }
  if (atom.operand.shape === 'flag') return { ...atom, operand: { shape: 'flag', flag: !atom.operand.flag } }
  const { negated, ...plain } = atom
  return negated ? plain : { ...plain, negated: true }
}
