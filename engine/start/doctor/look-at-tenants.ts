/**
 * Looks into tenants: whether their metadata compiles, somebody administers them, their audit is whole, and what is stored twice says the
 * same. Of records a sample; of everything as much as the time allows, and it says how far it came.
 */
import { verifyAudit, auditKeyOf } from '../../audit/index.ts'
import { verifyPassword } from '../../identity/password.ts'
import { idAt, newId } from '../../kernel/ids.ts'
import type { CompiledEntity } from '../../model/types.ts'
import { checkRecords, type Finding, nextIds, type RecordContext } from '../../records/index.ts'
import { recordContextOf } from '../command-engine.ts'
import { DEMO_PASSWORD } from '../demo-tenants.ts'
import type { Wired } from '../wiring.ts'
import { count, few, type Verdict, wordsOf } from './verdict.ts'

export interface TenantsRequest {
  readonly tenant: string | undefined
  /** Records of each entity that are compared. */
  readonly sample: number
  /** When to stop, by performance.now(). */
  readonly until: number
}

interface Tenant {
  readonly id: string
  readonly key: string
}

/** Looks into them one after the other. */
export async function lookAtTenants(wired: Wired, request: TenantsRequest): Promise<Verdict[]> {
  const say = wordsOf('tenants')
  const tenants = await listTenants(wired, request.tenant)
  if (request.tenant !== undefined && tenants.length === 0)
    return [say.wrong(`There is no tenant “${request.tenant}”`, 'npx nexus doctor without --tenant looks at all.')]
  const found: Verdict[] = []
  const seen = { tenants: 0, seals: 0, records: 0 }
  for (const tenant of tenants) {
    if (performance.now() > request.until) break
    found.push(...(await lookAtChain(wired, tenant, seen)))
    found.push(...(await lookAtModel(wired, tenant, request, seen)))
    seen.tenants += 1
  }
  const rest = tenants.length - seen.tenants
  if (rest > 0)
    found.push(
      say.skipped(
        `There was no time left for ${rest} of ${tenants.length} tenants; --tenant <key> looks at one, --seconds <n> takes longer`,
      ),
    )
  const words = `${seen.tenants} compile and have an administrator; ${seen.seals} seals fit; ${seen.records} records say the same wherever they are stored`
  return found.some(each => each.level === 'wrong') ? found : [...found, say.ok(words)]
}

async function listTenants(wired: Wired, key: string | undefined): Promise<Tenant[]> {
  const text = 'select id, key from nexus.tenant where $1::text is null or key = $1 order by id'
  const rows = await wired.database.asRole('nexus_jobs', run => run({ text, values: [key ?? null] }))
  return rows.map(row => ({ id: String(row['id']), key: String(row['key']) }))
}

async function lookAtChain(wired: Wired, { id, key }: Tenant, seen: { seals: number }): Promise<Verdict[]> {
  const { first_break: broken, seals } = await verifyAudit(wired.database, id, { key: auditKeyOf(wired.engine.config.secret) })
  seen.seals += seals
  if (broken === null) return []
  const where = 'row' in broken ? `row ${broken.row}` : `seal ${broken.seal_no}`
  const mend =
    broken.kind === 'seal_changed' && broken.seal_no === 1
      ? 'Is NEXUS_SECRET the one it was sealed with? Otherwise somebody has changed the database past Nexus: keep a copy and find out who (docs/operations/access.md).'
      : 'Somebody has changed the database past Nexus: keep a copy as evidence and find out who (docs/operations/access.md).'
  return [wordsOf('audit').wrong(`The audit of ${key} is broken: ${broken.kind.replace('_', ' ')}, ${where}`, mend)]
}

