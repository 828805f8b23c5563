/**
 * Whether one set of rights lies within another, so that nobody gives, takes or manages more than he holds (R19).
 * Compares what profiles permit, not their names: whoever may do everything with deals may also let another do a part of it.
 * Errs on the side of refusing: row rules count as narrower only when they repeat the holder's own and add to it. Pure.
 */
import { isDeepStrictEqual } from 'node:util'
import type { EntityAccess } from '../../metadata/generated/types.ts'
import type { CompiledEntityAccess, CompiledModel, FieldRight, Operation } from '../model/types.ts'
import type { Rights } from './rights.ts'

/** The part of a caller, or of resolved roles, that is compared. */
export type Holding = Pick<Rights, 'profiles' | 'capabilities'>

/** Whether everything that `some` permits, `all` permits as well. */
export function isWithin(model: CompiledModel, some: Holding, all: Holding): boolean {
  if ([...some.capabilities].some(capability => !all.capabilities.has(capability))) return false
  const held = new Set(all.profiles)
  return some.profiles.every(key => held.has(key) || isProfileWithin(model, key, all.profiles))
}

function isProfileWithin(model: CompiledModel, key: string, holders: readonly string[]): boolean {
  const profile = model.profiles.get(key)
  if (profile === undefined) return true
  return [...profile.entities.keys()].every(entity => {
    const given = shareOf(model, key, entity)
    return given === null || holders.some(holder => covers(shareOf(model, holder, entity), given))
  })
}

/** One profile's rights on one entity, with its rules as they were written. */
interface Share {
  readonly access: CompiledEntityAccess
  readonly written: EntityAccess
}

function shareOf(model: CompiledModel, profile: string, entity: string): Share | null {
  const found = model.profiles.get(profile)
  const access = found?.entities.get(entity)
  const written = found?.definition.entities[entity]
  return access === undefined || written === undefined ? null : { access, written }
}

/** Rights add up per row and field, so one profile of the holder has to cover the whole share by itself. */
function covers(holder: Share | null, given: Share): boolean {
  if (holder === null) return false
  if (!isNarrower(given.written.check, holder.written.check)) return false
  const losesSight = given.access.handover && !holder.access.handover && holder.written.rows?.update !== undefined
  if (losesSight) return false
  return (
    [...given.access.operations].every(operation => coversOperation(holder, given, operation)) &&
    [...given.access.fields].every(([field, right]) => coversRight(holder, given, field, right))
  )
}

function coversOperation(holder: Share, given: Share, operation: Operation): boolean {
  // To reveal is to read what is masked: for the fields themselves `coversRight` asks for as much, here it is about the rows.
  const held = operation === 'reveal' && !holder.access.operations.has('reveal') ? 'read' : operation
  return holder.access.operations.has(held) && isNarrower(given.written.rows?.[operation], holder.written.rows?.[held])
}

const STRENGTH: Readonly<Record<FieldRight['right'], number>> = { mask: 0, read: 1, create: 2, write: 3 }

function coversRight(holder: Share, given: Share, field: string, right: FieldRight): boolean {
  const held = holder.access.fields.get(field)
  if (held === undefined) return false
  if (right.right !== 'mask' || held.right !== 'mask') return STRENGTH[held.right] >= STRENGTH[right.right]
  return held.mask === right.mask && (!reveals(given, right.reveal) || reveals(holder, held.reveal))
}

function reveals(share: Share, permitted: boolean): boolean {
  return permitted && share.access.operations.has('reveal')
}

/** Whether a predicate accepts no more than another: the same comparisons and perhaps some more, all joined by AND. */
function isNarrower(given: object | undefined, held: object | undefined): boolean {
  const own = new Map(Object.entries(given ?? {}))
  return Object.entries(held ?? {}).every(([name, test]) => own.has(name) && isDeepStrictEqual(own.get(name), test))
}
