/**
 * Who may change what by authoring. The routes ask for studio capabilities; here stands what rights need besides: profiles and roles are for those
 * who manage access and roles, and nobody gives what he does not hold (security R19). Pure.
 */
import type { DocumentKind } from '../../metadata/index.ts'
import { accessErrors } from '../access/index.ts'
import type { Capability, Caller } from '../kernel/context.ts'
import type { CompiledEntity, CompiledField, CompiledModel } from '../model/index.ts'
import { authoringErrors } from './errors.ts'

const CAPABILITY_OF_KIND: Readonly<Partial<Record<DocumentKind, Capability>>> = { access_profile: 'access.manage', role: 'roles.manage' }

/** Throws 403 unless the caller may change documents of a kind. */
export function requireKind(caller: Pick<Caller, 'capabilities'>, kind: string): void {
  const capability = CAPABILITY_OF_KIND[kind as DocumentKind]
  if (capability !== undefined) requireCapability(caller, capability)
}

/** Throws 403 unless the caller may make this model of that one. */
export function requireAuthority(
  caller: Pick<Caller, 'capabilities' | 'profiles'>,
  before: CompiledModel,
  after: CompiledModel,
  changedKinds: Iterable<string>,
): void {
  for (const kind of changedKinds) requireKind(caller, kind)
  for (const role of after.roles.values()) {
    const old = before.roles.get(role.key)
    const capabilities = (role.capabilities ?? []).filter(each => old?.capabilities?.includes(each) !== true)
    const profiles = (role.access_profiles ?? []).filter(each => old?.access_profiles?.includes(each) !== true)
    const above = capabilities.find(each => !caller.capabilities.has(each))
    if (above !== undefined) throw authoringErrors.MORE_THAN_HELD({ name: above })
    // Who manages access can write any profile; others give those they have.
    const foreign = caller.capabilities.has('access.manage') ? undefined : profiles.find(each => !caller.profiles.includes(each))
    if (foreign !== undefined) throw authoringErrors.MORE_THAN_HELD({ name: foreign })
  }
  if (disclosesMore(before, after) || freesDerived(before, after)) requireCapability(caller, 'access.manage')
}

/** Whether a rollup shows what row rules hide, which it did not before. */
function disclosesMore(before: CompiledModel, after: CompiledModel): boolean {
  const disclosing = (entity: CompiledEntity | undefined): string[] =>
    [...(entity?.fields.values() ?? [])]
      .filter(field => field.derivation?.kind === 'rollup' && field.derivation.discloses)
      .map(field => JSON.stringify(field.declared))
  return [...after.entities.values()].some(entity => {
    const known = disclosing(before.entities.get(entity.key))
    return disclosing(entity).some(each => !known.includes(each))
  })
}

/** Whether a value that is shown only with all it is made of becomes one that stands for itself: the publish would carry it over. */
function freesDerived(before: CompiledModel, after: CompiledModel): boolean {
  const follows = (field: CompiledField | undefined): boolean => ['formula', 'rollup', 'lookup'].includes(field?.derivation?.kind ?? '')
  return [...after.entities.values()].some(entity =>
    [...entity.fields.values()].some(field => !follows(field) && follows(before.entitiesByNo.get(entity.no)?.fields.get(field.key))),
  )
}

function requireCapability(caller: Pick<Caller, 'capabilities'>, capability: Capability): void {
  if (!caller.capabilities.has(capability)) throw accessErrors.CAPABILITY_MISSING({ capability })
}
