/**
 * Who may change what by authoring. The routes ask for studio capabilities; here stands what rights need besides: profiles and roles are for those
 * who manage access and roles, and nobody gives what he does not hold (security R19). Pure.
 */
import type { Change, DocumentKind, Problem } from '../../metadata/index.ts'
import { said, type Said, words } from '../../metadata/said.ts'
import { accessErrors } from '../access/index.ts'
import type { Capability, Caller } from '../kernel/context.ts'
import type { CompiledModel, NumberBook } from '../model/index.ts'
import { authoringErrors } from './errors.ts'
import { changedRules } from './record-rules.ts'
import { type RightsChange, rightsChanges } from './rights-meaning.ts'
import { refusedRoleChanges, type RoleAuthor, type RoleRefusal } from './role-changes.ts'
import { type Author, managesAccess, seesWhole } from './whole-sight.ts'

const CAPABILITY_OF_KIND: Readonly<Partial<Record<DocumentKind, Capability>>> = { access_profile: 'access.manage', role: 'roles.manage' }

/** Throws 403 unless the caller may change documents of a kind. */
export function requireKind(caller: Pick<Caller, 'capabilities'>, kind: string): void {
  const capability = CAPABILITY_OF_KIND[kind as DocumentKind]
  if (capability !== undefined) requireCapability(caller, capability)
}

/** A document that changes, by its address. */
type Changed = Pick<Change, 'kind' | 'key'>

/** Throws 403 unless the caller may make this model of that one. */
export function requireAuthority(caller: RoleAuthor, before: CompiledModel, after: CompiledModel, changes: readonly Changed[]): void {
  for (const { kind } of changes) requireKind(caller, kind)
  const refused = refusedRoleChanges(caller, before, after)
  const [first] = refused
  if (first === undefined) return
  const errors = refused.map(saysOfRole)
  throw first.why === 'own'
    ? authoringErrors.OWN_ROLE({ name: first.role }, { errors })
    : authoringErrors.MORE_THAN_HELD({ name: first.names.join(', ') }, { errors })
}

/**
 * All of a model that its author may not publish himself, with the place of each: documents of kinds that are not his, roles that give or take more
 * than he holds, what moves rights or tells of records. What a publish would refuse is told while it is being written.
 */
export function refusals(
  author: RoleAuthor,
  before: CompiledModel,
  after: CompiledModel,
  changes: readonly Changed[],
  numbers: NumberBook,
): Problem[] {
  const documents = new Map(changes.map(({ kind, key }) => [`${kind}/${key}`, { kind, key }]))
  const foreign = [...documents.values()].flatMap(({ kind, key }) => {
    const capability = CAPABILITY_OF_KIND[kind]
    if (capability === undefined || author.capabilities.has(capability)) return []
    const message = words('Documents of this kind are changed by who has “{capability}”.', { capability })
    return [accessNeeded({ kind, key }, '', { capability }, message, capability)]
  })
  return [...foreign, ...refusedRoleChanges(author, before, after).map(saysOfRole), ...beyondAuthor(author, before, after, numbers)]
}

function saysOfRole({ role, pointer, why, names }: RoleRefusal): Problem {
  const document = { kind: 'role', key: role } as const
  if (why === 'own') {
    const message = words('You hold this role yourself: what it gives is for somebody else to change.')
    return said({ document, pointer, code: 'MODEL_OWN_ROLE' }, message)
  }
  const message = words('Nobody gives or takes what he does not hold: {names}.', { names: names.map(each => `“${each}”`).join(', ') })
  const hint = words('Let somebody who holds it publish it.')
  return said({ document, pointer, code: 'MODEL_MORE_THAN_HELD', params: { names: [...names] } }, message, hint)
}

/**
 * What of a model its author may not publish himself, with the place of each. Rules over records, for who reads by them what a rule refuses, computes
 * or deletes learns of records that are hidden from him; and whatever moves rights without touching a profile. Empty for who manages access.
 */
export function beyondAuthor(author: Author, before: CompiledModel, after: CompiledModel, numbers: NumberBook): Problem[] {
  if (managesAccess(author)) return []
  const rights = rightsChanges(before, after, numbers)
  const rules = changedRules(before, after).flatMap(({ entity, pointer, concerned }) => {
    const hidden = concerned.filter(each => !seesWhole(author, before, each)).map(each => each.key)
    const isTold = rights.some(each => each.entity === entity && each.pointer === pointer)
    return hidden.length === 0 || isTold ? [] : [refused(entity, pointer, { entities: hidden }, unseen(hidden))]
  })
  return [...rights.map(each => refused(each.entity, each.pointer, { field: each.field }, saysOfRights(each))), ...rules]
}

/** Throws 403 where something of a model is beyond its author. */
export function requireWithinReach(...[author, before, after, numbers]: Parameters<typeof beyondAuthor>): void {
  const problems = beyondAuthor(author, before, after, numbers)
  if (problems.length > 0) throw accessErrors.CAPABILITY_MISSING({ capability: 'access.manage' }, { errors: problems })
}

function refused(entity: string, pointer: string, params: NonNullable<Problem['params']>, message: Said): Problem {
  return accessNeeded({ kind: 'entity', key: entity }, pointer, params, message, 'access.manage')
}

function accessNeeded(
  document: NonNullable<Problem['document']>,
  pointer: string,
  params: NonNullable<Problem['params']>,
  message: Said,
  capability: Capability,
): Problem {
  const hint = words('Let somebody with “{capability}” publish it.', { capability })
  return said({ document, pointer, code: 'MODEL_ACCESS_NEEDED', params }, message, hint)
}

function unseen(entities: readonly string[]): Said {
  return words('This asks something of all records of {names}, and not all of their records and fields are shown to you.', {
    names: entities.map(each => `“${each}”`).join(', '),
  })
}

function saysOfRights({ field, effect }: RightsChange): Said {
  switch (effect) {
    case 'stands_on':
      return words('Row rules of access profiles stand on “{field}”: what it means decides who sees what.', { field })
    case 'frees':
      return words('The values of “{field}” were shown only with all they are made of; this shows them by themselves.', { field })
    case 'discloses':
      return words('“{field}” counts records that its readers may not see.', { field })
    case 'brings_back':
      return words('“{field}” comes back with the values it had.', { field })
  }
}

function requireCapability(caller: Pick<Caller, 'capabilities'>, capability: Capability): void {
  if (!caller.capabilities.has(capability)) throw accessErrors.CAPABILITY_MISSING({ capability })
}
