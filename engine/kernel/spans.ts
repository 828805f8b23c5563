/**
 * Spans: what a request does, as steps within steps, for whoever collects traces. Where nobody does there are none, and a question for the
 * step under way is all that is paid. Knows no library and no network; engine/telemetry makes them.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

/** Names and numbers of ours: routes, ids of tenants, statements. Never values of records. */
export type SpanAttributes = Readonly<Record<string, string | number>>

/** A step that has begun. */
export interface Span {
  /** Begins a step inside of it. */
  child(name: string, attributes?: SpanAttributes): Span
  rename(name: string): void
  set(attributes: SpanAttributes): void
  /** Ends it; `failure` is what it failed as: a code or a kind of ours, never somebody's words. */
  end(failure?: string): void
}

const current = new AsyncLocalStorage<Span | undefined>()

/** Runs a step inside of the step under way; where no request is traced it just runs it. */
export async function spanned<T>(name: string, attributes: SpanAttributes, step: () => Promise<T>): Promise<T> {
  const parent = current.getStore()
  return parent === undefined ? step() : runSpan(parent.child(name, attributes), step)
}

/** The step under way. */
export function currentSpan(): Span | undefined {
  return current.getStore()
}

/** Runs what the step under way sets off and nobody waits for: nothing of it is a step of his. */
export function unspanned<T>(work: () => T): T {
  return current.run(undefined, work)
}

/** Runs a step as this span and ends it with the step, whether it waits or not. */
export function runSpan<T>(span: Span, step: () => T): T {
  const failed = (error: unknown): never => {
    span.end(failureOf(error))
    throw error
  }
  try {
    const result = current.run(span, step)
    if (!(result instanceof Promise)) {
      span.end()
      return result
    }
    return result.then(value => {
      span.end()
      return value as unknown
    }, failed) as T
  } catch (error) {
    return failed(error)
  }
}

/** Codes and kinds are ours; messages may hold anything. */
function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error'
  for (const told of ['code', 'kind'] as const) {
    const value = (error as Error & { code?: unknown; kind?: unknown })[told]
    if (typeof value === 'string' && /^[A-Za-z0-9_]{1,60}$/.test(value)) return value
  }
  return /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'Error'
}
