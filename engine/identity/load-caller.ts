/**
 * Reads the standing of a tenant's principals in one statement (tenant, credential, session or key, user record) and makes Callers from it.
 * The one place that decides whether a principal still counts; knows nothing of tokens.
 */
import { type Caller, LOCALES, type Locale } from '../kernel/context.ts'
import { BUILDING_SQL, type LiveState } from '../model/index.ts'
import type { CompiledEntity } from '../model/types.ts'
import type { Database, Statement } from '../platform/types.ts'
import type { AddressTest } from './ip-list.ts'
import { admits } from './ip-list.ts'
import { resolveRights } from './rights.ts'
import type { LiveModel, ModelSource } from './types.ts'

/** Who claims to call, and by what: one of session and key, or neither for a job that runs in a user's name. */
export interface Principal {
  readonly tenantId: string
  readonly userId: string
  readonly sessionId: string | null
  readonly apiKeyId: string | null
}

/** A principal who counts. */
export interface Admitted {
  readonly caller: Caller
  readonly admits: AddressTest
  readonly treeEpoch: number
  readonly keyUsedAt: Date | null
  /** Equal texts mean an equal standing. */
  readonly standing: string
}

interface Standing {
  readonly [column: string]: unknown
  /** The principal's place among those asked for, from 1. */
  readonly n: number
  readonly key: string
  readonly name: string
  readonly tenant_locale: Locale
  readonly currency: string
  readonly tenant_time_zone: string
  readonly week_start: number
  readonly revision: number
  readonly tenant_epoch: number
  readonly tree_epoch: number
  readonly email: string
  readonly user_epoch: number
  readonly roles: string[]
  readonly locale: Locale | null
  readonly time_zone: string | null
  readonly org_unit_id: string | null
  readonly data: Readonly<Record<string, unknown>>
  readonly key_roles: string[] | null
  readonly ip_allow: string[] | null
  readonly last_used_at: string | null
  readonly building: LiveState['building']
}

/** Loads a caller; null when the tenant is suspended, the user locked or gone, the session or key ended. `before` is returned again if nothing changed. */
export async function loadCaller(
  sources: { readonly database: Database; readonly models: ModelSource },
  principal: Principal,
  now: Date,
  before: Admitted | null = null,
): Promise<Admitted | null> {
  const [admitted = null] = await loadCallers(sources, principal.tenantId, [{ principal, before }], now)
  return admitted
}

/** The same for several principals of one tenant, each in his place. */
export async function loadCallers(
  sources: { readonly database: Database; readonly models: ModelSource },
  tenantId: string,
  asked: readonly { readonly principal: Principal; readonly before: Admitted | null }[],
  now: Date,
): Promise<(Admitted | null)[]> {
  const guess = await sources.models.latest(tenantId)
  const lookedAt = performance.now()
  const rows = await sources.database.readAs(
    tenantId,
    connection =>
      connection.run<Standing>(
        standingStatement(
          tenantId,
          asked.map(each => each.principal),
          userEntity(guess).no,
          now,
        ),
      ),
    'first',
  )
  const [first] = rows
  if (first === undefined) return asked.map(() => null)
  sources.models.noteState(tenantId, first, lookedAt)
  const live = first.revision > guess.revision ? await sources.models.current(tenantId, first.revision) : guess
  const byPlace = new Map(rows.map(row => [Number(row.n), row]))
  return asked.map(({ principal, before }, at) => {
    const row = byPlace.get(at + 1)
    return row === undefined ? null : admittedBy(row, live, principal, before)
  })
}

function admittedBy(row: Standing, live: LiveModel, principal: Principal, before: Admitted | null): Admitted {
  const { n: _place, last_used_at: usedAt, building: _fields, ...lasting } = row
  const keyUsedAt = usedAt === null ? null : new Date(usedAt)
  const standing = JSON.stringify([live.revision, lasting])
  return before?.standing === standing ? { ...before, keyUsedAt } : { ...admit(principal, live, row), keyUsedAt, standing }
}

