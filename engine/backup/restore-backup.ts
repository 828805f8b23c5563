/**
 * Takes a backup back: first all of the file is read and judged, then each tenant is loaded in a transaction of its own. A restore of a whole
 * installation that was broken off goes on with the tenants that are not there yet. Knows neither files nor terminals.
 */
import { createHash, type Hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { newId } from '../kernel/ids.ts'
import { type LongSession, longSession } from '../platform/index.ts'
import type { BackupHead, BackupTenant, SchemaStep } from './format.ts'
import { type BackupPart, readBackup } from './read-backup.ts'
import { BackupRefused, damaged } from './refusal.ts'
import { beginTenant, type RestoreMode, type RestoredTenant, type TenantPlan, type TenantRestore } from './restore-tenant.ts'
import { carriedTables, requireId } from './tables.ts'

/** A backup that can be read from its beginning, twice. */
export interface BackupSource {
  open(): Readable
  /** The installation's. */
  readonly secret: string
}

/** A backup of which every byte has been looked at. */
export interface VerifiedBackup {
  readonly head: BackupHead
  /** Whether this installation signed it. */
  readonly isOurs: boolean
  readonly rows: number
  readonly bytes: number
  /** For each tenant the digest of what is said of its sections: the second reading has to find the same. */
  readonly tenants: ReadonlyMap<string, string>
}

/** Reads all of a backup and changes nothing. Throws BackupRefused for what is no backup, damaged, or newer than this program. */
export async function verifyBackup(source: BackupSource): Promise<VerifiedBackup> {
  let known: { head: BackupHead; isOurs: boolean } | null = null
  let [rows, bytes] = [0, 0]
  const digests = new Map<string, Hash>()
  let current: Hash | undefined
  for await (const part of readBackup(source.open(), source.secret)) {
    if (part.kind === 'head') known = part
    else if (part.kind === 'section') {
      current = digests.get(part.section.tenant) ?? createHash('sha256')
      digests.set(part.section.tenant, current)
      current.update(JSON.stringify(part.section))
    } else if (part.kind === 'tail') {
      rows += part.tail.rows
      bytes += part.tail.bytes
      current?.update(JSON.stringify(part.tail))
    }
  }
  if (known === null) throw damaged('it is empty')
  return { ...known, rows, bytes, tenants: new Map([...digests].map(([id, hash]) => [id, hash.digest('hex')])) }
}

export interface RestoreRequest {
  /** The tenant to take out of it; all of them without it, or the only one. */
  readonly tenant?: string | undefined
  /** Takes the tenant back as a copy of this key. */
  readonly asKey?: string | undefined
  /** Puts a tenant that is there back to what the backup holds. */
  readonly replace: boolean
  /** Takes a backup that another installation signed. */
  readonly otherSecret: boolean
  /** Migrations of this program; those the backup names, where `asItWas`. */
  readonly schema: readonly SchemaStep[]
  /** Loads what the file holds and nothing else, into the schema it was made in: for what is to be brought up to this version (lift). */
  readonly asItWas?: boolean
}

/** Which tenants are to be restored out of a backup. Throws BackupRefused for what can not be; looks at no database. */
export function chooseTenants({ head, isOurs }: VerifiedBackup, request: RestoreRequest): readonly BackupTenant[] {
  refuseOtherSchema(head, request.schema)
  if (!isOurs && !request.otherSecret)
    throw new BackupRefused(
      'other_secret',
      'The backup is signed by an installation with another NEXUS_SECRET. Start with that secret, or say --other-secret if you trust the file.',
    )
  if (request.asKey !== undefined && !TENANT_KEY.test(request.asKey))
    throw new BackupRefused(
      'no_key',
      `“${request.asKey}” can not be a tenant's key: small letters, digits, - and _, beginning with a letter.`,
    )
  const chosen = request.tenant === undefined ? head.tenants : head.tenants.filter(each => each.key === request.tenant)
  if (chosen.length === 0)
    throw new BackupRefused('not_in_it', `The backup does not hold the tenant “${request.tenant}”; it holds ${namesOf(head.tenants)}.`)
  if ((request.asKey !== undefined || request.replace) && chosen.length > 1)
    throw new BackupRefused('not_in_it', `The backup holds ${namesOf(head.tenants)}: name one of them by --tenant.`)
  return chosen
}

/** As the schema asks for it; said before anything is loaded. */
const TENANT_KEY = /^[a-z][a-z0-9_-]{0,47}$/

function namesOf(tenants: readonly BackupTenant[]): string {
  const shown = tenants.slice(0, 5).map(each => `“${each.key}”`)
  return [...shown, ...(tenants.length > shown.length ? [`${tenants.length - shown.length} more`] : [])].join(', ')
}

/** Whether a backup has to be brought up to this program's schema first. Throws BackupRefused for one of a newer version. */
export function isOlder({ schema, engine }: BackupHead, here: readonly SchemaStep[]): boolean {
  const known = new Map(here.map(step => [step.number, step.checksum]))
  if (schema.some(step => known.get(step.number) !== step.checksum))
    throw new BackupRefused(
      'newer',
      `The backup was made by a newer version (${engine.version}, ${engine.commit}): restore it by that one.`,
    )
  return schema.length < here.length
}

function refuseOtherSchema(head: BackupHead, here: readonly SchemaStep[]): void {
  if (!isOlder(head, here)) return
  const { version, commit } = head.engine
  throw new BackupRefused(
    'older',
    `The backup was made by an older version (${version}, ${commit}): it has to be brought up to this one first.`,
  )
}

/** What was done. */
export interface RestoreSummary {
  readonly restored: readonly RestoredTenant[]
  /** Tenants that an earlier, broken-off restore of the same backup had brought in. */
  readonly there_already: readonly BackupTenant[]
}

/** Restores what was verified and chosen. Throws BackupRefused before anything is changed where tenants stand in the way. */
export async function restoreBackup(
  source: BackupSource,
  verified: VerifiedBackup,
  request: RestoreRequest & { readonly adminUrl: string; readonly progress?: (tenant: string) => void },
): Promise<RestoreSummary> {
  const chosen = chooseTenants(verified, request)
  return longSession(request.adminUrl, 'nexus_restore', async session => {
    const tables = await carriedTables(session)
    const done = await alreadyThere(session, verified.head, chosen, request)
    const wanted = new Map(chosen.filter(each => !done.includes(each)).map(each => [each.id, each]))
    const restored: RestoredTenant[] = []
    let current: { id: string; work: TenantRestore; hash: Hash } | null = null
    const finish = async (): Promise<void> => {
      if (current === null) return
      if (current.hash.digest('hex') !== verified.tenants.get(current.id)) throw damaged('it was changed while it was read')
      restored.push(await current.work.finish())
      current = null
    }
    for await (const part of readBackup(source.open(), source.secret)) {
      if (part.kind === 'head' && part.head.id !== verified.head.id) throw damaged('it was changed while it was read')
      if (part.kind === 'section' && part.section.tenant !== current?.id) {
        await finish()
        const tenant = wanted.get(part.section.tenant)
        if (tenant !== undefined) {
          request.progress?.(tenant.key)
          const plan = planOf(tenant, verified, request, source.secret)
          current = { id: tenant.id, work: await beginTenant(session, tables, plan), hash: createHash('sha256') }
        }
      }
      if (current !== null) await take(current.work, current.hash, part)
    }
    await finish()
    if (isWhole(verified.head, request) && restored.length > 0)
      await refreshStatistics(
        session,
        tables.map(table => table.name),
      )
    return { restored, there_already: done }
  })
}

async function take(work: TenantRestore, hash: Hash, part: BackupPart): Promise<void> {
  if (part.kind === 'section') {
    hash.update(JSON.stringify(part.section))
    await work.section(part.section)
  } else if (part.kind === 'rows') await work.rows(part.bytes)
  else if (part.kind === 'tail') {
    hash.update(JSON.stringify(part.tail))
    await work.tail(part.tail)
  }
}

function planOf(source: BackupTenant, { head, isOurs }: VerifiedBackup, request: RestoreRequest, secret: string): TenantPlan {
  const mode: RestoreMode = request.asKey !== undefined ? 'copy' : request.replace ? 'replace' : 'new'
  const target = request.asKey === undefined ? { id: source.id, key: source.key } : { id: newId(), key: request.asKey }
  return { mode, backup: head, source, target, isOurs, secret, asItWas: request.asItWas ?? false }
}

/** Whether an installation is to be restored, not a tenant into one. */
function isWhole(head: BackupHead, request: RestoreRequest): boolean {
  return head.scope === 'instance' && request.tenant === undefined && request.asKey === undefined && !request.replace
}

/** Compares what is to come with what is there. Gives those of a whole restore that an earlier run has brought in. */
async function alreadyThere(
  session: LongSession,
  head: BackupHead,
  chosen: readonly BackupTenant[],
  request: RestoreRequest,
): Promise<BackupTenant[]> {
  await session.run('begin read only')
  await session.run('set local role nexus_jobs')
  const there = await session.run<{ id: string; key: string }>('select id, key from nexus.tenant order by key')
  await session.run('set local role nexus_engine')
  const takesAll = isWhole(head, request)
  const fromHere = new Set<string>()
  for (const { id } of there) {
    if (!takesAll || !chosen.some(each => each.id === id)) continue
    await session.run(`set local nexus.tenant_id = '${requireId(id)}'`)
    const [row] = await session.run<{ known: boolean }>(
      `select exists (select 1 from nexus.audit where tenant_id = '${id}' and action = 'tenant.restored' and details ->> 'backup' = $1) as known`,
      [head.id],
    )
    if (row?.known === true) fromHere.add(id)
  }
  await session.run('commit')
  if (takesAll) {
    const strangers = there.filter(({ id }) => !fromHere.has(id))
    if (strangers.length > 0)
      throw new BackupRefused(
        'not_alone',
        `There are tenants already (${strangers
          .slice(0, 5)
          .map(each => each.key)
          .join(', ')}). Restore a whole installation into an empty database, or one tenant by --tenant.`,
      )
    return chosen.filter(each => fromHere.has(each.id))
  }
  for (const { id, key } of chosen) refuseClash(there, id, key, request)
  return []
}

function refuseClash(there: readonly { id: string; key: string }[], id: string, key: string, request: RestoreRequest): void {
  const [byId, byKey] = [there.find(each => each.id === id), there.find(each => each.key === (request.asKey ?? key))]
  if (request.asKey !== undefined) {
    if (byKey !== undefined) throw new BackupRefused('there_already', `There is a tenant “${request.asKey}” already: choose another key.`)
  } else if (request.replace) {
    if (byId === undefined) throw new BackupRefused('not_there', `There is no tenant “${key}” to be replaced: leave out --replace.`)
    if (byId.key !== key) throw new BackupRefused('there_already', `The tenant is called “${byId.key}” here, and “${key}” in the backup.`)
  } else if (byId !== undefined)
    throw new BackupRefused(
      'there_already',
      `The tenant “${key}” is there already. --replace puts it back to the backup, --as-key <key> makes a copy beside it.`,
    )
  else if (byKey !== undefined)
    throw new BackupRefused('there_already', `Another tenant is called “${key}” here. --as-key <key> restores this one under another key.`)
}

/**
 * Plans are made by statistics, and an empty database has none. Not of lists and documents: no plan is made by them, and they take most of
 * the time. Where other tenants are, there are statistics already, and Postgres renews them by itself.
 */
async function refreshStatistics(session: LongSession, tables: readonly string[]): Promise<void> {
  const columns = await session.run<{ name: string; columns: string }>(
    `select c.relname::text as name, string_agg(a.attname, ', ' order by a.attnum) as columns
       from pg_class c join pg_namespace s on s.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       join pg_type t on t.oid = a.atttypid and t.typcategory <> 'A' and t.typname <> 'jsonb'
      where s.nspname = 'nexus' and c.relname = any($1) group by c.relname`,
    [tables],
  )
  await session.run('set role nexus_owner')
  for (const each of columns) await session.run(`analyze nexus.${each.name} (${each.columns})`)
}
