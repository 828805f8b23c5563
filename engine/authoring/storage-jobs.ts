/**
 * Work on records that goes on after a publish, as rows of `job`, and the state of fields that wait for it. Written in the transaction of the
 * publish, claimed by lease: what a process leaves behind when it dies, another takes up where it stopped.
 */
import { newId } from '../kernel/ids.ts'
import type { CompiledModel, ModelContext, NumberBook } from '../model/index.ts'
import type { TenantConnection } from '../platform/index.ts'
import type { FillPass } from './storage-changes.ts'

/** Fills fields of large entities. */
export const FILL_JOB = 'fill_fields'
/** Forgets values of fields that were deleted or converted, once nobody can want them back. */
export const PURGE_JOB = 'purge_values'

/** How long values of deleted and converted fields are kept. */
export const KEPT_DAYS = 30

/** What every job says of the publish it came from; jobs of earlier versions say nothing. */
interface JobPayload {
  readonly traceparent?: string
}

export interface FillPayload extends JobPayload {
  readonly passes: readonly FillPass[]
}

/** Where a job stands: the pass it is at, the last record it has done there, and how many of how many in that pass. */
export interface JobProgress {
  readonly pass: number
  readonly after: string | null
  readonly done: number
  readonly total: number
}

export interface PurgePayload extends JobPayload {
  readonly entityNo: number
  readonly fieldNos: readonly number[]
}

/** Marks the fields of passes as being filled and leaves the work to the background. Gives the job's id. */
export async function leaveFilling(
  connection: TenantConnection,
  ctx: ModelContext,
  passes: readonly FillPass[],
  totals: ReadonlyMap<number, number>,
): Promise<string> {
  const id = newId(ctx.now.getTime())
  const states = passes.flatMap(pass =>
    pass.fields.map(field => ({ entity_no: pass.entityNo, field_no: field.no, total: totals.get(pass.entityNo) ?? 0 })),
  )
  await connection.execute({
    text: `insert into nexus.field_state (tenant_id, entity_no, field_no, state, done, total, job_id, updated_at)
      select $1, x.entity_no, x.field_no, 'building', 0, x.total, $3, $4 from jsonb_to_recordset($2::jsonb) as x(entity_no int, field_no int, total bigint)
      on conflict (tenant_id, entity_no, field_no) do update set state = 'building', done = 0, total = excluded.total, after_id = null, job_id = excluded.job_id, updated_at = excluded.updated_at`,
    values: [connection.tenantId, JSON.stringify(states), id, ctx.now],
  })
  await addJob(connection, ctx, { id, kind: FILL_JOB, payload: { passes }, notBefore: null })
  return id
}

/**
 * Fields that were filled inside the publish, or need no filling any more. Of copies that were made anew it is kept up to which moment the history
 * tells of earlier ones: its own newest, so that no two clocks are compared. Nobody else writes meanwhile.
 */
export async function noteReady(connection: TenantConnection, model: CompiledModel, passes: readonly FillPass[]): Promise<void> {
  const fields = passes.flatMap(pass => {
    const anew = copiesMadeAnew(model, pass)
    return pass.fields.map(({ no }) => ({ entity_no: pass.entityNo, field_no: no, anew: anew.includes(no) }))
  })
  if (fields.length === 0) return
  const values = [connection.tenantId, JSON.stringify(fields)]
  await connection.execute({
    text: `insert into nexus.field_state as s (tenant_id, entity_no, field_no, state, updated_at, computed_at)
      select $1, x.entity_no, x.field_no, 'ready', clock_timestamp(),
        case when x.anew then (select max(h.at) from nexus.record_history h where h.tenant_id = $1 and h.entity_no = x.entity_no) end
      from jsonb_to_recordset($2::jsonb) as x(entity_no int, field_no int, anew boolean)
      on conflict (tenant_id, entity_no, field_no) do update set state = 'ready', done = 0, total = 0, after_id = null, job_id = null,
        updated_at = excluded.updated_at, computed_at = greatest(s.computed_at, excluded.computed_at)`,
    values,
  })
  await connection.execute({
    text: `delete from nexus.field_state s using jsonb_to_recordset($2::jsonb) as x(entity_no int, field_no int)
      where s.tenant_id = $1 and s.entity_no = x.entity_no and s.field_no = x.field_no and s.computed_at is null`,
    values,
  })
}

/** Numbers of the fields of a pass whose copies it makes anew. */
export function copiesMadeAnew(model: CompiledModel, { entityNo, fields }: Pick<FillPass, 'entityNo' | 'fields'>): number[] {
  const known = model.entitiesByNo.get(entityNo)?.fieldsByNo
  return fields.filter(({ no, compute }) => compute && known?.get(String(no))?.derivation?.kind === 'lookup').map(field => field.no)
}

/** Leaves it to the background to forget, in 30 days, the values of fields that this publish retires. */
export async function leavePurging(connection: TenantConnection, ctx: ModelContext, before: NumberBook, after: NumberBook): Promise<void> {
  const notBefore = new Date(ctx.now.getTime() + KEPT_DAYS * 86_400_000)
  for (const [key, { no, retired }] of Object.entries(after.entities)) {
    const known = new Set(before.entities[key]?.retired.map(each => each.no))
    const fieldNos = retired.map(each => each.no).filter(each => !known.has(each))
    if (fieldNos.length > 0)
      await addJob(connection, ctx, {
        id: newId(ctx.now.getTime()),
        kind: PURGE_JOB,
        payload: { entityNo: no, fieldNos },
        notBefore,
      })
  }
}

async function addJob(
  connection: TenantConnection,
  ctx: ModelContext,
  job: { id: string; kind: string; payload: FillPayload | PurgePayload; notBefore: Date | null },
): Promise<void> {
  const payload = { ...job.payload, traceparent: ctx.traceparent }
  await connection.execute({
    text: `insert into nexus.job (tenant_id, id, kind, payload, run_as, leased_until, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $7)`,
    values: [connection.tenantId, job.id, job.kind, JSON.stringify(payload), ctx.caller.userId, job.notBefore, ctx.now],
  })
}
