/** What imports did to their rows, and what the rows of a running one claim. Knows no file and no rights. */
import { createHash } from 'node:crypto'
import type { TenantConnection } from '../platform/index.ts'
import type { RowProblem } from './row-words.ts'
import type { StoredRow } from './types.ts'

/** What a row claims: to be about a record, to bear a name, to take a unique value. */
export interface Claim {
  readonly kind: string
  readonly key: string
  readonly row_no: number
}

const ROW_TYPES =
  'row_no int, op text, record_id uuid, before_version int, version int, problems jsonb, changes jsonb, links jsonb, input jsonb, cells jsonb'
const ROW_COLUMNS = 'row_no, op, record_id, before_version, version, problems, changes, links, input, cells'

/** Keeps rows of one chunk. */
export async function insertRows(connection: TenantConnection, jobId: string, rows: readonly Omit<StoredRow, 'undo'>[]): Promise<void> {
  if (rows.length === 0) return
  await connection.execute({
    text: `insert into nexus.import_row (tenant_id, job_id, ${ROW_COLUMNS}) select $1::uuid, $2::uuid, ${ROW_COLUMNS} from jsonb_to_recordset($3::jsonb) as x (${ROW_TYPES})`,
    values: [connection.tenantId, jobId, JSON.stringify(rows)],
  })
}

/** Notes the claims of one chunk. */
export async function insertClaims(connection: TenantConnection, jobId: string, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return
  await connection.execute({
    text: `insert into nexus.import_key (tenant_id, job_id, kind, key, row_no) select $1::uuid, $2::uuid, kind, key, row_no from jsonb_to_recordset($3::jsonb) as x (kind text, key text, row_no int) on conflict do nothing`,
    values: [connection.tenantId, jobId, JSON.stringify(claims)],
  })
}

/** Rows of earlier chunks that claim these keys, each key with its first rows. */
export async function findClaims(
  connection: TenantConnection,
  jobId: string,
  kind: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  if (keys.length === 0) return new Map()
  const rows = await connection.run<{ key: string; rows: number[] }>({
    text: `select key, array_agg(row_no order by row_no) as rows from nexus.import_key where tenant_id = $1 and job_id = $2 and kind = $3 and key = any($4::text[]) group by key`,
    values: [connection.tenantId, jobId, kind, keys],
  })
  return new Map(rows.map(row => [row.key, row.rows]))
}

/** Forgets the claims of an import that has ended. */
export async function forgetClaims(connection: TenantConnection, jobId: string): Promise<void> {
  await connection.execute({
    text: 'delete from nexus.import_key where tenant_id = $1 and job_id = $2',
    values: [connection.tenantId, jobId],
  })
}

/** A value of any length as a claim's key. */
export function digestOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url')
}

/** Which rows to read. */
export type RowSort = 'linked' | 'failed' | 'told' | 'written' | 'written and linked'

const CONDITIONS: Readonly<Record<RowSort, string>> = {
  linked: `links is not null and op in ('create', 'update', 'keep')`,
  failed: 'problems is not null',
  told: '(problems is not null or changes is not null)',
  written: `op in ('create', 'update') and undo is null`,
  'written and linked': `op = 'create' and links is not null and undo is null`,
}

/** Rows of an import after one (or before, when read backwards), in the order of the file. */
export async function readRowsOf(
  connection: TenantConnection,
  jobId: string,
  sort: RowSort,
  from: number,
  limit: number,
  backwards = false,
): Promise<StoredRow[]> {
  return connection.run<StoredRow & Readonly<Record<string, unknown>>>({
    text: `select ${ROW_COLUMNS}, undo from nexus.import_row where tenant_id = $1 and job_id = $2 and ${CONDITIONS[sort]} and row_no ${backwards ? '<' : '>'} $3 order by row_no ${backwards ? 'desc' : 'asc'} limit $4`,
    values: [connection.tenantId, jobId, from, limit],
  })
}

/** Rows of an import by their numbers. */
export async function readRowsAt(connection: TenantConnection, jobId: string, rows: readonly number[]): Promise<StoredRow[]> {
  return connection.run<StoredRow & Readonly<Record<string, unknown>>>({
    text: `select ${ROW_COLUMNS}, undo from nexus.import_row where tenant_id = $1 and job_id = $2 and row_no = any($3::int[]) order by row_no`,
    values: [connection.tenantId, jobId, rows],
  })
}

/** What the linking of a row changed. */
export interface LinkedRow {
  readonly row_no: number
  readonly op: StoredRow['op']
  readonly version: number | null
  readonly problems: readonly RowProblem[] | null
  readonly changes: StoredRow['changes']
}

/** Keeps what became of linked rows. */
export async function updateLinkedRows(connection: TenantConnection, jobId: string, rows: readonly LinkedRow[]): Promise<void> {
  await connection.execute({
    text: `update nexus.import_row r set op = x.op, version = x.version, problems = x.problems, changes = x.changes from jsonb_to_recordset($3::jsonb) as x (row_no int, op text, version int, problems jsonb, changes jsonb)
      where r.tenant_id = $1 and r.job_id = $2 and r.row_no = x.row_no`,
    values: [connection.tenantId, jobId, JSON.stringify(rows)],
  })
}

/** Keeps what became of rows that were undone; a new version is that of a step on the way. */
export async function updateUndoneRows(
  connection: TenantConnection,
  jobId: string,
  rows: readonly { readonly row_no: number; readonly undo: StoredRow['undo']; readonly version: number | null }[],
): Promise<void> {
  if (rows.length === 0) return
  await connection.execute({
    text: `update nexus.import_row r set undo = x.undo, version = coalesce(x.version, r.version) from jsonb_to_recordset($3::jsonb) as x (row_no int, undo jsonb, version int)
      where r.tenant_id = $1 and r.job_id = $2 and r.row_no = x.row_no`,
    values: [connection.tenantId, jobId, JSON.stringify(rows)],
  })
}

/** How many rows were undone, and how many could not be. */
export async function countUndone(connection: TenantConnection, jobId: string): Promise<{ undone: number; kept: number }> {
  const [row] = await connection.run<{ undone: number; kept: number }>({
    text: `select count(*) filter (where undo ? 'done')::int as undone, count(*) filter (where undo ? 'problem')::int as kept from nexus.import_row where tenant_id = $1 and job_id = $2 and undo is not null`,
    values: [connection.tenantId, jobId],
  })
  return row ?? { undone: 0, kept: 0 }
}
