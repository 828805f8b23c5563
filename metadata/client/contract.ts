/**
 * What the client is told and what it tells: options, requests, pages, problems. Types only, as the HTTP contract has them; knows no entity.
 */

/** One thing that is wrong with what was sent, and where. */
export interface ProblemError {
  /** JSON pointer into what was sent. */
  readonly pointer: string
  readonly code: string
  readonly message: string
  readonly params?: { readonly [name: string]: unknown }
  readonly hint?: string
}

/** What the engine says when it says no (RFC 9457). */
export interface ProblemDocument {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail?: string
  readonly hint?: string
  readonly trace_id?: string
  readonly errors?: readonly ProblemError[]
  /** The current version, where a stale one was sent. */
  readonly version?: number
  /** Fields that differ from the stale version. */
  readonly fields?: readonly string[]
}

/** How a client reaches its engine. */
export interface ClientOptions {
  /** Where the engine is, such as `https://nexus.example.com`; in a browser the page's own origin unless said. */
  readonly url?: string
  /** A key of `/api/admin/api_keys`. Without one the client signs in, or takes up the session of the browser's cookie. */
  readonly apiKey?: string
  /** Asked at every request for the language of labels and messages; the caller's own unless said. */
  readonly locale?: () => string
  /** How often a request that may be repeated is repeated: 2 unless said. */
  readonly retries?: number
  /** Told when an answer was made with another revision of the model than the one before. */
  readonly onRevision?: (revision: number) => void
  /** Told what was written in spite of rules that only warn. */
  readonly onWarnings?: (warnings: readonly ProblemError[]) => void
  /** Called when the session is over. Calls wait for it and go on if somebody has signed in again by then; else, and without it, they fail. */
  readonly onSessionEnd?: () => Promise<void>
  /** What requests are sent with, where it is not the platform's own `fetch`. */
  readonly fetch?: typeof fetch
}

/** What a person signs in with. */
export interface Credentials {
  readonly tenant: string
  readonly email: string
  readonly password: string
}

/** A token and who it is for. */
export interface Tokens {
  readonly access_token: string
  readonly expires_at: string
  readonly user: User
}

/** What every call takes besides its own input. */
export interface CallOptions {
  readonly signal?: AbortSignal
}

/** What a call that creates takes: a key under which sending it twice does it once. The client makes one for each call unless told. */
export interface CreateOptions extends CallOptions {
  readonly idempotencyKey?: string
}

/** A request of any route. */
export interface Sending extends CreateOptions {
  readonly body?: unknown
  /** The version that a change is made from. */
  readonly ifMatch?: number
  /** Whether sending it twice does no harm. It does none with GET and with an idempotency key. */
  readonly repeatable?: boolean
}

/** Beside the rows of a list. */
export interface PageInfo {
  readonly next: string | null
  readonly count?: number
  readonly count_kind?: 'exact' | 'at_least'
  readonly nulls_omitted?: number
  readonly partial?: readonly string[]
}

/** A part of the records that answer a query. */
export interface Page<T> {
  readonly data: readonly T[]
  readonly page: PageInfo
}

/** What came back of any request. */
export interface Reply<T> {
  readonly status: number
  /** What the answer tells; of a file its text, and null where there is nothing to tell. */
  readonly data: T
  readonly page: PageInfo
}

/** Who signed in. */
export interface User {
  readonly id: string
  readonly email: string
  readonly name: string | null
  readonly actor: string
  readonly org_unit_id: string | null
  readonly locale: string
  readonly time_zone: string
}

/** What became of one operation of a bulk. */
export interface BulkResult {
  readonly op: 'create' | 'update' | 'delete'
  /** None where a create failed. */
  readonly id?: string
  readonly version?: number | null
  readonly error?: ProblemDocument
  readonly warnings?: readonly ProblemError[]
}

/** One change of a record, as far as the caller may see it. */
export interface HistoryEntry {
  readonly version: number
  readonly op: 'create' | 'update' | 'delete' | 'restore'
  readonly at?: string
  readonly by?: string | null
  readonly changes: { readonly [field: string]: { readonly before: unknown; readonly after: unknown } }
}

/** A record that a search over entities found. */
export interface SearchHit {
  readonly entity: string
  readonly id: string
  readonly title: string | null
}
