/** The table of drafts: one change set per tenant, a row per document, each with a version of its own. Knows no document's content. */
import type { ModelContext } from '../model/index.ts'
import type { TenantConnection } from '../platform/index.ts'

/** Which document. */
export interface Address {
  readonly kind: string
  readonly key: string
}

/** A document of the draft as the overlay's own; null takes the overlay's document away. */
export interface DraftRow extends Address {
  readonly version: number
  readonly document: unknown
  readonly updated_at: string
  readonly updated_by: string | null
}

type StoredRow = { kind: string; key: string; version: number; document: unknown; updated_at: string; updated_by: string | null }

const COLUMNS = 'kind, key, version, document, updated_at, updated_by'

/** All documents of the draft. */
export async function readRows(connection: TenantConnection): Promise<DraftRow[]> {
  return connection.run<StoredRow>({
    text: `select ${COLUMNS} from nexus.draft where tenant_id = $1 order by kind, key`,
    values: [connection.tenantId],
  })
}

/** One document of the draft, locked until the transaction ends; undefined where it is not in it. */
export async function lockRow(connection: TenantConnection, { kind, key }: Address): Promise<DraftRow | undefined> {
  const values = [connection.tenantId, kind, key]
  const [row] = await connection.run<StoredRow>({
    text: `select ${COLUMNS} from nexus.draft where tenant_id = $1 and kind = $2 and key = $3 for update`,
    values,
  })
  return row
}

/** Writes a document at the version it was seen at, 0 for one that is not in the draft; gives its new version, null when it has moved on. */
export async function writeRow(
  connection: TenantConnection,
  ctx: ModelContext,
  { kind, key }: Address,
  document: unknown,
  seen: number,
): Promise<number | null> {
  const values = [connection.tenantId, kind, key, document === null ? null : JSON.stringify(document), ctx.now, ctx.caller.userId]
  const text =
    seen === 0
      ? 'insert into nexus.draft (tenant_id, kind, key, document, updated_at, updated_by) values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning version'
      : 'update nexus.draft set version = version + 1, document = $4, updated_at = $5, updated_by = $6 where tenant_id = $1 and kind = $2 and key = $3 and version = $7 returning version'
  const [row] = await connection.run<{ version: number }>({ text, values: seen === 0 ? values : [...values, seen] })
  return row?.version ?? null
}

/** Takes a document out of the draft. */
export async function forgetRow(connection: TenantConnection, { kind, key }: Address): Promise<void> {
  await connection.execute({
    text: 'delete from nexus.draft where tenant_id = $1 and kind = $2 and key = $3',
    values: [connection.tenantId, kind, key],
  })
}

/** Empties the draft; gives how many documents were in it. */
export async function forgetRows(connection: TenantConnection): Promise<number> {
  return connection.execute({ text: 'delete from nexus.draft where tenant_id = $1', values: [connection.tenantId] })
}
