/** Station 6 of a read: grant + query → a frozen plan, the row filter inside. Pure; no SQL, no clock. */
import type { Grant } from '../access/types.ts'
import type { CompiledField, CompiledModel } from '../model/types.ts'
import type { Query, Selected, SortKey } from '../validate/types.ts'
import {
  all,
  behind,
  conditionOf,
  fieldCondition,
  referenceSeen,
  relationConditions,
  requireField,
  rowsCondition,
  seenRows,
  type View,
} from './condition.ts'
import type { Binding } from './environment.ts'
import { planErrors } from './errors.ts'
import { priceOf } from './price.ts'
import type { Condition, Order, Projection, ReadPlan } from './types.ts'

const COUNT_CAP = 10_000

/** Plans a page. Throws `PLAN_TOO_EXPENSIVE` where the price is over the caller's cap. */
export function planRead(model: CompiledModel, grant: Grant, query: Query, binding: Binding): ReadPlan {
  const view: View = { model, binding, entity: grant.entity, grant }
  const partial = new Set<string>()
  const order = orderOf(view, ordering(query), partial)
  const where = all([rowsCondition(view, grant.rows), conditionOf(view, query.where), searchCondition(view, query, partial)])
  for (const key of comparedKeys(query.where)) if (grant.fields.get(key)?.everywhere === false) partial.add(key)
  const plan: ReadPlan = {
    entity: grant.entity,
    tenantId: binding.tenantId,
    trash: query.trash,
    where,
    members: members(view, query.select),
    order,
    idDescending: query.sort.at(-1)?.descending ?? true,
    limit: query.limit,
    after: query.after === null ? null : { keys: query.after.keys, id: query.after.id },
    count: query.count === 'none' ? { kind: 'none' } : query.count === 'exact' ? { kind: 'exact' } : { kind: 'capped', cap: COUNT_CAP },
    partial: [...partial],
  }
  const cost = priceOf(plan)
  if (cost > grant.caps.maxCost) throw planErrors.TOO_EXPENSIVE({ cost, cap: grant.caps.maxCost })
  return Object.freeze(plan)
}

/** The keys that order anything: of a key that is asked for by one value all rows are alike, and an index serves what is left. */
function ordering({ sort, where }: Pick<Query, 'sort' | 'where'>): readonly SortKey[] {
  const fixed = (where.kind === 'all' ? where.of : [where]).flatMap(test =>
    test.kind === 'atom' && test.path.length === 0 && test.operator === 'eq' && test.negated !== true ? [test.field] : [],
  )
  return sort.filter(({ field }) => !fixed.includes(field.key))
}

/** Sort keys with the rows on which they may be compared. */
export function orderOf(view: View, sort: readonly SortKey[], partial: Set<string>): Order[] {
  return sort.map(({ field, descending }) => {
    const when = fieldCondition(view, field)
    if (when !== null) partial.add(field.key)
    return { field, descending, when }
  })
}

/** The members of the answer's rows. `id` and `version` always come along. */
export function members(view: View, selected: readonly Selected[]): Projection[] {
  const always = ['id', 'version'].filter(key => !selected.some(each => each.kind === 'field' && each.field.key === key))
  const plain = always.map((key): Selected => ({ kind: 'field', field: requireField(view.entity, key) }))
  return [...plain, ...selected].map(each => member(view, each))
}

function member(view: View, selected: Selected): Projection {
  if (selected.kind === 'field') return fieldMember(view, selected.field)
  if (selected.kind === 'one') {
    const target = behind(view, selected.reference)
    return {
      kind: 'one',
      name: selected.reference.key,
      reference: selected.reference,
      seen: seenRows(target),
      when: fieldCondition(view, selected.reference),
      members: toOneMembers(target, selected.members),
    }
  }
  const relation = selected.relation
  const entity = view.model.entities.get(relation.target)
  const grant = view.grant?.over(relation.target) ?? null
  if (entity === undefined || (view.grant !== null && grant === null)) throw new Error(`No grant over ${relation.target}.`)
  const target: View = { ...view, entity, grant: view.grant === null ? null : grant }
  const { own, joined } = relationConditions(view, target, relation)
  return {
    kind: 'many',
    name: relation.key,
    relation,
    seen: seenRows(target),
    when: own,
    members: members(target, selected.members),
    where: all([joined, conditionOf(target, selected.where)]),
    order: orderOf(target, selected.sort, new Set()),
    limit: selected.limit,
    pointer: selected.pointer,
  }
}

/** Behind a to-one path only the id comes along. */
function toOneMembers(view: View, selected: readonly Selected[]): Projection[] {
  const id: Selected = { kind: 'field', field: requireField(view.entity, 'id') }
  return [id, ...selected.filter(each => each.kind !== 'field' || each.field.key !== 'id')].map(each => member(view, each))
}

