/**
 * A route is declared, never registered by hand: what it takes, who may call it, what it gives. The door does the rest alike for all.
 */
import type { Readable } from 'node:stream'
import type { Problem } from '../../metadata/problem.ts'
import type { Capability, Locale, RequestContext, StationTimes } from '../kernel/context.ts'
import type { JsonSchema } from '../kernel/schema.ts'
import type { ModelContext, Operation } from '../model/types.ts'
import type { Engine } from './engine.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

/** `open` to anybody, `operator` by the operator's token, `metrics` by that of the metrics where there is one, `caller` to whoever is signed in, or to callers with a capability. */
export type RouteAccess = 'open' | 'operator' | 'metrics' | 'caller' | { readonly capability: Capability }

export interface Route {
  readonly method: Method
  /** `/api/records/:entity/:id` */
  readonly path: string
  readonly access: RouteAccess
  /** What it does to records, where it does: the isolation suite is generated from it. */
  readonly operation?: Operation
  /** Schema of the JSON body; a route without one takes no body. */
  readonly body?: JsonSchema
  /** Schema of the query parameters, an object of named ones; a route without one takes none. See query-string.ts for how text becomes values. */
  readonly query?: JsonSchema
  /** Set where the body is multipart/form-data instead of JSON: the handler reads it by `parts()`. */
  readonly upload?: { readonly maxBytes: number }
  readonly handler: (request: DoorRequest) => Promise<Answer>
}

/** What a handler gives back; by default 200 with `{"data": …}`, not to be stored. */
export interface Answer {
  readonly status?: number
  readonly data?: unknown
  /** Ready JSON text of `data`, straight from Postgres. */
  readonly dataText?: string
  readonly page?: unknown
  /** What was written in spite of a rule that only warns. */
  readonly warnings?: readonly Problem[]
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** No body: 204 unless `status` says otherwise. */
  readonly empty?: true
  /** A file; its headers say what it is. */
  readonly stream?: Readable
  /** A body of another kind than `{"data": …}`: a page, a schema, a source text. */
  readonly text?: { readonly type: string; readonly body: string }
}

/** Where a request comes from, known before and without a caller. */
export interface Origin {
  readonly traceId: string
  readonly traceparent: string
  readonly route: string
  readonly ip: string
  readonly now: Date
  readonly locale: Locale
  readonly userAgent: string | null
  readonly stations: StationTimes
}

/** A file or field of an upload, in the order of sending; a file has to be read to its end before the next comes. */
export type UploadPart =
  | { readonly kind: 'field'; readonly name: string; readonly value: string }
  | { readonly kind: 'file'; readonly name: string; readonly filename: string; readonly mediaType: string; readonly content: Readable }

/** A request whose form has been checked: the only thing a handler sees. */
export interface DoorRequest {
  readonly engine: Engine
  readonly origin: Origin
  /** The context of an authenticated request; a route that is open or the operator's has none and must not ask. */
  readonly ctx: RequestContext
  readonly params: Readonly<Record<string, string>>
  /** As the route's schema says. */
  readonly query: Readonly<Record<string, unknown>>
  /** As the route's schema says. */
  readonly body: unknown
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The path as it was sent, without parameters. */
  readonly path: string
  /** Takes the tenant's model, once; the answer then names its revision. */
  readonly model: () => Promise<ModelContext>
  /** The version in `if-match`. Throws 428 without, 400 for anything else than one quoted number. */
  readonly ifMatch: () => number
  /** The client's `idempotency-key`, null without one. */
  readonly idempotencyKey: string | null
  /** The parts of an upload. */
  readonly parts: () => AsyncIterable<UploadPart>
  /** Notes for log, metrics and trace whose request it is, where nobody is signed in. */
  concerns(tenantId: string): void
}

/** Method and path, as logs and audit name a route. */
export function nameOf(route: Pick<Route, 'method' | 'path'>): string {
  return `${route.method} ${route.path}`
}
