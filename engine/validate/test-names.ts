/** Which names a test asks about. Knows tests only. */
import type { Operand, Term, Test } from '../../metadata/predicate.ts'

/** The fields and relations of the record itself that a test looks at. */
export function namesOf(test: Test): ReadonlySet<string> {
  return remembered(names, test, found => {
    walk(test, true, each => found.add(each.kind === 'atom' ? each.field : each.relation))
  })
}

/** The fields that a test reads by `$record.…`, on whatever level. */
export function variablesOf(test: Test): ReadonlySet<string> {
  return remembered(variables, test, found => {
    walk(test, false, each => {
      if (each.kind === 'atom') for (const term of termsOf(each.operand)) if (term.source === 'record') found.add(term.field)
    })
  })
}

type Leaf = Extract<Test, { kind: 'atom' | 'one' | 'many' }>

const names = new WeakMap<Test, ReadonlySet<string>>()
const variables = new WeakMap<Test, ReadonlySet<string>>()

function remembered(known: WeakMap<Test, ReadonlySet<string>>, test: Test, fill: (found: Set<string>) => void): ReadonlySet<string> {
  const old = known.get(test)
  if (old !== undefined) return old
  const found = new Set<string>()
  fill(found)
  known.set(test, found)
  return found
}

function walk(test: Test, shallow: boolean, visit: (leaf: Leaf) => void): void {
  if (test.kind === 'all' || test.kind === 'any') for (const each of test.of) walk(each, shallow, visit)
  else if (test.kind === 'atom') visit(test)
  else if (test.kind === 'one' || test.kind === 'many') {
    visit(test)
    if (!shallow) walk(test.test, false, visit)
  }
}

function termsOf(operand: Operand): readonly Term[] {
  if (operand.shape === 'one') return [operand.term]
  if (operand.shape === 'range') return [operand.low, operand.high]
  return operand.shape === 'many' ? operand.terms : []
}
