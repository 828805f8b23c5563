/**
 * Writes a backup: everything in one snapshot, read tenant by tenant under that tenant's own row security, streamed, so that it costs the
 * same memory whatever its size. Writers are not held up; vacuum waits for the snapshot to end. Knows no file.
 */
import { createHash } from 'node:crypto'
import type { Writable } from 'node:stream'
import { newId } from '../kernel/ids.ts'
import { type LongSession, longSession } from '../platform/index.ts'
import {
  type BackupEnd,
  type BackupHead,
  type BackupTenant,
  createSigner,
  END_OF_ROWS,
  FORMAT,
  type SchemaStep,
  type SectionTail,
  type Signer,
} from './format.ts'
import { BackupRefused } from './refusal.ts'
import { type CarriedTable, carriedTables, copyOutOf, requireId } from './tables.ts'

export interface BackupRequest {
  /** A login that may become the engine's roles, the owner among them. */
  readonly adminUrl: string
  readonly secret: string
  readonly engine: BackupHead['engine']
  /** The key of one tenant; all of them without it. */
  readonly tenant?: string | undefined
  /** The backup that this one is another form of: its name, its moment and its maker stay. */
  readonly formOf?: Pick<BackupHead, 'id' | 'taken_at' | 'engine'> | undefined
  /** How many tenants have been written, of how many, and how many rows of them. */
  readonly progress?: (done: number, total: number, rows: number) => void
}

/** What was written. */
export interface BackupSummary {
  readonly id: string
  readonly taken_at: string
  readonly tenants: readonly BackupTenant[]
  readonly sections: number
  readonly rows: number
  /** Before compression. */
  readonly bytes: number
}

/** Writes a backup into `out`, uncompressed, and ends it when it is whole. Throws BackupRefused for a tenant that does not exist. */
export async function writeBackup(request: BackupRequest, out: Writable): Promise<BackupSummary> {
  return longSession(request.adminUrl, 'nexus_backup', async session => {
    const [schema] = await session.run<{ there: boolean }>(`select to_regclass('nexus.tenant') is not null as there`)
    if (schema?.there !== true) throw new BackupRefused('not_there', 'There is no schema of Nexus in this database.')
    await session.run('begin isolation level repeatable read read only')
    const tenants = await tenantsOf(session, request.tenant)
    const [server] = await session.run<{ version: string; now: string }>(
      `select current_setting('server_version') as version, to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now`,
    )
    const signer = createSigner(request.secret)
    const head: BackupHead = {
      nexus_backup: FORMAT,
      id: newId(),
      taken_at: server?.now ?? '',
      engine: request.engine,
      postgres: server?.version ?? '',
      schema: await schemaOf(session),
      scope: request.tenant === undefined ? 'instance' : 'tenant',
      tenants,
      signed_by: signer.id,
      ...(request.formOf === undefined ? {} : { id: request.formOf.id, taken_at: request.formOf.taken_at, engine: request.formOf.engine }),
    }
    const write = new Written(out, signer)
    await write.line(head)
    const tables = await carriedTables(session)
    for (const [index, { id }] of tenants.entries()) {
      const tell = (): void => request.progress?.(index, tenants.length, write.rows)
      tell()
      await session.run(`set local nexus.tenant_id = '${requireId(id)}'`)
      const full = await tablesWithRows(session, tables, id)
      for (const table of full) await writeSection(session, write, table, id, tell)
    }
    await session.run('commit')
    request.progress?.(tenants.length, tenants.length, write.rows)
    const { sections, rows, bytes } = write
    const end: BackupEnd = { end: true, sections, rows, bytes, mac: signer.mac() }
    await write.bytesOf(Buffer.from(`${JSON.stringify(end)}\n`))
    await new Promise<void>((done, fail) => {
      out.once('error', fail)
      out.end(done)
    })
    return { id: head.id, taken_at: head.taken_at, tenants, sections, rows, bytes }
  })
}

async function tenantsOf(session: LongSession, key: string | undefined): Promise<BackupTenant[]> {
  await session.run('set local role nexus_jobs')
  const tenants = await session.run<{ id: string; key: string; name: string }>(
    'select id, key, name from nexus.tenant where $1::text is null or key = $1 order by id',
    [key ?? null],
  )
  await session.run('set local role nexus_engine')
  if (key !== undefined && tenants.length === 0) throw new BackupRefused('not_there', `There is no tenant “${key}”.`)
  return tenants
}

/** The migrations this database has seen; its owner's to read. */
async function schemaOf(session: LongSession): Promise<SchemaStep[]> {
  await session.run('set local role nexus_owner')
  const steps = await session.run<{ number: number; name: string; checksum: string }>(
    'select number, name, checksum from nexus.migration order by number',
  )
  await session.run('set local role nexus_engine')
  return steps
}

/** One question instead of an empty section for each table. */
async function tablesWithRows(session: LongSession, tables: readonly CarriedTable[], tenantId: string): Promise<CarriedTable[]> {
  const parts = tables.map(
    ({ name, tenantColumn }) => `exists (select 1 from nexus.${name} where ${tenantColumn} = '${requireId(tenantId)}') as ${name}`,
  )
  const [found] = await session.run(`select ${parts.join(', ')}`)
  return tables.filter(table => found?.[table.name] === true)
}

async function writeSection(session: LongSession, write: Written, table: CarriedTable, tenantId: string, tell: () => void): Promise<void> {
  await write.line({ table: table.name, tenant: tenantId, columns: table.columns })
  const hash = createHash('sha256')
  let [rows, bytes] = [0, 0]
  for await (const chunk of session.copyOut(copyOutOf(table, tenantId)) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
    const lines = countLines(chunk)
    rows += lines
    write.rows += lines
    await write.bytesOf(chunk)
    tell()
  }
  await write.bytesOf(END_OF_ROWS)
  const tail: SectionTail = { rows, bytes, sha256: hash.digest('hex') }
  await write.line(tail)
  write.sections += 1
}

/** How many lines end in a piece of text; in this format a line is a row. */
export function countLines(chunk: Buffer): number {
  let lines = 0
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1
  return lines
}

/** The file as it grows: waits for whoever takes it, and counts. */
class Written {
  sections = 0
  rows = 0
  bytes = 0
  readonly #out: Writable
  readonly #signer: Signer
  #failure: Error | null = null

  constructor(out: Writable, signer: Signer) {
    this.#out = out
    this.#signer = signer
    out.on('error', error => (this.#failure = error))
  }

  async line(value: object): Promise<void> {
    const text = JSON.stringify(value)
    this.#signer.add(text)
    await this.bytesOf(Buffer.from(`${text}\n`))
  }

  async bytesOf(chunk: Buffer): Promise<void> {
    if (this.#failure !== null) throw this.#failure
    this.bytes += chunk.length
    if (this.#out.write(chunk)) return
    await new Promise<void>((done, fail) => {
      const settle = (error?: Error): void => {
        this.#out.off('drain', settle).off('error', settle).off('close', settle)
        if (error instanceof Error) fail(error)
        else if (this.#out.destroyed) fail(this.#failure ?? new Error('The file can not be written any further.'))
        else done()
      }
      this.#out.on('drain', settle).on('error', settle).on('close', settle)
    })
  }
}
