/**
 * Decides what a set of profiles may do with an entity and combines several profiles per row and field (contracts §5).
 * Knows no query and no SQL; the decision is pure and cached per (model, profiles).
 */
import type { Test } from '../../metadata/predicate.ts'
import { commonErrors } from '../kernel/errors.ts'
import type { CompiledEntity, CompiledEntityAccess, CompiledField, CompiledModel, FieldRight, Operation } from '../model/types.ts'
import { capsOf } from './caps.ts'
import { accessErrors } from './errors.ts'
import { anyRows, everyRow } from './row-filter.ts'
import type { FieldGrant, Grant, GrantTerm, Rows } from './types.ts'

/** What access needs to know of a caller: the model of his tenant and the keys of his profiles, sorted. */
export interface Holder {
  readonly model: CompiledModel
  readonly caller: { readonly profiles: readonly string[] }
}

const decided = new WeakMap<CompiledModel, Map<string, Grant | null>>()

/** The caller's grant on an entity for an operation. An entity he may not read does not exist; an operation he lacks is a 403. */
export function decideAccess(holder: Holder, entityKey: string, operation: Operation): Grant {
  const grant = grantOver(holder.model, holder.caller.profiles, entityKey)
  if (grant === null) throw commonErrors.NOT_FOUND({})
  if (!grant.operations.has(operation)) throw accessErrors.OPERATION_FORBIDDEN({ operation, label: grant.entity.labels['en'] ?? entityKey })
  return grant
}

/** The grant over an entity, or null where it does not exist for these profiles. */
export function grantOver(model: CompiledModel, profiles: readonly string[], entityKey: string): Grant | null {
  const cache = decided.get(model) ?? new Map<string, Grant | null>()
  decided.set(model, cache)
  const key = `${profiles.join(',')}/${entityKey}`
  const known = cache.get(key)
  if (known !== undefined) return known
  const made = makeGrant(model, profiles, entityKey)
  cache.set(key, made)
  return made
}

function makeGrant(model: CompiledModel, profiles: readonly string[], entityKey: string): Grant | null {
  const entity = model.entities.get(entityKey)
  if (entity === undefined) return null
  const shares = profiles.flatMap(key => {
    const access = model.profiles.get(key)?.entities.get(entityKey)
    return access === undefined || !access.operations.has('read') ? [] : [termOf(key, access)]
  })
  if (shares.length === 0) return null
  const terms = mergeEqual(shares)
  const rows = anyRows(terms.map(term => readRows(term)))
  const over = (key: string): Grant | null => grantOver(model, profiles, key)
  const fields = new Map<string, FieldGrant>()
  for (const field of inputsFirst(entity)) {
    const grant = fieldGrant(field, terms, fields, over)
    if (grant !== null) fields.set(field.key, grant)
  }
  const inOrder = new Map([...entity.fields.keys()].flatMap(key => {
    const grant = fields.get(key)
    return grant === undefined ? [] : [[key, grant] as const]
  }))
  const operations = new Set(terms.flatMap(term => [...term.operations]))
  const limits = profiles.map(key => model.profiles.get(key)?.definition.limits)
  return { entity, operations, rows, fields: inOrder, terms, caps: capsOf(model.policies.get(entityKey), limits), over }
}

function termOf(profile: string, access: CompiledEntityAccess): GrantTerm {
  const rows = new Map<Operation, Rows>()
  for (const operation of access.operations) {
    const test = access.rows.get(operation)
    rows.set(operation, test === undefined ? everyRow : { kind: 'where', test })
  }
  return { profile, operations: access.operations, rows, rights: access.fields, handover: access.handover, check: access.check, presets: access.presets }
}

/** Profiles that differ only in the rows they read become one share: fewer conditions in every query. */
function mergeEqual(terms: readonly GrantTerm[]): GrantTerm[] {
  const merged: GrantTerm[] = []
  for (const term of terms) {
    const onlyReads = term.operations.size === 1 && term.check === null
    const at = merged.findIndex(each => onlyReads && each.operations.size === 1 && each.check === null && sameRights(each.rights, term.rights))
    const twin = merged[at]
    if (twin === undefined) merged.push(term)
    else merged[at] = { ...twin, rows: new Map([['read', anyRows([readRows(twin), readRows(term)])]]) }
  }
  return merged
}

