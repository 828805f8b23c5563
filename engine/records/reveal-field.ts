/**
 * Shows one masked value as it is, to whom a profile grants that, for a reason: counted against the day's allowance and audited in the
 * transaction that reads it. Nothing is shown that is not written down.
 */
import { addDays, dateIn, startOfDay } from '../../metadata/time-period.ts'
import { accessErrors, decideAccess } from '../access/index.ts'
import type { Grant, GrantTerm } from '../access/types.ts'
import { append } from '../audit/index.ts'
import { commonErrors } from '../kernel/errors.ts'
import type { CompiledField } from '../model/types.ts'
import { anyCondition, bindingOf, planReveal, rowsCondition, type View } from '../plan/index.ts'
import type { Condition } from '../plan/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { labelIn, listing, nameProblem, queryFailed, unknownName } from '../validate/index.ts'
import { recordErrors } from './errors.ts'
import { fetchOne, planOne } from './read-record.ts'
import { lookAt } from './sight.ts'
import type { RecordContext } from './types.ts'
import { writeTransaction } from './write-transaction.ts'

export interface Reveal {
  readonly field: string
  readonly reason: string
}

/** What a person may reveal a day where no profile says how much. */
const USUAL_REVEALS = 20

/** The plain value, as JSON text `{"<field>": …}`. Errors: NOT_FOUND, ACCESS_*, VALIDATE_*, RECORDS_REVEALS_USED_UP. */
export async function revealField(ctx: RecordContext, entityKey: string, id: string, { field: key, reason }: Reveal): Promise<string> {
  const grant = decideAccess(ctx, entityKey, 'reveal')
  const { field, terms } = requireRevealable(grant, key)
  const view: View = { model: ctx.model, binding: bindingOf(ctx), entity: grant.entity, grant }
  const rules = terms.map(term => rowsOf(view, term))
  const sight = await lookAt(ctx, grant, id, rules)
  if (sight === null || sight.deleted) throw commonErrors.NOT_FOUND({})
  const acting = terms.filter((_, index) => sight.answers[index] === true)
  if (acting.length === 0)
    throw accessErrors.ROW_FORBIDDEN({ operation: 'reveal', label: labelIn(grant.entity.labels, ctx.caller.locale, entityKey) })
  const rows = anyCondition(rules.filter((_, index) => sight.answers[index] === true))
  const plan = planReveal(planOne(ctx, grant, { select: ['id'] }), view, field, rows)
  const limit = allowanceOf(ctx, acting)
  return writeTransaction(ctx, {}, async connection => {
    await requireAllowance(connection, ctx, limit)
    const found = await fetchOne(connection, plan, id)
    if (found === null) throw commonErrors.NOT_FOUND({})
    await append(connection, ctx, {
      action: 'record.revealed',
      entity: entityKey,
      record_id: id,
      details: { field: key, reason: reason.trim() },
    })
    return found.dataText
  })
}

/** The field and the shares of the grant that mask it and let it be revealed. */
function requireRevealable(grant: Grant, key: string): { readonly field: CompiledField; readonly terms: readonly GrantTerm[] } {
  const able = (name: string): GrantTerm[] =>
    grant.terms.filter(term => {
      const right = term.rights.get(name)
      return term.operations.has('reveal') && right?.right === 'mask' && right.reveal
    })
  const granted = grant.fields.get(key)
  const names = [...grant.fields.keys()].filter(name => able(name).length > 0)
  if (granted === undefined) throw queryFailed([unknownName(key, '/field', names)])
  const terms = granted.mask === null ? [] : able(key)
  if (terms.length > 0) return { field: granted.field, terms }
  const hint = listing('What can be revealed: {names}.', names)
  throw queryFailed([nameProblem(key, '/field', 'VALIDATE_NOT_REVEALABLE', '"{name}" is nothing that you could reveal.', hint)])
}

function rowsOf(view: View, term: GrantTerm): Condition {
  const rules = (['read', 'reveal'] as const).flatMap(operation => term.rows.get(operation) ?? [])
  const conditions = rules.map(rows => rowsCondition(view, rows)).filter(each => each.kind !== 'true')
  return conditions.length === 0 ? { kind: 'true' } : { kind: 'all', of: conditions }
}

/** The widest of the profiles that act. */
function allowanceOf(ctx: RecordContext, acting: readonly GrantTerm[]): number {
  return Math.max(...acting.map(term => ctx.model.profiles.get(term.profile)?.definition.limits?.reveals_per_day ?? USUAL_REVEALS))
}

/** Counts what the person has revealed today, by the tenant's calendar. His reveals take turns, so that none slips past the count. */
async function requireAllowance(connection: TenantConnection, ctx: RecordContext, limit: number): Promise<void> {
  const { userId, tenant } = ctx.caller
  const today = dateIn(ctx.now.toISOString(), tenant.timeZone)
  await connection.run({ text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))', values: [`reveal/${tenant.id}/${userId}`] })
  const [row] = await connection.run<{ n: number }>({
    text: `select count(*)::int as n from nexus.audit where tenant_id = $1 and action = 'record.revealed' and actor = $2 and at >= $3`,
    values: [tenant.id, userId, startOfDay(today, tenant.timeZone)],
  })
  if ((row?.n ?? 0) < limit) return
  const seconds = Math.ceil((Date.parse(startOfDay(addDays(today, 1), tenant.timeZone)) - ctx.now.getTime()) / 1000)
  throw recordErrors.REVEALS_USED_UP({ limit }, { headers: { 'retry-after': String(Math.max(1, seconds)) } })
}
