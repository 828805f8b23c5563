/**
 * Whether nothing of an entity is hidden from somebody: every row, every value. Whoever writes rules over records can ask by them for what is
 * hidden, so authoring answers and accepts them only from who sees the whole. Pure.
 */
import { grantOver } from '../access/index.ts'
import type { Caller } from '../kernel/context.ts'
import type { CompiledEntity, CompiledModel } from '../model/index.ts'

/** What is asked of a caller here. */
export type Author = Pick<Caller, 'capabilities' | 'profiles'>

/** True for an entity of the model of which the author sees every row and every value. Who manages access could show himself the rest. */
export function seesWhole(author: Author, model: CompiledModel, entity: CompiledEntity): boolean {
  if (managesAccess(author)) return true
  const grant = grantOver(model, author.profiles, entity.key)
  if (grant === null || grant.rows.kind !== 'all') return false
  return [...entity.fields.keys()].every(key => grant.fields.get(key)?.everywhere === true)
}

/** Whether the author decides who sees what. */
export function managesAccess(author: Pick<Author, 'capabilities'>): boolean {
  return author.capabilities.has('access.manage')
}
