/**
 * Decides what a set of profiles may do with an entity and combines several profiles per row and field (contracts §5).
 * Knows no query and no SQL; the decision is pure and cached per (model, profiles).
 */
import { commonErrors } from '../kernel/errors.ts'
import type { CompiledEntityAccess, CompiledModel, FieldRight, Operation } from '../model/types.ts'
import { capsOf } from './caps.ts'
import { accessErrors } from './errors.ts'
import { FieldRights } from './field-rights.ts'
import { anyRows, everyRow } from './row-filter.ts'
import type { Grant, GrantTerm, Rows } from './types.ts'

/** What access needs to know of a caller: the model of his tenant and the keys of his profiles, sorted. */
export interface Holder {
  readonly model: CompiledModel
  readonly caller: { readonly profiles: readonly string[] }
}

/** The caller's grant on an entity for an operation. An entity he may not read does not exist; an operation he lacks is a 403. */
export function decideAccess(holder: Holder, entityKey: string, operation: Operation): Grant {
  const grant = grantOver(holder.model, holder.caller.profiles, entityKey)
  if (grant === null) throw commonErrors.NOT_FOUND({})
  if (!grant.operations.has(operation)) throw accessErrors.OPERATION_FORBIDDEN({ operation, entity: grant.entity })
  return grant
}

/** The grant over an entity, or null where it does not exist for these profiles. */
export function grantOver(model: CompiledModel, profiles: readonly string[], entityKey: string): Grant | null {
  const decisions = decisionsOf(model, profiles)
  const known = decisions.grants.get(entityKey)
  if (known !== undefined) return known
  const made = makeGrant(model, profiles, entityKey, decisions)
  decisions.grants.set(entityKey, made)
  return made
}

interface Decisions {
  readonly grants: Map<string, Grant | null>
  readonly over: Grant['over']
  readonly rights: FieldRights
}

const decided = new WeakMap<CompiledModel, Map<string, Decisions>>()

function decisionsOf(model: CompiledModel, profiles: readonly string[]): Decisions {
  const perModel = decided.get(model) ?? new Map<string, Decisions>()
  decided.set(model, perModel)
  const key = profiles.join(',')
  const known = perModel.get(key) ?? {
    grants: new Map(),
    over: entityKey => grantOver(model, profiles, entityKey),
    rights: new FieldRights(model, entityKey => termsOf(model, profiles, entityKey)),
  }
  perModel.set(key, known)
  return known
}

function makeGrant(model: CompiledModel, profiles: readonly string[], entityKey: string, decisions: Decisions): Grant | null {
  const entity = model.entities.get(entityKey)
  const terms = decisions.rights.terms(entityKey)
  if (entity === undefined || terms.length === 0) return null
  const fields = new Map(
    [...entity.fields.keys()].flatMap(key => {
      const grant = decisions.rights.of(entityKey, key)
      return grant === null ? [] : [[key, grant] as const]
    }),
  )
  // A profile that says nothing of an entity limits nothing there, and lifts no limit either.
  const limits = profiles.flatMap(key => {
    const profile = model.profiles.get(key)
    return profile?.entities.has(entityKey) === true ? [profile.definition.limits] : []
  })
  return {
    entity,
    operations: new Set(terms.flatMap(term => [...term.operations])),
    rows: anyRows(terms.map(readRows)),
    fields,
    terms,
    caps: capsOf(model.policies.get(entityKey), limits),
    over: decisions.over,
  }
}

/** The shares of an entity that profiles give; only those that read at all count. */
function termsOf(model: CompiledModel, profiles: readonly string[], entityKey: string): GrantTerm[] {
  const shares = profiles.flatMap(key => {
    const access = model.profiles.get(key)?.entities.get(entityKey)
    return access === undefined || !access.operations.has('read') ? [] : [termOf(key, access)]
  })
  return mergeEqual(shares)
}

function termOf(profile: string, access: CompiledEntityAccess): GrantTerm {
  const rows = new Map<Operation, Rows>()
  for (const operation of access.operations) {
    const test = access.rows.get(operation)
    rows.set(operation, test === undefined ? everyRow : { kind: 'where', test })
  }
  return {
    profile,
    operations: access.operations,
    rows,
    rights: access.fields,
    handover: access.handover,
    check: access.check,
    presets: access.presets,
  }
}

/** Profiles that differ only in the rows they read become one share: fewer conditions in every query. */
function mergeEqual(terms: readonly GrantTerm[]): GrantTerm[] {
  const merged: GrantTerm[] = []
  for (const term of terms) {
    const at = onlyReads(term) ? merged.findIndex(each => onlyReads(each) && sameRights(each.rights, term.rights)) : -1
    const twin = merged[at]
    if (twin === undefined) merged.push(term)
    else merged[at] = { ...twin, rows: new Map([['read', anyRows([readRows(twin), readRows(term)])]]) }
  }
  return merged
}

function onlyReads(term: GrantTerm): boolean {
  return term.operations.size === 1 && term.check === null
}

function sameRights(a: ReadonlyMap<string, FieldRight>, b: ReadonlyMap<string, FieldRight>): boolean {
  return a.size === b.size && [...a].every(([key, right]) => JSON.stringify(b.get(key)) === JSON.stringify(right))
}

/** The rows a share reads. */
export function readRows(term: GrantTerm): Rows {
  return term.rows.get('read') ?? everyRow
}
