/** What the metrics of a process are told, and whom they ask when somebody scrapes. Knows neither HTTP nor SQL. */
import type { Station } from '../kernel/context.ts'
import type { Span } from '../kernel/spans.ts'
import type { Steps } from '../kernel/steps.ts'
import type { Trace } from '../kernel/trace.ts'
import type { Database } from '../platform/index.ts'

/** A request that was answered. */
export interface SeenRequest {
  /** The declared path, `unknown` where no route fits: never the address as it was sent. */
  readonly route: string
  readonly method: string
  readonly status: number
  readonly ms: number
  readonly stations: Partial<Record<Station, number>>
  /** Whose request it was, once that was known. */
  readonly tenantId: string | null
  /** The code of the problem it was answered with. */
  readonly refusal: string | null
}

/** What is read at a scrape, from the process's own memory. */
export interface Probes {
  readonly database: Pick<Database, 'asRole' | 'pools'>
  /** What models this process holds. */
  readonly models: () => { readonly tenants: number; readonly compiled: number; readonly loaded: number }
  /** Whether Redis answers; null where none is configured. */
  readonly redis: (() => boolean) | null
  readonly build: { readonly version: string; readonly commit: string }
  readonly role: string
}

/** The metrics of one process. */
export interface Metrics {
  /** Counts a request that has come in. */
  begin(): void
  /** Counts its answer. */
  end(seen: SeenRequest): void
  /** Counts what was refused before it became a request. */
  refuse(code: string): void
  /** Everything there is, as Prometheus reads it. */
  scrape(): Promise<{ readonly type: string; readonly body: string }>
}

/** Where traces are collected. */
export interface Tracing {
  /** Begins the first span of a request, under the ids of its trace; null where this trace is not collected. */
  begin(trace: Trace): Span | null
  /** Takes steps of work that no request waits for. */
  readonly steps: Steps
  /** Sends what is left and ends. */
  close(): Promise<void>
}
