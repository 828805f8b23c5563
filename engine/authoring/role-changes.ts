/**
 * Who may change roles: nobody gives or takes more than he holds, and nobody changes a role that he holds himself (security R19). Who manages
 * access decides about profiles, his own among them (decision 0023), and still gives and takes no capability that he lacks. Pure.
 */
import type { Role } from '../../metadata/index.ts'
import { isWithin } from '../identity/index.ts'
import type { Caller } from '../kernel/context.ts'
import type { CompiledModel } from '../model/index.ts'
import { authoringErrors } from './errors.ts'
import { managesAccess } from './whole-sight.ts'

/** Who changes roles, as far as it matters here. */
export type RoleAuthor = Pick<Caller, 'capabilities' | 'profiles' | 'roles'>

/** Throws 403 unless the roles of one model may be made those of the other. */
export function requireRoleChanges(author: RoleAuthor, before: CompiledModel, after: CompiledModel): void {
  for (const key of new Set([...before.roles.keys(), ...after.roles.keys()])) {
    const [old, role] = [before.roles.get(key), after.roles.get(key)]
    if (givesOf(old) === givesOf(role)) continue
    requireHeld(author, before, added(role, old))
    // What a role gives already is its holders': whoever lacks some of it stands below them and takes nothing from them.
    requireHeld(author, before, old ?? {})
    if (!managesAccess(author) && author.roles.includes(key)) throw authoringErrors.OWN_ROLE({ name: key })
  }
}

type Gives = Pick<Role, 'capabilities' | 'access_profiles'>

/** What a role gives and from where, to be compared; its words are for anybody to change. */
function givesOf(role: Role | undefined): string {
  return JSON.stringify([role?.capabilities, role?.access_profiles, role?.ip_allow].map(list => [...(list ?? [])].sort()))
}

function added(role: Role | undefined, old: Role | undefined): Gives {
  const beyond = <T>(list: readonly T[] | undefined, known: readonly T[] | undefined): T[] =>
    (list ?? []).filter(each => known?.includes(each) !== true)
  return {
    capabilities: beyond(role?.capabilities, old?.capabilities),
    access_profiles: beyond(role?.access_profiles, old?.access_profiles),
  }
}

function requireHeld(author: RoleAuthor, before: CompiledModel, { capabilities = [], access_profiles = [] }: Gives): void {
  const lacking =
    capabilities.find(each => !author.capabilities.has(each)) ??
    (managesAccess(author) ? undefined : access_profiles.find(each => !holds(author, before, each)))
  if (lacking !== undefined) throw authoringErrors.MORE_THAN_HELD({ name: lacking })
}

/** Whether the author has a profile, or others that permit all that it does. One that is new is nobody's yet. */
function holds(author: RoleAuthor, before: CompiledModel, profile: string): boolean {
  return (
    author.profiles.includes(profile) ||
    (before.profiles.has(profile) && isWithin(before, { capabilities: new Set(), profiles: [profile] }, author))
  )
}
