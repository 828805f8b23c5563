/**
 * Every record that a change points at is live, visible to the caller, and fulfils the reference's own condition; it stays so until the
 * commit. References that ask the same go together: one statement each, all of them sent at once.
 */
import { bindingOf, conditionOf, referenceSeen, type View } from '../plan/index.ts'
import type { Condition } from '../plan/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { renderReferences } from '../sql/index.ts'
import { fieldProblem, validateErrors, variablesOf } from '../validate/index.ts'
import { type PreparedChange, type PreparedReference, requireNone } from './prepared.ts'
import type { RecordContext } from './types.ts'

interface Pointing {
  readonly change: PreparedChange
  readonly reference: PreparedReference
}

/** Locks what is pointed at against disappearing. Throws ItemFailures with VALIDATE_REFERENCE. */
export async function requireReferences(
  connection: TenantConnection,
  ctx: RecordContext,
  changes: readonly PreparedChange[],
): Promise<void> {
  const groups = Map.groupBy(
    changes.flatMap(change => change.references.map((reference): Pointing => ({ change, reference }))),
    questionOf,
  )
  const answers = await Promise.all([...groups.values()].map(group => unfit(connection, ctx, group)))
  const failures = new Map<string, Error>()
  for (const { change, reference } of answers.flat()) {
    const problem = fieldProblem(reference.field, 'REFERENCE', reference.pointer, ctx.caller.locale)
    failures.set(change.id, validateErrors.FAILED({ count: 1 }, { errors: [problem] }))
  }
  requireNone(failures)
}

/** The same for references that can be asked about in one statement. */
function questionOf({ change, reference: { field, trusted } }: Pointing): string {
  const filter = field.referenceFilter
  const variables = filter === null ? [] : [...variablesOf(filter)].map(key => change.values[key] ?? null)
  // Without a condition of its own it is the target that counts, not the field.
  return JSON.stringify([filter === null ? field.target : `${field.target}.${field.key}`, trusted, variables])
}

async function unfit(connection: TenantConnection, ctx: RecordContext, group: readonly Pointing[]): Promise<Pointing[]> {
  const [first] = group
  const target = first === undefined ? undefined : ctx.model.entities.get(first.reference.field.target ?? '')
  if (first === undefined || target === undefined) return [...group]
  const ids = [...new Set(group.flatMap(each => each.reference.ids))].sort()
  const rows = await connection.run<{ id: string }>(renderReferences(ctx.caller.tenant.id, target, ids, conditionFor(ctx, first)))
  const fit = new Set(rows.map(row => row.id))
  return group.filter(({ reference }) => !reference.ids.every(id => fit.has(id)))
}

function conditionFor(ctx: RecordContext, { change, reference: { field, trusted } }: Pointing): Condition {
  const binding = bindingOf(ctx)
  const view: View = { model: ctx.model, binding, entity: change.grant.entity, grant: change.grant }
  const seen = trusted ? null : referenceSeen(view, field)
  const target = ctx.model.entities.get(field.target ?? '')
  const filter =
    field.referenceFilter === null || target === undefined
      ? null
      : conditionOf(
          { ...view, binding: { ...binding, env: { ...binding.env, record: change.values } }, entity: target, grant: null },
          field.referenceFilter,
        )
  const parts = [seen?.where, filter].filter(each => each !== undefined && each !== null)
  return parts.length === 0 ? { kind: 'true' } : { kind: 'all', of: parts }
}