function fieldMember(view: View, field: CompiledField): Projection {
  const granted = view.grant?.fields.get(field.key)
  const when = granted?.read === null ? ({ kind: 'false' } as const) : fieldCondition(view, field)
  const masked = granted?.mask == null ? null : { mask: granted.mask.mask, when: maskCondition(view, field) }
  if (field.derivation?.kind === 'lookup' && field.derivation.mode === 'live') return throughMember(view, field, field.derivation, when)
  if (field.storage.kind === 'links') return linksMember(view, field, when)
  if (field.type.type === 'table') return tableMember(view, field, when)
  const seen = field.kind === 'id' && field.target !== null ? referenceSeen(view, field) : null
  return { kind: 'value', name: field.key, field, seen, when, masked }
}

function maskCondition(view: View, field: CompiledField): Condition | null {
  const rows = view.grant?.fields.get(field.key)?.mask?.rows
  return rows === undefined || rows.kind === 'all' ? null : rowsCondition(view, rows)
}

function throughMember(
  view: View,
  field: CompiledField,
  lookup: { readonly reference: string; readonly field: string },
  when: Condition | null,
): Projection {
  const reference = requireField(view.entity, lookup.reference)
  const target = behind(view, reference)
  const through = all([when, fieldCondition(view, reference)])
  return {
    kind: 'through',
    name: field.key,
    reference,
    seen: seenRows(target),
    when: through.kind === 'true' ? null : through,
    member: fieldMember(target, requireField(target.entity, lookup.field)),
  }
}

function linksMember(view: View, field: CompiledField, when: Condition | null): Projection {
  const target = view.model.entities.get(field.target ?? '')
  if (target === undefined) throw new Error(`${field.entity}.${field.key} leads nowhere.`)
  const seen = referenceSeen(view, field) ?? { entity: target, where: { kind: 'true' } }
  const columns = field.declared.type === 'multi_reference' ? (field.declared.link_fields ?? []).map(each => each.key) : []
  return { kind: 'links', name: field.key, field, seen, when, columns }
}

function tableMember(view: View, field: CompiledField, when: Condition | null): Projection {
  const relation = view.entity.relations.get(field.key)
  const grant = field.target === null ? null : (view.grant?.over(field.target) ?? null)
  if (relation === undefined || (view.grant !== null && grant === null))
    return { kind: 'value', name: field.key, field, seen: null, when: { kind: 'false' }, masked: null }
  const entity = view.model.entities.get(relation.target)
  if (entity === undefined) throw new Error(`${field.entity}.${field.key} leads nowhere.`)
  const target: View = { ...view, entity, grant: view.grant === null ? null : grant }
  const visible = [...(grant?.fields.values() ?? [])]
    .map(each => each.field)
    .filter(each => !each.heavy && each.derivation?.kind !== 'base' && each.key !== 'deleted_at' && each.type.type !== 'table')
  return {
    kind: 'many',
    name: field.key,
    relation,
    seen: seenRows(target),
    when,
    members: members(
      target,
      visible.map(each => ({ kind: 'field', field: each })),
    ),
    where: { kind: 'true' },
    order: [],
    limit: MOST_LINES,
    pointer: '',
  }
}

/** A table of more lines than this is read by its own list. */
const MOST_LINES = 500

/** Words from this length on are looked for anywhere in a text; shorter ones begin a text or a word of it. */
const LONG_WORD = 3

/** The condition of a search: every word stands in some field that the caller may read on that row. */
export function searchCondition(view: View, query: Pick<Query, 'search' | 'searchFields'>, partial: Set<string>): Condition {
  if (query.search === null) return { kind: 'true' }
  const fields = query.searchFields.map(field => {
    const when = fieldCondition(view, field)
    if (when !== null) partial.add(field.key)
    return { field, when: when ?? ({ kind: 'true' } as const) }
  })
  const words = wordsOf(query.search)
  const isLong = (word: string): boolean => [...word].length >= LONG_WORD
  // One word at least must be one that an index finds: a long one, or the beginning of a text in a slot.
  const led = words.some(isLong)
  const slotted = fields.filter(each => each.field.storage.kind === 'slot')
  return all(
    words.map((text, at): Condition => {
      if (isLong(text)) return { kind: 'search', fields, text, match: 'contains' }
      return led || at > 0
        ? { kind: 'search', fields, text, match: 'word' }
        : { kind: 'search', fields: slotted.length === 0 ? fields : slotted, text, match: 'starts_with' }
    }),
  )
}

/** The distinct words of a text. */
export function wordsOf(text: string): string[] {
  return [...new Set(text.split(/\s+/u).filter(Boolean))]
}

/** Names of the entity's own fields that a test compares. */
export function comparedKeys(test: Query['where']): Set<string> {
  if (test.kind === 'atom') return new Set([test.field])
  if (test.kind === 'one' || test.kind === 'many') return new Set([test.relation])
  if (test.kind === 'all' || test.kind === 'any') return new Set(test.of.flatMap(each => [...comparedKeys(each)]))
  return new Set()
}
