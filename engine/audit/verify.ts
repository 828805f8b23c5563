/**
 * Computes a tenant's audit chain anew and names the first thing that does not fit: a row changed, missing or slipped in, a seal changed or cut.
 * Reads only; knows no request.
 */
import type { Database, Row, TenantConnection } from '../platform/index.ts'
import { type AuditRow, hashRow, headAfter, isSigned, NO_HEAD, type Seal } from './canonical.ts'

/** What is wrong where; `row` is an audit id. */
export type AuditBreak =
  | { readonly kind: 'row_changed' | 'row_missing' | 'row_unsealed'; readonly row: string; readonly seal_no: number | null }
  | { readonly kind: 'seal_changed' | 'seal_missing'; readonly seal_no: number }

export interface AuditVerdict {
  readonly intact: boolean
  readonly seals: number
  readonly rows: number
  readonly head: string
  /** Rows that wait for their seal. */
  readonly unsealed: number
  readonly first_break: AuditBreak | null
}

/** What the verifier may rely on besides the key. */
export interface VerifyOptions {
  readonly key: Buffer
  /** Rows before this instant may be gone because their time of keeping is over; their digests still have to fit. */
  readonly keptSince?: Date
  /** A head known from elsewhere (the security log): a chain that ends before it was cut. */
  readonly anchor?: { readonly seal_no: number; readonly head: string }
}

const SEALS_PER_PAGE = 50

/** Verifies the whole chain of a tenant, page by page. */
export async function verifyAudit(database: Database, tenantId: string, options: VerifyOptions): Promise<AuditVerdict> {
  return database.readAs(tenantId, async connection => {
    const chain = { seals: 0, rows: 0, head: NO_HEAD }
    const verdict = async (first_break: AuditBreak | null): Promise<AuditVerdict> => ({
      intact: first_break === null,
      ...chain,
      unsealed: await countUnsealed(connection),
      first_break,
    })
    for (;;) {
      const page = await connection.run<Row & Seal & { signature: string }>({
        text: SEALS,
        values: [tenantId, chain.seals, SEALS_PER_PAGE],
      })
      for (const seal of page.map(asSeal)) {
        const broken = (await findBreak(connection, seal, chain, options)) ?? null
        if (broken !== null) return verdict(broken)
        chain.seals += 1
        chain.rows += seal.ids.length
        chain.head = seal.head
      }
      if (page.length < SEALS_PER_PAGE) break
    }
    if (options.anchor !== undefined && options.anchor.seal_no > chain.seals)
      return verdict({ kind: 'seal_missing', seal_no: chain.seals + 1 })
    return verdict(await findStranger(connection))
  })
}

// The driver gives bigint as text.
function asSeal(row: Row & Seal & { signature: string }): Seal & { signature: string } {
  return { ...row, seal_no: Number(row.seal_no) }
}

async function findBreak(
  connection: TenantConnection,
  seal: Seal & { signature: string },
  chain: { readonly seals: number; readonly head: string },
  { key, keptSince, anchor }: VerifyOptions,
): Promise<AuditBreak | undefined> {
  if (seal.seal_no !== chain.seals + 1) return { kind: 'seal_missing', seal_no: chain.seals + 1 }
  const fits = seal.previous === chain.head && seal.head === headAfter(chain.head, seal.hashes) && isSigned(key, seal, seal.signature)
  const known = anchor?.seal_no === seal.seal_no ? anchor.head === seal.head : true
  if (!fits || !known || seal.ids.length !== seal.hashes.length) return { kind: 'seal_changed', seal_no: seal.seal_no }
  const rows = await connection.run<Row & AuditRow>({ text: ROWS, values: [seal.tenant_id, seal.from_at, seal.to_at, seal.ids] })
  const found = new Map(rows.map(row => [row.id, hashRow(row)]))
  const mayBeGone = keptSince !== undefined && Date.parse(seal.from_at) < keptSince.getTime()
  for (const [index, id] of seal.ids.entries()) {
    const hash = found.get(id)
    if (hash === undefined && mayBeGone) continue
    if (hash !== seal.hashes[index]) return { kind: hash === undefined ? 'row_missing' : 'row_changed', row: id, seal_no: seal.seal_no }
  }
  return undefined
}

async function countUnsealed(connection: TenantConnection): Promise<number> {
  const [row] = await connection.run({
    text: 'select count(*)::int as n from nexus.audit_unsealed where tenant_id = $1',
    values: [connection.tenantId],
  })
  return Number(row?.['n'])
}

/** A row that no seal holds and that does not wait for one was slipped in past the engine. */
async function findStranger(connection: TenantConnection): Promise<AuditBreak | null> {
  const [row] = await connection.run({ text: STRANGER, values: [connection.tenantId] })
  return row === undefined ? null : { kind: 'row_unsealed', row: String(row['id']), seal_no: null }
}

const SEALS = `select tenant_id, seal_no, from_at, to_at, ids, hashes, head, previous, signature, sealed_at
  from nexus.audit_seal where tenant_id = $1 and seal_no > $2 order by seal_no limit $3`

const ROWS = `select tenant_id, id, at, actor, action, entity, record_id, details, trace_id, ip
  from nexus.audit where tenant_id = $1 and at between $2 and $3 and id = any($4::uuid[])`

const STRANGER = `select a.id from nexus.audit a
  left join (select unnest(ids) as id from nexus.audit_seal where tenant_id = $1) s on s.id = a.id
  left join nexus.audit_unsealed u on u.tenant_id = $1 and u.at = a.at and u.id = a.id
  where a.tenant_id = $1 and s.id is null and u.id is null
  order by a.at, a.id limit 1`
