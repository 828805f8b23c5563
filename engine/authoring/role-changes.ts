/**
 * Who may change roles: nobody gives or takes more than he holds, and nobody changes a role that he holds himself (security R19). Who manages
 * access decides about profiles, his own among them (decision 0023), and still gives and takes no capability that he lacks. Pure.
 */
import type { Role } from '../../metadata/index.ts'
import { isWithin } from '../identity/index.ts'
import type { Capability, Caller } from '../kernel/context.ts'
import type { CompiledModel } from '../model/index.ts'
import { managesAccess } from './whole-sight.ts'

/** Who changes roles, as far as it matters here. */
export type RoleAuthor = Pick<Caller, 'capabilities' | 'profiles' | 'roles'>

/** A change of a role that is not its author's to make. */
export interface RoleRefusal {
  readonly role: string
  /** The part of the role that it is about. */
  readonly pointer: string
  /** `held`: it gives or takes what he does not hold, named by `names`; `own`: it is a role he holds himself. */
  readonly why: 'held' | 'own'
  readonly names: readonly string[]
}

/** What of the roles of one model its author may not make of those of the other. */
export function refusedRoleChanges(author: RoleAuthor, before: CompiledModel, after: CompiledModel): RoleRefusal[] {
  return [...new Set([...before.roles.keys(), ...after.roles.keys()])].flatMap((key): RoleRefusal[] => {
    const [old, role] = [before.roles.get(key), after.roles.get(key)]
    if (givesOf(old) === givesOf(role)) return []
    const beyond = added(role, old)
    // What a role gives already is its holders': whoever lacks some of it stands below them and takes nothing from them.
    const capabilities = lackedCapabilities(author, [...(beyond.capabilities ?? []), ...(old?.capabilities ?? [])])
    const profiles = lackedProfiles(author, before, [...(beyond.access_profiles ?? []), ...(old?.access_profiles ?? [])])
    const at = (member: string): string => (role === undefined ? '' : `/${member}`)
    const refused: RoleRefusal[] = [
      { role: key, pointer: at('capabilities'), why: 'held', names: capabilities },
      { role: key, pointer: at('access_profiles'), why: 'held', names: profiles },
    ]
    const isOwn = !managesAccess(author) && author.roles.includes(key)
    return [
      ...refused.filter(each => each.names.length > 0),
      ...(isOwn ? [{ role: key, pointer: '', why: 'own', names: [] } as const] : []),
    ]
  })
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

function lackedCapabilities(author: RoleAuthor, named: readonly Capability[]): Capability[] {
  return [...new Set(named)].filter(each => !author.capabilities.has(each))
}

function lackedProfiles(author: RoleAuthor, before: CompiledModel, named: readonly string[]): string[] {
  return managesAccess(author) ? [] : [...new Set(named)].filter(each => !holds(author, before, each))
}

/** Whether the author has a profile, or others that permit all that it does. One that is new is nobody's yet. */
function holds(author: RoleAuthor, before: CompiledModel, profile: string): boolean {
  return (
    author.profiles.includes(profile) ||
    (before.profiles.has(profile) && isWithin(before, { capabilities: new Set(), profiles: [profile] }, author))
  )
}
