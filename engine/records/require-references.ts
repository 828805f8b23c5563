/**
 * Every record that a change points at is live, visible to the caller, and fulfils the reference's own condition; it stays so until the
 * commit. References that ask the same go together, and all of them in one statement.
 */
import { bindingOf, conditionOf, referenceSeen, type View, withRecord } from '../plan/index.ts'
import type { Condition } from '../plan/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { type ReferenceQuestion, type ReferenceRow, renderReferences } from '../sql/index.ts'
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
  const pointing = changes.flatMap(change => change.references.map((reference): Pointing => ({ change, reference })))
  const groups = [...Map.groupBy(pointing, questionOf).values()].map(group => askedFor(ctx, group))
  if (pointing.length === 0) return
  const fit = await Promise.all(inSlices(groups).map(slice => fitOf(connection, slice)))
  const found = new Map(fit.flatMap(each => [...each]))
  const failures = new Map<string, Error>()
  for (const { pointing: group } of groups) {
    for (const { change, reference } of group) {
      if (reference.ids.every(id => found.get(reference)?.has(id) === true)) continue
      const problem = fieldProblem(reference.field, 'REFERENCE', reference.pointer, ctx.caller.locale)
      failures.set(change.id, validateErrors.FAILED({ count: 1 }, { errors: [problem] }))
    }
  }
  requireNone(failures)
}

/** The same for references that can be asked about as one. */
function questionOf({ change, reference: { field, trusted } }: Pointing): string {
  const filter = field.referenceFilter
  const variables = filter === null ? [] : [...variablesOf(filter)].map(key => change.values[key] ?? null)
  // Without a condition of its own it is the target that counts, not the field.
  return JSON.stringify([filter === null ? field.target : `${field.target}.${field.key}`, trusted, variables])
}

/** References that ask the same, and what they ask. */
interface Asked {
  readonly pointing: readonly Pointing[]
  readonly question: ReferenceQuestion
}

function askedFor(ctx: RecordContext, pointing: readonly Pointing[]): Asked {
  const [first] = pointing
  const entity = first === undefined ? undefined : ctx.model.entities.get(first.reference.field.target ?? '')
  if (first === undefined || entity === undefined) throw new Error('A reference leads to no entity of the model.')
  const ids = [...new Set(pointing.flatMap(each => each.reference.ids))].sort()
  return { pointing, question: { entity, ids, condition: conditionFor(ctx, first) } }
}

/** Questions of one statement: more than these make it long and no faster. */
const AT_ONCE = 20

/** By target, so that all writers lock in one order. */
function inSlices(groups: readonly Asked[]): Asked[][] {
  const sorted = groups.toSorted((a, b) => a.question.entity.no - b.question.entity.no)
  return Array.from({ length: Math.ceil(sorted.length / AT_ONCE) }, (_, n) => sorted.slice(n * AT_ONCE, (n + 1) * AT_ONCE))
}

async function fitOf(connection: TenantConnection, slice: readonly Asked[]): Promise<Map<PreparedReference, ReadonlySet<string>>> {
  const rows = await connection.run<ReferenceRow>(
    renderReferences(
      connection.tenantId,
      slice.map(each => each.question),
    ),
  )
  const fit = slice.map((_, q) => new Set(rows.filter(row => row.q === q).map(row => row.id)))
  return new Map(slice.flatMap(({ pointing }, q) => pointing.map(each => [each.reference, fit[q] ?? new Set<string>()] as const)))
}

function conditionFor(ctx: RecordContext, { change, reference: { field, trusted } }: Pointing): Condition {
  const binding = bindingOf(ctx)
  const view: View = { model: ctx.model, binding, entity: change.grant.entity, grant: change.grant }
  const seen = trusted ? null : referenceSeen(view, field)
  const target = ctx.model.entities.get(field.target ?? '')
  const filter =
    field.referenceFilter === null || target === undefined
      ? null
      : conditionOf({ ...view, binding: withRecord(binding, change.values), entity: target, grant: null }, field.referenceFilter)
  const parts = [seen?.where, filter].filter(each => each !== undefined && each !== null)
  return parts.length === 0 ? { kind: 'true' } : { kind: 'all', of: parts }
}
