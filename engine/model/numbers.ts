/**
 * Numbers and slots of entities, fields, relations and rules: given once, append-only, never reused (storage: numbers).
 * Packs keep theirs in pack.lock.json, a tenant's overlay in its revision. Knows documents only, no database.
 */
import type { Entity, Field } from '../../metadata/generated/types.ts'
import type { Problem } from '../../metadata/problem.ts'
import { said, words } from '../../metadata/said.ts'
import type { SlotKind } from '../field-types/index.ts'
import { typedFieldOf } from './typed-field.ts'
import type { EntityNumbers, NumberBook } from './types.ts'

const SLOT_COUNT: Readonly<Record<SlotKind, number>> = { t: 10, i: 8, n: 4, d: 6, r: 8 }
/** A pack leaves room for the tenants that extend it. */
const PACK_SLOTS = 6
/** Overlays number from here; packs stay below. */
export const OVERLAY_BASE = 10_000

type Writable<T> = { -readonly [K in keyof T]: T[K] }
type FieldNumber = EntityNumbers['fields'][string]
type DraftEntity = {
  no: number
  fields: Record<string, FieldNumber>
  relations: Record<string, number>
  rules: Record<string, number>
  retired: Writable<EntityNumbers['retired'][number]>[]
}

export interface Numbering {
  readonly book: NumberBook
  readonly problems: readonly Problem[]
}

/** An empty book whose numbers start above `base`. */
export function emptyBook(base: number): NumberBook {
  return { base, entities: {} }
}

/**
 * Extends `open` so that every entity, field, relation and rule of `entities` has a number, in `fixed` or in the answer.
 * A changed type takes a new number; what disappears is retired with its number; a slot is taken only by what is filtered, sorted or points somewhere.
 */
export function extendNumbers(entities: readonly Entity[], fixed: readonly NumberBook[], open: NumberBook, at: string): Numbering {
  const problems: Problem[] = []
  const book = new Map<string, DraftEntity>(Object.entries(open.entities).map(([key, numbers]) => [key, thaw(numbers)]))
  let next = highestNumber(open) + 1
  const all = new Map(entities.map(entity => [entity.key, entity]))
  const isPack = open.base < OVERLAY_BASE
  for (const entity of entities) {
    const known = fixed.map(each => each.entities[entity.key]).filter(each => each !== undefined)
    const mine = book.get(entity.key) ?? { no: known[0]?.no ?? next++, fields: {}, relations: {}, rules: {}, retired: [] }
    const before = JSON.stringify(mine)
    const present = new Set(entity.fields.map(field => field.key))
    for (const [key, numbers] of Object.entries(mine.fields)) if (!present.has(key)) retire(mine, key, numbers, at)
    const taken = slotsOf([...known.flatMap(each => Object.values(each.fields)), ...Object.values(mine.fields)])
    const places: Places = {
      taken,
      left: slotsOf(Object.values(open.entities[entity.key]?.fields ?? {})),
      hinted: new Set(entity.fields.map(field => field.slot_hint)),
      isPack,
    }
    for (const [index, field] of entity.fields.entries()) {
      const kind = slotKindOf(field, entity, all)
      const below = known.map(each => each.fields[field.key]).findLast(each => each !== undefined)
      if (below !== undefined && (below.slot !== null || kind === null)) {
        delete mine.fields[field.key]
        continue
      }
      const old = mine.fields[field.key]
      if (below === undefined && old !== undefined && old.type !== typeMark(field)) retire(mine, field.key, old, at)
      // A field of a layer below keeps its number; what it lacks is a slot of this layer's own.
      const current = mine.fields[field.key] ?? below ?? revive(mine, field) ?? { no: next++, type: typeMark(field), slot: null }
      if (current.slot !== null && kind !== current.slot[0]) taken.delete(current.slot)
      let slot = current.slot !== null && kind === current.slot[0] ? current.slot : null
      if (slot === null && kind !== null) {
        slot = freeSlot(kind, field, places)
        if (slot === null) problems.push(noSlotLeft(entity, index, field, kind, all))
      }
      if (slot !== null) taken.add(slot)
      mine.fields[field.key] = { no: current.no, type: current.type, slot }
    }
    for (const field of entity.fields) {
      if (field.type !== 'multi_reference' || known.some(each => each.relations[field.key] !== undefined)) continue
      mine.relations[field.key] ??= next++
    }
    for (const rule of entity.unique ?? []) {
      const key = uniqueKey(rule)
      if (!known.some(each => each.rules[key] !== undefined)) mine.rules[key] ??= next++
    }
    if (known.length === 0 || book.has(entity.key) || JSON.stringify(mine) !== before) book.set(entity.key, mine)
  }
  return { book: { base: open.base, entities: Object.fromEntries(book) }, problems }
}

