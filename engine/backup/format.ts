/**
 * What a backup file is: zstd-compressed text. First a line of JSON that says what is in it, then section after section the rows of one
 * table of one tenant in Postgres's text format between a line of JSON before and one after, and a last line that stands for all of it.
 * Every section has the SHA-256 of its rows; the last line has an HMAC over all lines of JSON, keyed by the secret of the installation.
 * What is compressed ends with a seal of its bytes (file-seal.ts).
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** A reader of this number reads no higher one. */
export const FORMAT = 1

/** A migration that the database had seen. */
export interface SchemaStep {
  readonly number: number
  readonly name: string
  readonly checksum: string
}

export interface BackupTenant {
  readonly id: string
  readonly key: string
  readonly name: string
}

/** The first line. */
export interface BackupHead {
  readonly nexus_backup: number
  readonly id: string
  /** When the snapshot was taken: what was committed before is in it, nothing else is. */
  readonly taken_at: string
  readonly engine: { readonly name: string; readonly version: string; readonly commit: string }
  readonly postgres: string
  readonly schema: readonly SchemaStep[]
  readonly scope: 'instance' | 'tenant'
  readonly tenants: readonly BackupTenant[]
  /** Tells by which secret the file is signed, and nothing about it. */
  readonly signed_by: string
}

/** Before the rows of a section. */
export interface SectionHead {
  readonly table: string
  readonly tenant: string
  readonly columns: readonly string[]
}

/** After them. */
export interface SectionTail {
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
}

/** The last line. */
export interface BackupEnd {
  readonly end: true
  readonly sections: number
  readonly rows: number
  readonly bytes: number
  readonly mac: string
}

/** What Postgres itself ends rows in text by; it can not be a row. */
export const END_OF_ROWS = Buffer.from('\\.\n')

/** Signs the lines of JSON of a file. */
export interface Signer {
  /** Which secret it is. */
  readonly id: string
  add(line: string): void
  /** The signature of all lines; the last thing asked. */
  mac(): string
}

/** A signer by the installation's secret. */
export function createSigner(secret: string): Signer {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'nexus backup 1', 32))
  const hmac = createHmac('sha256', key)
  return {
    id: createHmac('sha256', key).update('which secret').digest('hex').slice(0, 16),
    add: line => void hmac.update(line).update('\n'),
    mac: () => hmac.digest('hex'),
  }
}

/** Whether two signatures are the same, in time that does not tell where they differ. */
export function isSameMac(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
