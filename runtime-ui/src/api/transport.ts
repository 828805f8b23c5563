/**
 * One HTTP exchange with the engine: JSON out, `{data, page}` or a problem back.
 * Knows nothing of sessions, caches or screens.
 */
import { Problem, parseProblem, Unreachable } from './problem.ts'

/** What is sent besides method and path. */
export interface Exchange {
  readonly body?: unknown
  readonly token?: string | null
  readonly ifMatch?: number
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

/** What came back. */
export interface Reply<T> {
  readonly status: number
  readonly data: T
  readonly page: Page | null
}

/** Beside the rows of a list. */
export interface Page {
  readonly next: string | null
  readonly count?: number
  readonly count_kind?: 'exact' | 'at_least'
  readonly nulls_omitted?: number
  readonly partial?: readonly string[]
}

/** Sends one request. */
export interface Transport {
  exchange<T>(method: string, path: string, options?: Exchange): Promise<Reply<T>>
  /** Called with the model revision an answer was made with, whenever it differs from the last. */
  onRevision(listener: (revision: string) => void): void
}

/** A transport over `fetch`; `locale` is asked at every request. */
export function createTransport(locale: () => string, send: typeof fetch = (...args) => fetch(...args)): Transport {
  let revision: string | null = null
  const listeners: ((revision: string) => void)[] = []

  function noteRevision(headers: Headers): void {
    const answered = headers.get('model-revision')
    if (answered === null || answered === revision) return
    const first = revision === null
    revision = answered
    if (!first) for (const listener of listeners) listener(answered)
  }

  return {
    async exchange<T>(method: string, path: string, options: Exchange = {}): Promise<Reply<T>> {
      const headers = new Headers({ accept: 'application/json', 'accept-language': locale() })
      if (options.token) headers.set('authorization', `Bearer ${options.token}`)
      if (options.ifMatch !== undefined) headers.set('if-match', `"${options.ifMatch}"`)
      if (options.idempotencyKey) headers.set('idempotency-key', options.idempotencyKey)
      if (options.body !== undefined) headers.set('content-type', 'application/json')
      const init: RequestInit = { method, headers, credentials: 'same-origin' }
      if (options.body !== undefined) init.body = JSON.stringify(options.body)
      if (options.signal) init.signal = options.signal

      const { response, body } = await receive(send, path, init)
      noteRevision(response.headers)
      if (!response.ok) throw new Problem(parseProblem(response.status, body), retryAfter(response.headers))
      const envelope = (typeof body === 'object' && body !== null ? body : {}) as { data?: T; page?: Page }
      return { status: response.status, data: envelope.data as T, page: envelope.page ?? null }
    },
    onRevision(listener) {
      listeners.push(listener)
    },
  }
}

async function receive(send: typeof fetch, path: string, init: RequestInit): Promise<{ response: Response; body: unknown }> {
  try {
    const response = await send(path, init)
    const text = await response.text()
    return { response, body: readJson(text) }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Unreachable(error)
  }
}

function readJson(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    return null
  }
}

function retryAfter(headers: Headers): number | null {
  const seconds = Number(headers.get('retry-after'))
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null
}
