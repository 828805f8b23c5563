/**
 * What a set of roles gives: capabilities, access profiles and the addresses its holders may come from.
 * Pure: knows the compiled model and no database.
 */
import type { Capability } from '../kernel/context.ts'
import type { CompiledModel } from '../model/types.ts'
import { type AddressTest, admits } from './ip-list.ts'

/** Roles resolved against one model. */
export interface Rights {
  /** The roles that the model knows, sorted. */
  readonly roles: readonly string[]
  readonly profiles: readonly string[]
  readonly capabilities: ReadonlySet<Capability>
  /** Every role with an address list must admit the address. */
  readonly admits: AddressTest
}

/** The role that a new tenant's first user gets. */
export const ADMIN_ROLE = 'admin'

const resolved = new WeakMap<CompiledModel, Map<string, Rights>>()

/** Resolves role keys; keys that the model does not know give nothing. Equal roles of one model give the same object. */
export function resolveRights(model: CompiledModel, roleKeys: readonly string[]): Rights {
  const keys = [...new Set(roleKeys)].sort()
  const known = resolved.get(model) ?? new Map<string, Rights>()
  resolved.set(model, known)
  const id = keys.join(' ')
  const rights = known.get(id) ?? combine(model, keys)
  known.set(id, rights)
  return rights
}

function combine(model: CompiledModel, keys: readonly string[]): Rights {
  const roles = keys.map(key => model.roles.get(key)).filter(role => role !== undefined)
  const tests = roles.map(role => admits(role.ip_allow ?? []))
  return Object.freeze({
    roles: Object.freeze(roles.map(role => role.key)),
    profiles: Object.freeze([...new Set(roles.flatMap(role => role.access_profiles ?? []))].filter(key => model.profiles.has(key)).sort()),
    capabilities: new Set(roles.flatMap(role => role.capabilities ?? [])),
    admits: (ip: string) => tests.every(test => test(ip)),
  })
}

/** Keys of the roles whose holders can manage users and give roles: a tenant is never left without one of them. */
export function administratorRoles(model: CompiledModel): string[] {
  return [...model.roles.values()]
    .filter(role => role.capabilities?.includes('users.manage') && role.capabilities.includes('roles.manage'))
    .map(role => role.key)
}
