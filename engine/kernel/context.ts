/**
 * What travels with a request: who calls, for which tenant, at which instant, under which trace.
 * Knows no model and no database; rooms above extend it.
 */
import { currentSpan, runSpan, type Span } from './spans.ts'

export type Locale = 'en' | 'ru' | 'uk' | 'es'

export const LOCALES: readonly Locale[] = ['en', 'ru', 'uk', 'es']

/** What a role may open apart from records; one closed list (contracts §5). */
export const CAPABILITIES = [
  'studio.read',
  'studio.edit',
  'studio.publish',
  'access.manage',
  'users.manage',
  'roles.manage',
  'guard.review',
  'audit.read',
  'data.import',
  'data.import_history',
  'data.export',
  'files.release',
  'api_keys.manage',
  'tenant.settings',
  'view_as',
] as const
export type Capability = (typeof CAPABILITIES)[number]

/** The tenant's own settings, as they stood when the request began. */
export interface Tenant {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly locale: Locale
  readonly currency: string
  readonly timeZone: string
  /** First day of the week, 1 = Monday … 7 = Sunday (ISO 8601). */
  readonly weekStart: number
}

/** The state a decision was taken under; a write compares it again inside its transaction. */
export interface Epochs {
  readonly revision: number
  readonly tenant: number
  readonly user: number
}

/** An authenticated principal with what his roles give him. */
export interface Caller {
  readonly tenant: Tenant
  readonly userId: string
  readonly sessionId: string | null
  readonly apiKeyId: string | null
  readonly actor: 'employee' | 'client' | 'supplier' | 'professional'
  readonly email: string
  readonly name: string
  readonly roles: readonly string[]
  /** Keys of the access profiles, sorted, without doubles. */
  readonly profiles: readonly string[]
  readonly capabilities: ReadonlySet<Capability>
  readonly locale: Locale
  readonly timeZone: string
  readonly orgUnitId: string | null
  /** The caller's own user record, wire values by field number: what `$user.<field>` reads. */
  readonly userData: Readonly<Record<string, unknown>>
  readonly epochs: Epochs
}

/** One request or job step. */
export interface RequestContext {
  readonly traceId: string
  readonly traceparent: string
  readonly route: string
  readonly ip: string
  readonly now: Date
  readonly caller: Caller
  readonly causationId: string | null
  readonly stations: StationTimes
}

/** The eight words of the road, in order. */
export const STATIONS = ['http', 'identity', 'model', 'access', 'validate', 'plan', 'sql', 'shape'] as const
export type Station = (typeof STATIONS)[number]

/** Milliseconds spent per station of one request, and optionally what came out of each (`nexus trace`). */
export interface StationTimes {
  readonly ms: Partial<Record<Station, number>>
  readonly trace?: { station: Station; name: string; input: unknown; output: unknown; ms: number }[]
  /** Set where this request's trace is collected: stations become steps of it. */
  readonly span?: Span
}

/** Times one station of the road; with tracing on it also keeps input and output. */
export function at<T>(times: StationTimes, station: Station, name: string, input: unknown, step: () => T): T {
  const start = performance.now()
  const done = (output: T): T => {
    const ms = performance.now() - start
    times.ms[station] = (times.ms[station] ?? 0) + ms
    times.trace?.push({ station, name, input, output, ms })
    return output
  }
  const parent = times.span === undefined ? undefined : (currentSpan() ?? times.span)
  const result = parent === undefined ? step() : runSpan(parent.child(name, { 'nexus.station': station }), step)
  return result instanceof Promise ? (result.then(done as (value: unknown) => unknown) as T) : done(result)
}
