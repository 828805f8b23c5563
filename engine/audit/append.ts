/**
 * Writes audit rows inside the transaction of the act they tell of, so that both are there or neither.
 * Rows go in unchained and are sealed afterwards: a chain in the write would make a tenant's writers wait for each other (storage rule 10).
 */
import type { JsonValue } from '../../metadata/generated/types.ts'
import type { RequestContext } from '../kernel/context.ts'
import { newId } from '../kernel/ids.ts'
import type { TenantConnection } from '../platform/index.ts'

/** One act: `<noun>.<what happened>`, on what, and what an auditor needs besides. */
export interface AuditEntry {
  readonly action: `${string}.${string}`
  readonly entity?: string | null
  readonly record_id?: string | null
  /** Who acted, where that is not the caller of the request: a sign-in has no caller yet. */
  readonly actor?: string | null
  /** Never secrets, never values of fields that an auditor may not see: those stand in the record's history. */
  readonly details?: { readonly [key: string]: JsonValue }
}

/** The request behind an entry; a request context is one, a sign-in brings one without a caller. */
export type AuditOrigin = Pick<RequestContext, 'now' | 'traceId'> & {
  readonly ip: string | null
  readonly caller: { readonly userId: string } | null
}

/** Appends entries; all of them commit or roll back with the transaction of `connection`. */
export async function append(
  connection: TenantConnection,
  origin: AuditOrigin,
  entries: AuditEntry | readonly AuditEntry[],
): Promise<void> {
  const rows = ([entries].flat() as readonly AuditEntry[]).map(entry => rowOf(origin, entry))
  const [first] = rows
  if (first === undefined) return
  if (rows.length === 1) return appendOne(connection, origin, first)
  await connection.execute({
    name: 'audit_append',
    text: APPEND,
    values: [connection.tenantId, origin.now, origin.traceId, origin.ip, JSON.stringify(rows)],
  })
}

type NewRow = ReturnType<typeof rowOf>

function rowOf(origin: AuditOrigin, entry: AuditEntry) {
  return {
    id: newId(origin.now.getTime()),
    actor: entry.actor === undefined ? (origin.caller?.userId ?? null) : entry.actor,
    action: entry.action,
    entity: entry.entity ?? null,
    record_id: entry.record_id ?? null,
    details: entry.details ?? {},
  }
}

/** Mostly it is one: as plain values, in two statements of one message, it costs Postgres a third less than out of a list. */
async function appendOne(connection: TenantConnection, { now, traceId, ip }: AuditOrigin, row: NewRow): Promise<void> {
  const { id, actor, action, entity, record_id, details } = row
  await Promise.all([
    connection.execute({
      name: 'audit_append_one',
      text: APPEND_ONE,
      values: [connection.tenantId, id, now, actor, action, entity, record_id, JSON.stringify(details), traceId, ip],
    }),
    connection.execute({ name: 'audit_note_one', text: NOTE_ONE, values: [connection.tenantId, now, id] }),
  ])
}

const APPEND_ONE = `insert into nexus.audit (tenant_id, id, at, actor, action, entity, record_id, details, trace_id, ip)
  values ($1::uuid, $2::uuid, $3::timestamptz, $4::uuid, $5, $6, $7::uuid, $8::jsonb, $9, $10)`

const NOTE_ONE = 'insert into nexus.audit_unsealed (tenant_id, at, id) values ($1::uuid, $2::timestamptz, $3::uuid)'

const APPEND = `with written as (
  insert into nexus.audit (tenant_id, id, at, actor, action, entity, record_id, details, trace_id, ip)
  select $1::uuid, e.id, $2::timestamptz, e.actor, e.action, e.entity, e.record_id, e.details, $3, $4
    from jsonb_to_recordset($5::jsonb) as e (id uuid, actor uuid, action text, entity text, record_id uuid, details jsonb)
  returning at, id)
insert into nexus.audit_unsealed (tenant_id, at, id) select $1::uuid, w.at, w.id from written w`
