/** A table keeps as many lines as its field allows. Counted after the lines are written, for only then it is known. */
import { pointerOf } from '../../metadata/problem.ts'
import type { EngineError } from '../kernel/errors.ts'
import { refuse } from '../field-types/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { fieldProblem, type LineBounds, unspokenProblem, validateErrors } from '../validate/index.ts'
import { countLines } from './count-lines.ts'
import { type PreparedChange, requireNone } from './prepared.ts'
import type { RecordContext } from './types.ts'

/** A record some of whose tables are to be counted. */
type Counted = Pick<PreparedChange, 'id' | 'pointer' | 'counted'>

/** Throws ItemFailures with VALIDATE_MIN_ITEMS, VALIDATE_MAX_ITEMS. */
export async function requireLineCounts(connection: TenantConnection, ctx: RecordContext, changes: readonly Counted[]): Promise<void> {
  const failures = new Map<string, Error>()
  const touched = changes.flatMap(change => change.counted.map(bounds => ({ change, bounds })))
  for (const [field, group] of Map.groupBy(touched, each => each.bounds.field)) {
    const counts = await countLines(
      connection,
      ctx,
      field,
      group.map(each => each.change.id),
    )
    for (const { change, bounds } of group) {
      const error = outOfBounds(ctx, change, bounds, counts.get(change.id) ?? 0)
      if (error !== null) failures.set(change.id, error)
    }
  }
  requireNone(failures)
}

function outOfBounds(
  ctx: RecordContext,
  { pointer }: Counted,
  { field, minimum, maximum, spoken }: LineBounds,
  lines: number,
): EngineError | null {
  if (lines >= minimum && lines <= maximum) return null
  const refusal = lines < minimum ? refuse('VALIDATE_MIN_ITEMS', { minimum }) : refuse('VALIDATE_MAX_ITEMS', { maximum })
  const { locale } = ctx.caller
  const problem = spoken ? fieldProblem(field, refusal, `${pointer}${pointerOf(field.key)}`, locale) : unspokenProblem(pointer, locale)
  return validateErrors.FAILED({ count: 1 }, { errors: [problem] })
}