function sameRights(a: ReadonlyMap<string, FieldRight>, b: ReadonlyMap<string, FieldRight>): boolean {
  return a.size === b.size && [...a].every(([key, right]) => JSON.stringify(b.get(key)) === JSON.stringify(right))
}

function readRows(term: GrantTerm): Rows {
  return term.rows.get('read') ?? everyRow
}

const ORDER = ['mask', 'read', 'create', 'write'] as const

function fieldGrant(field: CompiledField, terms: readonly GrantTerm[], known: ReadonlyMap<string, FieldGrant>, over: (entityKey: string) => Grant | null): FieldGrant | null {
  const source = field.derivation?.kind === 'base' ? field.derivation.of : field.key
  if (field.system && (field.key === 'id' || field.key === 'version')) return { field, read: everyRow, mask: null, everywhere: true, strongest: 'read' }
  const holders = terms.flatMap(term => {
    const right = term.rights.get(source)
    return right === undefined ? [] : [{ term, right }]
  })
  if (holders.length === 0) return null
  const readers = holders.filter(each => each.right.right !== 'mask')
  const maskers = holders.flatMap(each => (each.right.right === 'mask' ? [{ term: each.term, right: each.right }] : []))
  const inputs = field.inputs.filter(key => key !== field.key).map(key => known.get(key))
  const derived = field.derivation !== null && field.derivation.kind !== 'autonumber'
  if (derived && inputs.some(each => each?.read === null || each === undefined)) return null
  if (derived && !targetReadable(field, known, over)) return null
  const needed = derived ? inputs.flatMap(each => (each === undefined || each.everywhere || each.read === null ? [] : [each.read])) : []
  const own = readers.length === 0 ? null : anyRows(readers.map(each => readRows(each.term)))
  const read = own === null ? null : allRows([own, ...needed])
  const firstMask = maskers[0]
  const mask = firstMask === undefined || derived ? null : { rows: anyRows(maskers.map(each => readRows(each.term))), mask: firstMask.right.mask, reveal: maskers.some(each => each.right.reveal) }
  if (read === null && mask === null) return null
  const everywhere = readers.length === terms.length && needed.length === 0
  const strongest = holders.map(each => each.right.right).sort((a, b) => ORDER.indexOf(b) - ORDER.indexOf(a))[0] ?? 'read'
  return { field, read, mask, everywhere: read !== null && (everywhere || read.kind === 'all'), strongest }
}

/** A rollup shows only what its reader could have counted himself; a lookup only what he could have opened. */
function targetReadable(field: CompiledField, known: ReadonlyMap<string, FieldGrant>, over: (entityKey: string) => Grant | null): boolean {
  const derivation = field.derivation
  if (derivation?.kind === 'lookup') {
    const reference = known.get(derivation.reference)?.field
    const target = reference?.target == null ? null : over(reference.target)
    return target?.fields.get(derivation.field)?.read != null
  }
  if (derivation?.kind === 'rollup') {
    const child = field.target === null ? null : over(field.target)
    if (derivation.discloses) return true
    if (child === null || child.rows.kind !== 'all') return false
    return derivation.inputs.every(key => child.fields.get(key)?.everywhere === true)
  }
  return true
}

function allRows(parts: readonly Rows[]): Rows {
  const tests: Test[] = parts.flatMap(part => (part.kind === 'where' ? [part.test] : []))
  const first = tests[0]
  if (first === undefined) return everyRow
  return { kind: 'where', test: tests.length === 1 ? first : { kind: 'all', of: tests } }
}

/** Fields in an order in which inputs come before what is derived from them. */
function inputsFirst(entity: CompiledEntity): CompiledField[] {
  const done = new Set<string>()
  const order: CompiledField[] = []
  const visit = (field: CompiledField): void => {
    if (done.has(field.key)) return
    done.add(field.key)
    for (const key of field.inputs) {
      const input = entity.fields.get(key)
      if (input !== undefined) visit(input)
    }
    order.push(field)
  }
  for (const field of entity.fields.values()) visit(field)
  return order
}
