/**
 * What exactly is hashed of an audit row, so that a verifier in another language gets the same digest:
 * JSON with sorted names and no blanks (RFC 8785 for the values that occur), UTF-8, SHA-256, hex. Knows no database.
 */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { JsonValue } from '../../metadata/generated/types.ts'

/** An audit row as it is stored. */
export interface AuditRow {
  readonly tenant_id: string
  readonly id: string
  readonly at: string
  readonly actor: string | null
  readonly action: string
  readonly entity: string | null
  readonly record_id: string | null
  readonly details: { readonly [key: string]: JsonValue }
  readonly trace_id: string
  readonly ip: string | null
}

/** One link of the chain: which rows it holds in which order, their digests, and the head they lead to. */
export interface Seal {
  readonly tenant_id: string
  readonly seal_no: number
  readonly from_at: string
  readonly to_at: string
  readonly ids: readonly string[]
  readonly hashes: readonly string[]
  readonly head: string
  readonly previous: string
  readonly sealed_at: string
}

/** The head before the first seal. */
export const NO_HEAD = '0'.repeat(64)

/** The key that signs seals, made of the installation's secret. */
export function auditKeyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'nexus audit seal', 32))
}

/** Digest of one row: of what `canonicalJson` makes of it, whose names are always these, in this order. */
export function hashRow(row: AuditRow): string {
  const { tenant_id, id, at, actor, action, entity, record_id, details, trace_id, ip } = row
  const what = `"action":${spelled(action)},"actor":${spelled(actor)},"at":${spelled(at)},"details":${canonicalJson(details)}`
  const where = `"entity":${spelled(entity)},"id":${spelled(id)},"ip":${spelled(ip)},"record_id":${spelled(record_id)}`
  return digest(`{${what},${where},"tenant_id":${spelled(tenant_id)},"trace_id":${spelled(trace_id)}}`)
}

function spelled(value: string | null): string {
  return JSON.stringify(value)
}

/** The head after these rows: each head is the digest of the head before and the row's digest, both in hex. */
export function headAfter(previous: string, hashes: readonly string[]): string {
  return hashes.reduce((head, hash) => digest(head + hash), previous)
}

/** The signature of a seal: HMAC-SHA256 over everything in it but the digests, which the head stands for. */
export function signSeal(key: Buffer, seal: Seal): string {
  const { tenant_id, seal_no, from_at, to_at, ids, head, previous, sealed_at } = seal
  return createHmac('sha256', key)
    .update(canonicalJson({ tenant_id, seal_no, from_at, to_at, ids, head, previous, sealed_at }))
    .digest('hex')
}

/** Whether a signature is that of the seal. */
export function isSigned(key: Buffer, seal: Seal, signature: string): boolean {
  const expected = Buffer.from(signSeal(key, seal))
  const given = Buffer.from(signature)
  return expected.length === given.length && timingSafeEqual(expected, given)
}

/** One spelling for each JSON value: names in the order of their UTF-16 code units, nothing between the tokens. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
