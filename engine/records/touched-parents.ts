/**
 * Which parents a change of a record reaches: those whose rollups it moves, and the one whose table it is a line of. Keeps with each of them
 * by what it was reached, so that what the parent refuses is told of the change that caused it. Pure.
 */
import type { CompiledEntity, CompiledField, CompiledModel } from '../model/types.ts'
import { same } from '../validate/index.ts'
import { movesRules } from './rules-over-lines.ts'
import type { Values } from './types.ts'

/** A change of one record; `null` stands for a record that is not there. */
export interface NotedChange {
  readonly id: string
  readonly before: Values | null
  readonly after: Values | null
  /** Where its input stands in what was sent; null where nothing was sent of it. */
  readonly pointer: string | null
  /** It follows from another change (a cascade, a reference that became empty): nobody asked for it. */
  readonly follows: boolean
}

/** By what a parent was reached. */
export interface Cause extends Pick<NotedChange, 'id' | 'pointer' | 'follows'> {
  readonly entity: CompiledEntity
  /** The reference that leads to the parent; null where the parent is further up. */
  readonly reference: string | null
  /** What becomes of the parent's lines, where the record is one of them. */
  readonly line: 'comes' | 'goes' | 'stays' | null
}

/** What a transaction means to one parent. */
export interface Touched {
  readonly rollups: Set<string>
  readonly causes: Cause[]
}

/** Touched parents by entity and id. */
export type TouchedParents = Map<string, Map<string, Touched>>

/** Notes the parents that a change reaches. */
export function noteParents(model: CompiledModel, touched: TouchedParents, entity: CompiledEntity, change: NotedChange): void {
  reach(model, touched, entity, change.before, change.after, (parent, reference, moved) => {
    const line = entity.childOf?.entity === parent && entity.childOf.reference === reference ? moved : null
    return [{ id: change.id, pointer: change.pointer, follows: change.follows, entity, reference, line }]
  })
}

/** The same of derived values that moved: whatever moved them reaches on. */
export function noteFurther(
  model: CompiledModel,
  touched: TouchedParents,
  entity: CompiledEntity,
  before: Values,
  after: Values,
  causes: readonly Cause[],
): void {
  const further = causes.map((cause): Cause => ({ ...cause, reference: null, line: null }))
  reach(model, touched, entity, before, after, () => further)
}

type Moved = NonNullable<Cause['line']>

function reach(
  model: CompiledModel,
  touched: TouchedParents,
  entity: CompiledEntity,
  before: Values | null,
  after: Values | null,
  causesOf: (parent: string, reference: string, moved: Moved) => readonly Cause[],
): void {
  const known = new Set<string>()
  const touch = (parent: string, id: unknown, reference: string, moved: Moved, rollup: string | null): void => {
    if (typeof id !== 'string') return
    const parents = touched.get(parent) ?? new Map<string, Touched>()
    touched.set(parent, parents)
    const found = parents.get(id) ?? { rollups: new Set(), causes: [] }
    parents.set(id, found)
    if (rollup !== null) found.rollups.add(rollup)
    const name = `${parent}/${id}/${reference}`
    if (!known.has(name)) found.causes.push(...causesOf(parent, reference, moved))
    known.add(name)
  }
  const each = (parent: string, reference: string, rollup: string | null): void => {
    const [from, to] = [before?.[reference], after?.[reference]]
    if (before !== null && after !== null && same(from, to)) return touch(parent, from, reference, 'stays', rollup)
    touch(parent, from, reference, 'goes', rollup)
    touch(parent, to, reference, 'comes', rollup)
  }
  for (const feed of entity.feeds) {
    const field = model.entities.get(feed.parent)?.fields.get(feed.rollup)
    const stays = before !== null && after !== null && same(before[feed.reference], after[feed.reference])
    if (field !== undefined && !(stays && !movesRollup(field, before, after))) each(feed.parent, feed.reference, feed.rollup)
  }
  const table = tableOf(model, entity)
  if (table !== null && entity.childOf !== null) {
    const { entity: parent, reference } = entity.childOf
    const holder = model.entities.get(parent)
    const stays = before !== null && after !== null && same(before[reference], after[reference])
    const asks = stays ? table.rules.readOnly !== null : isGuarded(table)
    // A line that changes its place is new to the one and gone from the other.
    const looks = holder !== undefined && movesRules(holder, table.key, stays ? before : null, after)
    if (asks || looks) each(parent, reference, null)
  }
}

/** The table field of the parent that an entity's records are lines of. */
export function tableOf(model: CompiledModel, { childOf }: CompiledEntity): CompiledField | null {
  return childOf === null ? null : (model.entities.get(childOf.entity)?.fields.get(childOf.field) ?? null)
}

/** Whether it matters to a table which lines come and go. */
function isGuarded({ declared, rules }: CompiledField): boolean {
  const bounded = declared.type === 'table' && (declared.min_items !== undefined || declared.max_items !== undefined)
  return bounded || rules.readOnly !== null || rules.visible !== null
}

/** Whether a rollup looks at something that has changed; a sum over money looks at the converted amount. */
function movesRollup(field: CompiledField, before: Values, after: Values): boolean {
  const inputs = field.derivation?.kind === 'rollup' ? field.derivation.inputs : []
  return inputs.some(key => !same(before[key], after[key]) || !same(before[`${key}_base`], after[`${key}_base`]))
}
