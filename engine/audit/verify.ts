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
const ROWS_PER_PAGE = 5000
const BEGINNING = new Date(0)

/** How far the verification has come. */
interface Chain {
  seals: number
  rows: number
  head: string
  /** Sealed rows that were found, of those that have to be there. */
  present: number
}

/** Verifies the whole chain of a tenant, page by page. */
export async function verifyAudit(database: Database, tenantId: string, options: VerifyOptions): Promise<AuditVerdict> {
  return database.readAs(tenantId, async connection => {
    const chain: Chain = { seals: 0, rows: 0, head: NO_HEAD, present: 0 }
    const verdict = async (first_break: AuditBreak | null): Promise<AuditVerdict> => ({
      intact: first_break === null,
      seals: chain.seals,
      rows: chain.rows,
      head: chain.head,
      unsealed: await countUnsealed(connection),
      first_break,
    })
    for (;;) {
      const page = await connection.run<Row & SignedSeal>({
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
    return verdict(await findStranger(connection, chain, options.keptSince ?? BEGINNING))
  })
}

// The driver gives bigint as text.
function asSeal(row: Row & SignedSeal): SignedSeal {
  return { ...row, seal_no: Number(row.seal_no) }
}

async function findBreak(
  connection: TenantConnection,
  seal: SignedSeal,
  chain: Chain,
  { key, keptSince, anchor }: VerifyOptions,
): Promise<AuditBreak | undefined> {
  const broken = breakOfLink(chain, seal, key)
  if (broken !== undefined) return broken
  if (anchor?.seal_no === seal.seal_no && anchor.head !== seal.head) return { kind: 'seal_changed', seal_no: seal.seal_no }
  const rows = await connection.run<Row & AuditRow>({ text: ROWS, values: [seal.tenant_id, seal.from_at, seal.to_at, seal.ids] })
  const since = (keptSince ?? BEGINNING).getTime()
  chain.present += rows.filter(row => Date.parse(row.at) >= since).length
  return breakOfRows(seal, rows, since)
}

/** A seal as it is stored. */
export type SignedSeal = Seal & { readonly signature: string }

/** What is wrong with a seal as the next one of a chain; without a key nobody can tell by whom it was signed. */
export function breakOfLink(
  before: { readonly seals: number; readonly head: string },
  seal: SignedSeal,
  key: Buffer | null,
): AuditBreak | undefined {
  if (seal.seal_no !== before.seals + 1) return { kind: 'seal_missing', seal_no: before.seals + 1 }
  const isSound =
    seal.previous === before.head && seal.head === headAfter(before.head, seal.hashes) && seal.ids.length === seal.hashes.length
  if (isSound && (key === null || isSigned(key, seal, seal.signature))) return undefined
  return { kind: 'seal_changed', seal_no: seal.seal_no }
}

/** Which of a seal's rows is not what was sealed; rows from before `since` may be gone. */
export function breakOfRows(seal: Seal, rows: readonly AuditRow[], since = 0): AuditBreak | undefined {
  const found = new Map(rows.map(row => [row.id, row]))
  for (const [index, id] of seal.ids.entries()) {
    const row = found.get(id)
    // A row that is gone can not tell its time: it is old if anything in its seal is.
    if (row === undefined && Date.parse(seal.from_at) < since) continue
    if (row === undefined) return { kind: 'row_missing', row: id, seal_no: seal.seal_no }
    if (hashRow(row) !== seal.hashes[index]) return { kind: 'row_changed', row: id, seal_no: seal.seal_no }
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

/** A row that no seal holds and that does not wait for one was slipped in past the engine. Counting tells whether there is one. */
async function findStranger(connection: TenantConnection, chain: Chain, since: Date): Promise<AuditBreak | null> {
  const [counted] = await connection.run({ text: COUNTS, values: [connection.tenantId, since, chain.seals] })
  if (Number(counted?.['written']) === chain.present + Number(counted?.['waiting']) + Number(counted?.['sealed_since'])) return null
  const known = await readKnownIds(connection)
  let place = { at: since.toISOString(), id: '00000000-0000-0000-0000-000000000000' }
  for (;;) {
    const rows = await connection.run<{ at: string; id: string }>({
      text: WRITTEN,
      values: [connection.tenantId, place.at, place.id, ROWS_PER_PAGE],
    })
    const stranger = rows.find(row => !known.delete(row.id))
    const last = rows.at(-1)
    if (stranger !== undefined) return { kind: 'row_unsealed', row: stranger.id, seal_no: null }
    if (last === undefined) return null
    place = last
  }
}

async function readKnownIds(connection: TenantConnection): Promise<Set<string>> {
  const known = new Set<string>()
  const waiting = await connection.run<{ id: string }>({
    text: 'select id from nexus.audit_unsealed where tenant_id = $1',
    values: [connection.tenantId],
  })
  for (const { id } of waiting) known.add(id)
  for (let after = 0; ; ) {
    const page = await connection.run<Row & Seal>({ text: SEALS, values: [connection.tenantId, after, SEALS_PER_PAGE] })
    for (const seal of page) for (const id of seal.ids) known.add(id)
    const last = page.at(-1)
    if (last === undefined) return known
    after = Number(last.seal_no)
  }
}

const SEALS = `select tenant_id, seal_no, from_at, to_at, ids, hashes, head, previous, signature, sealed_at
  from nexus.audit_seal where tenant_id = $1 and seal_no > $2 order by seal_no limit $3`

const ROWS = `select tenant_id, id, at, actor, action, entity, record_id, details, trace_id, ip
  from nexus.audit where tenant_id = $1 and at between $2 and $3 and id = any($4::uuid[])`

const COUNTS = `select
  (select count(*) from nexus.audit where tenant_id = $1 and at >= $2) as written,
  (select count(*) from nexus.audit_unsealed where tenant_id = $1 and at >= $2) as waiting,
  (select coalesce(sum(rows), 0) from nexus.audit_seal where tenant_id = $1 and seal_no > $3) as sealed_since`

const WRITTEN = 'select at, id from nexus.audit where tenant_id = $1 and (at, id) > ($2, $3) order by at, id limit $4'
