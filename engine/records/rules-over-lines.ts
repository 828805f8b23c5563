/**
 * Which rules of a record look at its line items themselves, and by what of them: a change of a line that touches it is then a change the record
 * is asked about. Pure.
 */
import type { Test } from '../../metadata/predicate.ts'
import { perObject } from '../kernel/per-object.ts'
import type { CompiledEntity } from '../model/types.ts'
import { namesOf, same, testOf } from '../validate/index.ts'
import type { Values } from './types.ts'

/** By table, the names that rules of severity error read of its lines. */
const readOfLines = perObject((entity: CompiledEntity): ReadonlyMap<string, ReadonlySet<string>> => {
  const read = new Map<string, Set<string>>()
  const walk = (test: Test): void => {
    if (test.kind === 'all' || test.kind === 'any') test.of.forEach(walk)
    if (test.kind !== 'many') return
    const relation = entity.relations.get(test.relation)
    if (relation?.kind !== 'inverse' || !relation.table) return
    const names = read.get(test.relation) ?? new Set<string>()
    for (const name of namesOf(test.test)) names.add(name)
    read.set(test.relation, names)
  }
  for (const rule of entity.rules) if (rule.severity === 'error') walk(testOf(rule))
  return read
})

/** The tables whose lines an entity's rules look at. */
export function tablesLookedAt(entity: CompiledEntity): ReadonlySet<string> {
  return new Set(readOfLines(entity).keys())
}

/** Whether rules of a record may turn out otherwise by a change of a line of that table; null stands for a line that is not there. */
export function movesRules(entity: CompiledEntity, table: string, before: Values | null, after: Values | null): boolean {
  const names = readOfLines(entity).get(table)
  if (names === undefined) return false
  return before === null || after === null || [...names].some(name => !same(before[name], after[name]))
}

/** The rules, by key, that look at lines of one of these tables. */
export function rulesOver(entity: CompiledEntity, tables: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(entity.rules.filter(rule => [...namesOf(testOf(rule))].some(name => tables.has(name))).map(rule => rule.key))
}