/** Merges books for look-up: the numbers of an entity over all layers. */
export function numbersOf(books: readonly NumberBook[], entityKey: string): EntityNumbers | undefined {
  const found = books.map(book => book.entities[entityKey]).filter(each => each !== undefined)
  const first = found[0]
  if (first === undefined) return undefined
  return {
    no: first.no,
    fields: Object.assign({}, ...found.map(each => each.fields)) as EntityNumbers['fields'],
    relations: Object.assign({}, ...found.map(each => each.relations)) as EntityNumbers['relations'],
    rules: Object.assign({}, ...found.map(each => each.rules)) as EntityNumbers['rules'],
    retired: found.flatMap(each => each.retired),
  }
}

/** The name of a unique rule in a book: its own key, or its fields. */
export function uniqueKey(rule: { readonly key?: string; readonly fields: readonly string[] }): string {
  return rule.key ?? rule.fields.join('+')
}

/** What makes a stored value unreadable by a newer definition: the type, and for exact numbers the scale of their slot. */
function typeMark(field: Field): string {
  return field.type
}

function slotKindOf(field: Field, entity: Entity, all: ReadonlyMap<string, Entity>): SlotKind | null {
  const typed = typedFieldOf(all, entity, field)
  if (typed === null || (field.type === 'lookup' && field.mode === 'live')) return null
  const kind = typed.type.slot(typed.definition)
  if (kind === 'r') return kind
  return field.filterable === true || field.sortable === true ? kind : null
}

/** The slots of an entity while they are given. */
interface Places {
  readonly taken: ReadonlySet<string>
  /** Slots of the book as it came: requests of the revision before still read by them. */
  readonly left: ReadonlySet<string>
  readonly hinted: ReadonlySet<string | undefined>
  readonly isPack: boolean
}

function freeSlot(kind: SlotKind, field: Field, { taken, left, hinted, isPack }: Places): string | null {
  const hint = field.slot_hint
  if (hint !== undefined && hint[0] === kind && !taken.has(hint) && !left.has(hint)) return hint
  const free = Array.from({ length: SLOT_COUNT[kind] }, (_, n) => `${kind}${n + 1}`).filter(slot => !taken.has(slot))
  if (SLOT_COUNT[kind] - free.length >= (isPack ? PACK_SLOTS : SLOT_COUNT[kind])) return null
  // The first slot of a kind stands in the pair indexes: kept for the main choice, amount, date and reference, and for the field that asks for it.
  const main = { t: field.type === 'choice', i: field.type === 'money', d: true, r: field.type === 'reference', n: true }[kind]
  const open = free.filter(slot => !hinted.has(slot) && !left.has(slot))
  return (main ? open[0] : open.find(slot => slot !== `${kind}1`)) ?? free.find(slot => !left.has(slot)) ?? free[0] ?? null
}

function slotsOf(fields: readonly FieldNumber[]): Set<string> {
  return new Set(fields.map(each => each.slot).filter(slot => slot !== null))
}

function noSlotLeft(entity: Entity, index: number, field: Field, kind: SlotKind, all: ReadonlyMap<string, Entity>): Problem {
  const holders = entity.fields.filter(each => each.key !== field.key && slotKindOf(each, entity, all) === kind).map(each => each.key)
  return said(
    {
      document: { kind: 'entity', key: entity.key },
      pointer: `/fields/${index}`,
      code: 'MODEL_NO_SLOT_LEFT',
      params: { field: field.key, kind },
    },
    words('“{field}” can not be filtered or sorted: all {count} places for such fields of “{entity}” are taken.', {
      field: field.key,
      count: SLOT_COUNT[kind],
      entity: entity.key,
    }),
    words('Release one of {names} by making it neither filterable nor sortable.', { names: holders.join(', ') }),
  )
}

function retire(mine: DraftEntity, key: string, numbers: FieldNumber, at: string): void {
  mine.retired.push({ key, no: numbers.no, type: numbers.type, slot: numbers.slot, at })
  delete mine.fields[key]
}

/** A field that comes back with its old type takes its old number, and with it the values kept for it. */
function revive(mine: DraftEntity, field: Field): FieldNumber | null {
  const index = mine.retired.findLastIndex(each => each.key === field.key && each.type === typeMark(field))
  const found = mine.retired[index]
  if (found === undefined) return null
  mine.retired.splice(index, 1)
  return { no: found.no, type: found.type, slot: null }
}

function highestNumber(book: NumberBook): number {
  let highest = book.base
  for (const entity of Object.values(book.entities)) {
    const numbers = [
      entity.no,
      ...Object.values(entity.fields).map(each => each.no),
      ...Object.values(entity.relations),
      ...Object.values(entity.rules),
      ...entity.retired.map(each => each.no),
    ]
    for (const no of numbers) if (no > highest && (book.base >= OVERLAY_BASE || no < OVERLAY_BASE)) highest = no
  }
  return highest
}

function thaw(numbers: EntityNumbers): DraftEntity {
  return {
    no: numbers.no,
    fields: { ...numbers.fields },
    relations: { ...numbers.relations },
    rules: { ...numbers.rules },
    retired: numbers.retired.map(each => ({ ...each })),
  }
}
