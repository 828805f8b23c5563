/**
 * What identity asks of others and what others may know of it. The start room fills these in: records, audit and mail stand on
 * floors above and are never imported here.
 */
import type { JsonValue } from '../../metadata/generated/types.ts'
import type { Locale } from '../kernel/context.ts'
import type { LiveState } from '../model/index.ts'
import type { CompiledModel, ModelContext } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'

/** A tenant's compiled metadata and the number of the revision it was made from. */
export interface LiveModel {
  readonly model: CompiledModel
  readonly revision: number
}

/** Where identity finds the roles, profiles and field numbers of a tenant. */
export interface ModelSource {
  /** The live model; a process that is behind `atLeast` loads before it answers. */
  current(tenantId: string, atLeast?: number): Promise<LiveModel>
  /** What is held of a tenant, however old; the live model where nothing is. */
  latest(tenantId: string): Promise<LiveModel>
  /** Told of a tenant's state as a look that began at `lookedAt` has seen it. */
  noteState(tenantId: string, seen: LiveState, lookedAt: number): void
  /** Compiles the named packs and stores them as revision 1 of a tenant whose row this transaction has just written. Throws for unknown packs. */
  install(connection: TenantConnection, tenantId: string, packs: readonly string[]): Promise<LiveModel>
}

/** What the engine needs to know to sign, to set cookies and to write links. */
export interface IdentityConfig {
  /** NEXUS_SECRET: every signing key is derived from it. */
  readonly secret: string
  /** The address users type: the only origin that links and same-site checks know. */
  readonly publicUrl: string
}

/** One act for the tenant's audit, `<noun>.<what happened>`; never a secret in its details. */
export interface Act {
  readonly action: `${string}.${string}`
  readonly entity?: string | null
  readonly record_id?: string | null
  readonly actor?: string | null
  readonly details?: { readonly [key: string]: JsonValue }
}

/** The request behind an act; before sign-in it has no caller. */
export interface Origin {
  readonly now: Date
  readonly traceId: string
  readonly ip: string | null
  readonly caller: { readonly userId: string } | null
}

/** Appends to the audit inside the transaction of the act. */
export type AppendAudit = (connection: TenantConnection, origin: Origin, act: Act) => Promise<void>

/** A letter to one person, plain text. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Hands a letter to the mailer; resolves when the mailer has taken it. */
export type Deliver = (mail: Mail) => Promise<void>

/** A record of the system entity `user`, as far as the caller may see it (a field that he may not see is null). */
export interface Person {
  readonly id: string
  readonly name: string | null
  readonly email: string | null
  readonly actor: string | null
  readonly orgUnitId: string | null
}

/** Values of a user or an org unit, wire values by field key. */
export type PersonValues = Readonly<Record<string, unknown>>

/** A write that has passed access and validation; run inside a transaction whose owner has already taken the epochs. */
export type PreparedWrite = (connection: TenantConnection) => Promise<void>

/** What a door puts around the work of a transaction: the idempotency row that goes first, and the answer it keeps. */
export type Around<T> = (connection: TenantConnection, act: () => Promise<T>) => Promise<T>

/** The records door, as far as people and org units pass it: every call decides the access of `ctx.caller`. */
export interface PeopleRecords {
  list(
    ctx: ModelContext,
    page: { readonly limit: number; readonly after: string | null },
  ): Promise<{ people: readonly Person[]; next: string | null }>
  /** Throws NOT_FOUND for a user that does not exist for the caller. */
  find(ctx: ModelContext, userId: string): Promise<Person>
  /** Those of the users that exist for the caller. */
  seen(ctx: ModelContext, userIds: readonly string[]): Promise<ReadonlySet<string>>
  prepareCreate(ctx: ModelContext, entity: 'user' | 'org_unit', id: string, values: PersonValues): Promise<PreparedWrite>
  prepareUpdate(ctx: ModelContext, entity: 'user', id: string, values: PersonValues): Promise<PreparedWrite>
}

/** A request before anyone is known behind it: what sign-in and its relatives know of it. */
export interface Visit extends Origin {
  readonly ip: string
  readonly caller: null
  readonly traceparent: string
  readonly route: string
  readonly userAgent: string | null
  readonly locale: Locale
  /** Hears whose request it turns out to be, whether it is refused or not. */
  readonly concerns?: (tenantId: string) => void
}
