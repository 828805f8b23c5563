/**
 * Tells changes what a parent has against them. The parent may be a record the caller does not see, with fields and rules he does not know: then
 * he hears that it is not possible and no more. What only follows from a change of something else is told as what stands against that.
 */
import { pointerOf, type Problem } from '../../metadata/problem.ts'
import { grantOver } from '../access/index.ts'
import type { Grant } from '../access/types.ts'
import type { CompiledEntity } from '../model/types.ts'
import { bindingOf, rowsCondition } from '../plan/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { type BitsRow, renderBits } from '../sql/index.ts'
import { judgementOf, same, testOf, unspokenProblem, validateErrors } from '../validate/index.ts'
import { recordErrors } from './errors.ts'
import type { Refusal } from './judge-parents.ts'
import { environmentOf } from './moment.ts'
import type { Cause } from './touched-parents.ts'
import type { RecordContext } from './types.ts'

/** Why records may not stay as they were changed, by record. */
export async function tellCauses(
  connection: TenantConnection,
  ctx: RecordContext,
  refusals: readonly Refusal[],
): Promise<Map<string, Error>> {
  const problems = new Map<string, Problem[]>()
  const failures = new Map<string, Error>()
  for (const [entity, group] of Map.groupBy(refusals, each => each.entity)) {
    const grant = grantOver(ctx.model, ctx.caller.profiles, entity.key)
    const seen = grant === null ? new Set<string>() : await seenOf(connection, ctx, grant, [...new Set(group.map(each => each.parent))])
    for (const { parent, problem, causes } of group) {
      for (const cause of causes) {
        if (cause.follows) failures.set(cause.id, recordErrors.NOT_POSSIBLE({}))
        const told = tell(ctx, entity, seen.has(parent) ? grant : null, problem, cause)
        const known = problems.get(cause.id) ?? []
        if (!known.some(each => same(each, told))) problems.set(cause.id, [...known, told])
      }
    }
  }
  for (const [id, errors] of problems) if (!failures.has(id)) failures.set(id, validateErrors.FAILED({ count: errors.length }, { errors }))
  return failures
}

/** Which of the records the caller sees. */
async function seenOf(connection: TenantConnection, ctx: RecordContext, grant: Grant, ids: readonly string[]): Promise<Set<string>> {
  const view = { model: ctx.model, binding: bindingOf(ctx), entity: grant.entity, grant: null }
  const rows = await connection.run<BitsRow>(renderBits(connection.tenantId, grant.entity, ids, [rowsCondition(view, grant.rows)]))
  return new Set(rows.filter(row => row.bits[0] === true).map(row => row.id))
}

/** A parent's problem, said at the reference that leads to it. */
function tell(ctx: RecordContext, entity: CompiledEntity, grant: Grant | null, problem: Problem, cause: Cause): Problem {
  const at = cause.pointer ?? ''
  const { locale, profiles } = ctx.caller
  if (grant === null || cause.reference === null || !maySay(ctx, entity, grant, problem)) return unspokenProblem(at, locale)
  const named = cause.pointer !== null && grantOver(ctx.model, profiles, cause.entity.key)?.fields.has(cause.reference) === true
  return { ...problem, pointer: named ? `${at}${pointerOf(cause.reference)}` : at }
}

function maySay(ctx: RecordContext, entity: CompiledEntity, grant: Grant, { code, params, pointer }: Problem): boolean {
  const judgement = judgementOf(grant, environmentOf(ctx), ctx.caller.locale, '')
  const rule = code === 'VALIDATE_RULE' ? entity.rules.find(each => each.key === params?.['rule']) : undefined
  if (rule !== undefined) return judgement.knows(testOf(rule))
  const guards = entity.stages.flatMap(stages => stages.transitions.flatMap(each => each.check ?? []))
  return judgement.sees(pointer.slice(1)) && (code !== 'VALIDATE_GUARD' || guards.every(judgement.knows))
}
