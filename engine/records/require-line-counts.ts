/** A table keeps as many lines as its field allows. Counted after the lines are written, for only then it is known. */
import { pointerOf } from '../../metadata/problem.ts'
import { refuse } from '../field-types/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { renderRollups, type RollupRow } from '../sql/index.ts'
import { fieldProblem, validateErrors } from '../validate/index.ts'
import { type PreparedChange, type PreparedLines, requireNone } from './prepared.ts'
import type { RecordContext } from './types.ts'

/** Throws ItemFailures with VALIDATE_MIN_ITEMS, VALIDATE_MAX_ITEMS. */
export async function requireLineCounts(
  connection: TenantConnection,
  ctx: RecordContext,
  changes: readonly PreparedChange[],
): Promise<void> {
  const failures = new Map<string, Error>()
  const touched = changes.flatMap(change => change.lines.filter(set => boundsOf(set) !== null).map(set => ({ change, set })))
  for (const sets of Map.groupBy(touched, each => each.set.field.key).values()) {
    const [head] = sets
    const reference = head?.set.grant.entity.fields.get(head.set.reference)
    if (head === undefined || reference === undefined) continue
    const parents = sets.map(each => each.change.id)
    const count = { fn: 'count', source: null, where: { kind: 'true' } } as const
    const statement = renderRollups(ctx.caller.tenant.id, head.set.grant.entity, reference, [count], parents)
    const counts = new Map((await connection.run<RollupRow>(statement)).map(row => [row.parent, Number(row.values[0])]))
    for (const { change, set } of sets) {
      const { minimum, maximum } = boundsOf(set) ?? { minimum: 0, maximum: Number.POSITIVE_INFINITY }
      const lines = counts.get(change.id) ?? 0
      if (lines >= minimum && lines <= maximum) continue
      const refusal = lines < minimum ? refuse('VALIDATE_MIN_ITEMS', { minimum }) : refuse('VALIDATE_MAX_ITEMS', { maximum })
      const problem = fieldProblem(set.field, refusal, `${change.pointer}${pointerOf(set.field.key)}`, ctx.caller.locale)
      failures.set(change.id, validateErrors.FAILED({ count: 1 }, { errors: [problem] }))
    }
  }
  requireNone(failures)
}

function boundsOf({ field: { declared, required } }: PreparedLines): { minimum: number; maximum: number } | null {
  if (declared.type !== 'table') return null
  const minimum = Math.max(declared.min_items ?? 0, required ? 1 : 0)
  if (minimum === 0 && declared.max_items === undefined) return null
  return { minimum, maximum: declared.max_items ?? Number.POSITIVE_INFINITY }
}
