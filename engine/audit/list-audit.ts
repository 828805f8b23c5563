/**
 * Lists a tenant's audit, newest first, page by page: whoever calls it has required `audit.read`. Who did what to which record is told to every
 * reader; the names of fields are told as they exist for him, as in every other door.
 */
import { type Database, type Row, table, toStatement } from '../platform/index.ts'
import type { CursorBox } from '../validate/index.ts'
import type { AuditRow } from './canonical.ts'
import { auditErrors } from './errors.ts'

/** Which rows; every member narrows. Instants are RFC 3339, `from` inclusive, `to` exclusive. */
export interface AuditFilter {
  readonly actor?: string
  readonly action?: string
  readonly entity?: string
  readonly record_id?: string
  readonly from?: string
  readonly to?: string
}

/** Who asks: a page's cursor serves him alone, for the same filter. */
export interface AuditReader {
  readonly tenantId: string
  readonly userId: string
  readonly now: Date
  readonly knows: KnowsField
}

/** Whether a field of an entity exists for the reader. */
export type KnowsField = (entity: string, field: string) => boolean

export type ListedAudit = Omit<AuditRow, 'tenant_id'>
export interface AuditPage {
  readonly data: readonly ListedAudit[]
  readonly page: { readonly next: string | null }
}

export const AUDIT_PAGE = { standard: 50, most: 200 } as const

/** One page of the audit. Throws AUDIT_CURSOR_REFUSED for a cursor of somebody or something else. */
export async function listAudit(
  { database, cursors }: { readonly database: Database; readonly cursors: CursorBox },
  reader: AuditReader,
  filter: AuditFilter,
  page: { readonly limit?: number; readonly after?: string } = {},
): Promise<AuditPage> {
  const limit = page.limit ?? AUDIT_PAGE.standard
  const binding = JSON.stringify(['audit', reader.tenantId, reader.userId, Object.entries(filter).sort()])
  const after = page.after === undefined ? null : cursors.open(page.after, binding)
  if (page.after !== undefined && after === null) throw auditErrors.CURSOR_REFUSED({})

  const place = after === null ? null : { at: after.keys[0] ?? '', id: after.id }
  const rows = await readRows(database, reader.tenantId, filter, place, limit + 1)
  const data = rows.slice(0, limit).map(row => asKnown(row, reader.knows))
  const last = data.at(-1)
  const next =
    rows.length > limit && last !== undefined
      ? cursors.seal({ keys: [last.at], id: last.id, now: reader.now.toISOString() }, binding)
      : null
  return { data, page: { next } }
}

/** All rows under a filter as lines of JSON, newest first, read page by page so that nothing is held open meanwhile. */
export async function* exportAudit(database: Database, tenantId: string, filter: AuditFilter, knows: KnowsField): AsyncIterable<string> {
  let place: Place | null = null
  for (;;) {
    const rows: ListedAudit[] = await readRows(database, tenantId, filter, place, EXPORT_PAGE)
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows.map(row => `${JSON.stringify(asKnown(row, knows))}\n`).join('')
    if (rows.length < EXPORT_PAGE) return
    place = { at: last.at, id: last.id }
  }
}

const EXPORT_PAGE = 1000

/** A row without names of fields that do not exist for the reader: what was changed, taken out or revealed. */
function asKnown(row: ListedAudit, knows: KnowsField): ListedAudit {
  const { entity } = row
  const { fields, field, ...rest } = row.details
  if (entity === null || (fields === undefined && field === undefined)) return row
  const details = {
    ...rest,
    ...(Array.isArray(fields) ? { fields: fields.filter(name => typeof name === 'string' && knows(entity, name)) } : {}),
    ...(typeof field === 'string' && knows(entity, field) ? { field } : {}),
  }
  return { ...row, details }
}

interface Place {
  readonly at: string
  readonly id: string
}

async function readRows(
  database: Database,
  tenantId: string,
  filter: AuditFilter,
  after: Place | null,
  limit: number,
): Promise<ListedAudit[]> {
  const query = table('audit')
    .select('id', 'at', 'actor', 'action', 'entity', 'record_id', 'details', 'trace_id', 'ip')
    .where('tenant_id', tenantId)
  for (const [key, [column, sign]] of Object.entries(CONDITIONS) as [keyof AuditFilter, (typeof CONDITIONS)[keyof AuditFilter]][]) {
    const value = filter[key]
    if (value !== undefined) query.where(column, sign, value)
  }
  if (after !== null) query.whereRaw('(at, id) < (?::timestamptz, ?::uuid)', [after.at, after.id])
  const page = query
    .orderBy([
      { column: 'at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit)
  return database.readAs(tenantId, connection => connection.run<Row & ListedAudit>(toStatement(page)))
}

const CONDITIONS: Readonly<Record<keyof AuditFilter, readonly [column: string, sign: '=' | '>=' | '<']>> = {
  actor: ['actor', '='],
  action: ['action', '='],
  entity: ['entity', '='],
  record_id: ['record_id', '='],
  from: ['at', '>='],
  to: ['at', '<'],
}
