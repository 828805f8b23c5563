/**
 * What has to hold of the new rows and only the database can tell: the row filters of the profiles that acted, value checks and rules
 * that look at other records. Asked after the write, before the commit.
 */
import type { Test } from '../../metadata/predicate.ts'
import { accessErrors } from '../access/index.ts'
import type { Grant, GrantTerm, Rows } from '../access/types.ts'
import { bindingOf, conditionOf, type View, withRecord } from '../plan/index.ts'
import type { Condition } from '../plan/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { type BitsRow, renderBits } from '../sql/index.ts'
import { canWrite, HISTORY_FIELDS, labelIn, specialise, validateErrors, variablesOf } from '../validate/index.ts'
import { termConditions } from './load-states.ts'
import { environmentOf } from './moment.ts'
import type { PreparedChange } from './prepared.ts'
import type { RecordContext } from './types.ts'

/** Why changes may not stay as they were written, by record. */
export async function refusedResults(
  connection: TenantConnection,
  ctx: RecordContext,
  changes: readonly PreparedChange[],
): Promise<Map<string, Error>> {
  const failures = new Map<string, Error>()
  for (const op of ['create', 'update'] as const) {
    const group = changes.filter(change => change.op === op)
    if (group.length > 0) for (const [id, error] of await refusedOf(connection, ctx, group, op)) failures.set(id, error)
  }
  return failures
}

async function refusedOf(
  connection: TenantConnection,
  ctx: RecordContext,
  group: readonly PreparedChange[],
  op: 'create' | 'update',
): Promise<Map<string, Error>> {
  const [head] = group
  if (head === undefined) return new Map()
  const { grant } = head
  const questions = new Questions(ctx, grant, grant.terms.length * 2)
  for (const change of group) {
    for (const { test, severity } of change.open) questions.ask(change, test, severity === 'warning')
    for (const test of change.openTermChecks.values()) questions.ask(change, test)
  }
  const open = questions.conditions.length > 0 || !group.every(change => isAllowedByItself(ctx, change))
  const terms = open ? termConditions(ctx, grant, op) : []
  const rows = open
    ? await connection.run<BitsRow>(
        renderBits(
          ctx.caller.tenant.id,
          grant.entity,
          group.map(change => change.id),
          [...terms, ...questions.conditions],
        ),
      )
    : []
  const bits = new Map(rows.map(row => [row.id, row.bits]))
  const failures = new Map<string, Error>()
  for (const change of group) {
    const answers = bits.get(change.id) ?? []
    const failure = judge(
      change,
      op,
      bit => !open || answers[bit] === true,
      (test, byHisEyes) => answers[questions.placeOf(change, test, byHisEyes)] === true,
      labelIn(grant.entity.labels, ctx.caller.locale, grant.entity.key),
    )
    if (failure !== null) failures.set(change.id, failure)
  }
  return failures
}

/** Whether the new values alone say that every share by which somebody acts allows what comes of it: then there is nothing to be asked. */
export function isAllowedByItself(ctx: RecordContext, { grant, acting, before, values, op }: PreparedChange): boolean {
  const env = { ...environmentOf(ctx), before: before?.values ?? null, record: values }
  const holds = (rows: Rows | undefined): boolean =>
    rows?.kind === 'all' || (rows?.kind === 'where' && specialise(grant.entity, rows.test, values, env).kind === 'true')
  return acting.every(({ rows }) => holds(rows.get('read')) && (op === 'update' || holds(rows.get(op))))
}

/**
 * Conditions to be asked, each once for all records on which its variables mean the same. What refuses looks at every record there is; a
 * warning looks at those the caller sees, or it would tell of others.
 */
class Questions {
  readonly conditions: Condition[] = []
  private readonly places = new Map<string, number>()
  private readonly ctx: RecordContext
  private readonly grant: Grant
  private readonly offset: number

  constructor(ctx: RecordContext, grant: Grant, offset: number) {
    this.ctx = ctx
    this.grant = grant
    this.offset = offset
  }

  ask(change: PreparedChange, test: Test, byHisEyes = false): void {
    const name = nameOf(change, test, byHisEyes)
    if (this.places.has(name)) return
    this.places.set(name, this.offset + this.conditions.length)
    const binding = bindingOf(this.ctx)
    const bound = withRecord(binding, change.values)
    const view: View = { model: this.ctx.model, binding: bound, entity: this.grant.entity, grant: byHisEyes ? this.grant : null }
    this.conditions.push(conditionOf(view, test))
  }

  placeOf(change: PreparedChange, test: Test, byHisEyes = false): number {
    return this.places.get(nameOf(change, test, byHisEyes)) ?? -1
  }
}

function nameOf(change: PreparedChange, test: Test, byHisEyes: boolean): string {
  return JSON.stringify([byHisEyes, test, ...[...variablesOf(test)].map(key => change.values[key] ?? null)])
}

/** Why a change may not stay as it is, or null. Bits come in pairs per share of the grant: may be read, may be acted on. */
export function judge(
  change: PreparedChange,
  op: 'create' | 'update',
  bit: (place: number) => boolean,
  holds: (test: Test, byHisEyes?: boolean) => boolean,
  label: string,
): Error | null {
  const failed = change.open.filter(each => !holds(each.test, each.severity === 'warning'))
  const broken = failed.filter(each => each.severity === 'error').map(each => each.problem)
  if (broken.length > 0) return validateErrors.FAILED({ count: broken.length }, { errors: broken })
  change.warnings.push(...failed.map(each => each.problem))
  const place = (term: GrantTerm): number => change.grant.terms.findIndex(each => each.profile === term.profile) * 2
  const acting = change.acting.filter(term => {
    const check = change.openTermChecks.get(term.profile)
    return check === undefined || holds(check)
  })
  if (acting.length === 0) return accessErrors.VALUES_FORBIDDEN({ label })
  // New rows have to be such as may be created; whoever may hand over need not see them afterwards.
  const allowed = acting.filter(term => (op === 'update' || bit(place(term) + 1)) && (bit(place(term)) || term.handover))
  if (allowed.length === 0) return accessErrors.RESULT_FORBIDDEN({ label })
  const uncovered = [...change.given].some(
    key => !HISTORY_FIELDS.has(key) && !allowed.some(term => canWrite(term.rights.get(key)?.right ?? 'mask', op)),
  )
  return uncovered ? accessErrors.RESULT_FORBIDDEN({ label }) : null
}