async function lookAtModel(wired: Wired, tenant: Tenant, request: TenantsRequest, seen: { records: number }): Promise<Verdict[]> {
  const say = wordsOf('tenants')
  const admins = await administrators(wired, tenant)
  const found: Verdict[] = []
  for (const { email, hash } of admins) {
    if (wired.engine.config.production && email.endsWith('.test') && (await verifyPassword(DEMO_PASSWORD, hash)))
      found.push(
        say.wrong(
          `${email} of ${tenant.key} signs in with the password of the demo, which everybody knows`,
          'Suspend the tenant, or change the password.',
        ),
      )
  }
  try {
    await wired.models.current(tenant.id)
  } catch (error) {
    const places = await brokenPlaces(wired, tenant)
    return [
      ...found,
      say.wrong(
        `The metadata of ${tenant.key} does not compile, so nobody signs in to it: ${few(places, 3) || messageOf(error)}`,
        'Run the version before, in which it compiled: change these places in its draft and publish, or restore an earlier revision; then update again.',
      ),
    ]
  }
  const [admin] = admins
  if (admin === undefined)
    return [...found, say.warning(`Nobody administers ${tenant.key}`, 'Unlock an administrator, or restore him from a backup.')]
  const now = new Date()
  const caller = await wired.identity.callerOf(tenant.id, admin.id, now).catch(() => null)
  // A suspended tenant admits nobody; its records change no more.
  if (caller === null) return found
  const origin = {
    traceId: newId().replaceAll('-', ''),
    traceparent: '',
    route: 'cli doctor',
    ip: '127.0.0.1',
    now,
    caller,
    causationId: null,
    stations: { ms: {} },
  }
  const ctx = await recordContextOf(wired, origin)
  for (const entity of ctx.model.entities.values()) {
    if (performance.now() > request.until) break
    const ids = await sampleOf(ctx, entity, request.sample)
    const findings = ids.length === 0 ? [] : await checkRecords(ctx, entity, ids)
    seen.records += ids.length
    found.push(...wordsOfFindings(tenant, admin.email, entity, findings))
  }
  return found
}

/** Where a tenant's metadata is wrong. An update can make wrong what was right: a word that promised too much, a field that a pack takes away. */
async function brokenPlaces({ database, models }: Wired, { id }: Tenant): Promise<string[]> {
  try {
    const { problems } = await database.readAs(id, async connection => models.assemble(await models.content(connection)))
    return problems.map(({ document, pointer, message }) => `${document?.kind ?? ''} ${document?.key ?? ''} ${pointer} (${message})`)
  } catch (error) {
    return [messageOf(error)]
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function administrators(wired: Wired, { id }: Tenant): Promise<{ id: string; email: string; hash: string | null }[]> {
  const rows = await wired.database.readAs(id, connection =>
    connection.run<{ user_id: string; email: string; password_hash: string | null }>({
      text: `select user_id, email, password_hash from nexus.credential where tenant_id = $1 and 'admin' = any(roles) and not locked order by created_at limit 20`,
      values: [id],
    }),
  )
  return rows.map(row => ({ id: row.user_id, email: row.email, hash: row.password_hash }))
}

/** The first, the last, and some from anywhere between: ids begin with the time of their making. */
async function sampleOf(ctx: RecordContext, entity: CompiledEntity, size: number): Promise<string[]> {
  if (size === 0) return []
  const part = Math.ceil(size / 4)
  return ctx.db.readAs(ctx.caller.tenant.id, async connection => {
    const first = await nextIds(connection, entity.no, null, part)
    const last = await connection.run<{ id: string }>({
      text: 'select id from nexus.record where tenant_id = $1 and entity_no = $2 order by id desc limit $3',
      values: [connection.tenantId, entity.no, part],
    })
    const ids = new Set([...first, ...last.map(row => row.id)])
    const [from, to] = [first[0], last[0]?.id]
    if (from === undefined || to === undefined || ids.size < part) return [...ids]
    for (let n = 0; n < 4 && ids.size < size; n++) {
      const ms = timeOf(from) + Math.random() * (timeOf(to) - timeOf(from))
      for (const id of await nextIds(connection, entity.no, idAt(ms), Math.ceil(part / 2))) ids.add(id)
    }
    return [...ids]
  })
}

function timeOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
}

function wordsOfFindings({ key }: Tenant, as: string, entity: CompiledEntity, findings: readonly Finding[]): Verdict[] {
  const groups = Map.groupBy(findings, finding => `${finding.kind} ${finding.place}`)
  return [...groups.values()].map(group => {
    const [one] = group
    const words = `${count(group.length, 'record')} of ${entity.key} in ${key} with another ${one?.kind} in ${one?.place} than the values give (${few(
      group.map(each => each.id),
      3,
    )})`
    const mend =
      one?.kind === 'reference'
        ? 'The target is gone: somebody deleted past Nexus. Put it back from a backup, or empty the reference.'
        : one?.kind === 'history'
          ? 'Somebody wrote or deleted past Nexus: keep a copy as evidence; what the history lacks stands in a backup at most.'
          : `npx nexus mend --tenant ${key} --as ${as} --entity ${entity.key}; it goes over all records, where this is a sample. Was nobody in the database, tell the authors of Nexus.`
    return wordsOf('records').wrong(words, mend)
  })
}