function admit(principal: Principal, live: LiveModel, row: Standing): Omit<Admitted, 'keyUsedAt' | 'standing'> {
  const user = userEntity(live)
  const roles = row.key_roles === null ? row.roles : row.roles.filter(role => row.key_roles?.includes(role))
  const rights = resolveRights(live.model, roles)
  const fromKey = admits(row.ip_allow ?? [])
  const value = (key: string): unknown => row.data[user.fields.get(key)?.no ?? '']
  const caller: Caller = Object.freeze({
    tenant: Object.freeze({
      id: principal.tenantId,
      key: row.key,
      name: row.name,
      locale: row.tenant_locale,
      currency: row.currency,
      timeZone: row.tenant_time_zone,
      weekStart: row.week_start,
    }),
    userId: principal.userId,
    sessionId: principal.sessionId,
    apiKeyId: principal.apiKeyId,
    actor: actorOf(value('actor')),
    email: row.email,
    name: nameOf(value('name')) ?? row.email,
    roles: rights.roles,
    profiles: rights.profiles,
    capabilities: rights.capabilities,
    locale: LOCALES.find(locale => locale === row.locale) ?? row.tenant_locale,
    timeZone: row.time_zone ?? row.tenant_time_zone,
    orgUnitId: row.org_unit_id,
    userData: Object.freeze(row.data),
    epochs: Object.freeze({ revision: live.revision, tenant: row.tenant_epoch, user: row.user_epoch }),
  })
  return { caller, admits: ip => fromKey(ip) && rights.admits(ip), treeEpoch: row.tree_epoch }
}

/** The system entity `user` of a model. */
export function userEntity(live: Pick<LiveModel, 'model'>): CompiledEntity {
  const user = live.model.entities.get('user')
  if (user === undefined) throw new Error('The model has no entity “user”; every tenant carries the core pack.')
  return user
}

/** A user's name as one line, whether the field is a text or a person's name in parts. */
export function nameOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return null
  const parts = Object.values(value).filter(part => typeof part === 'string' && part !== '')
  return parts.length === 0 ? null : parts.join(' ')
}

function actorOf(value: unknown): Caller['actor'] {
  return value === 'client' || value === 'supplier' || value === 'professional' ? value : 'employee'
}

const STANDING = `select p.n, t.key, t.name, t.locale as tenant_locale, t.currency, t.time_zone as tenant_time_zone, t.week_start, t.revision,
    t.epoch as tenant_epoch, t.tree_epoch, c.email, c.epoch as user_epoch, c.roles, c.locale, c.time_zone, r.org_unit_id, r.data,
    k.roles as key_roles, k.ip_allow, k.last_used_at, ${BUILDING_SQL} as building
  from unnest($2::uuid[], $4::uuid[], $5::uuid[]) with ordinality p(user_id, session_id, key_id, n)
  join nexus.tenant t on t.id = $1 and t.status = 'active'
  join nexus.credential c on c.tenant_id = $1 and c.user_id = p.user_id and not c.locked
  join nexus.record r on r.tenant_id = $1 and r.entity_no = $3 and r.id = p.user_id and r.deleted_at is null
  left join nexus.session s on s.tenant_id = $1 and s.id = p.session_id and s.user_id = p.user_id and s.revoked_at is null and s.expires_at > $6
  left join nexus.api_key k on k.tenant_id = $1 and k.id = p.key_id and k.user_id = p.user_id and k.revoked_at is null and (k.expires_at is null or k.expires_at > $6)
  where (p.session_id is null or s.id is not null) and (p.key_id is null or k.id is not null)`

function standingStatement(tenantId: string, principals: readonly Principal[], userEntityNo: number, now: Date): Statement {
  return {
    name: 'standing',
    text: STANDING,
    values: [
      tenantId,
      principals.map(each => each.userId),
      userEntityNo,
      principals.map(each => each.sessionId),
      principals.map(each => each.apiKeyId),
      now,
    ],
  }
}
