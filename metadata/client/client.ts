/**
 * The typed client of the HTTP contract, for Node, browsers and our own apps: sign-in and refresh, problems as errors, pages as one
 * sequence, repetition of what may be repeated. Knows no entity: `/api/types.ts` tells the compiler which there are.
 * Stands on `fetch` alone and imports only types, so that it can be handed out as one file.
 */
import type { Client } from './calls.ts'
import type { ClientOptions, PageInfo, ProblemDocument, ProblemError, Reply, Sending, Tokens } from './contract.ts'
import type { AnyEntities, Entities } from './shapes.ts'

export type * from './calls.ts'
export type * from './contract.ts'
export type * from './shapes.ts'

/** The engine said no; `document` is its whole answer, `retryAfter` the seconds it asks to wait. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly document: ProblemDocument
  readonly status: number
  readonly code: string
  readonly errors: readonly ProblemError[]
  readonly retryAfter: number | null

  constructor(document: ProblemDocument, retryAfter: number | null = null) {
    super(document.detail ?? document.title)
    this.document = document
    this.status = document.status
    this.code = document.code
    this.errors = document.errors ?? []
    this.retryAfter = retryAfter
  }
}

/** No answer came: offline, the engine is down, or something between broke the connection. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'

  constructor(cause: unknown) {
    super('The server can not be reached.', { cause })
  }
}

const AUTH = '/api/auth/'
/** Renewed this long before its end, so that a request on its way does not meet an expired token. */
const MARGIN_MS = 15_000
const FIRST_WAIT_MS = 250
/** Whoever is asked for more patience than this is told. */
const MOST_WAIT_MS = 30_000

/** Makes a client; nothing is sent before it is asked for something. */
export function createClient<M extends Entities<M> = AnyEntities>(options: ClientOptions = {}): Client<M> {
  const origin = (options.url ?? '').replace(/\/+$/, '')
  let tokens: Tokens | null = null
  // Where no browser keeps the cookie of the refresh token, this does.
  let cookie: string | null = null
  let revision = 0
  let refreshing: Promise<Problem | null> | null = null
  let ended: Promise<void> | null = null

  async function exchange<T>(method: string, path: string, sending: Sending, token?: string): Promise<Reply<T>> {
    const { body, ifMatch, idempotencyKey, signal } = sending
    // The trace begins here (https://www.w3.org/TR/trace-context/): its id is chosen by the caller, whose own step `tracestate` says is told by nobody.
    const step = newKey().slice(16)
    const headers = new Headers({ accept: 'application/json', traceparent: `00-${newKey()}-${step}-01`, tracestate: `nexus=${step}` })
    if (options.locale !== undefined) headers.set('accept-language', options.locale())
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
    if (token !== undefined && revision > 0) headers.set('model-revision', String(revision))
    if (path.startsWith(AUTH)) headers.set('nexus-client', 'js')
    if (path.startsWith(AUTH) && cookie !== null) headers.set('cookie', cookie)
    if (ifMatch !== undefined) headers.set('if-match', `"${ifMatch}"`)
    if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey)
    if (body !== undefined) headers.set('content-type', 'application/json')
    const init: RequestInit = { method, headers, credentials: 'same-origin', signal: signal ?? null }
    if (body !== undefined) init.body = JSON.stringify(body)
    const isRepeatable = sending.repeatable ?? (method === 'GET' || idempotencyKey !== undefined)
    // Whoever signs in too often is told so at once: a person waits for it.
    const most = path.startsWith(AUTH) ? 0 : (options.retries ?? 2)
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await answered<T>(path, init)
      } catch (error) {
        const wait = signal?.aborted !== true && attempt < most ? waitAfter(error, isRepeatable, attempt) : null
        if (wait === null) throw error
        await unlessAborted(new Promise<void>(wake => setTimeout(wake, wait)), signal)
      }
    }
  }

  async function answered<T>(path: string, init: RequestInit): Promise<Reply<T>> {
    const { response, body } = await received(path, init)
    if (!response.ok) throw new Problem(problemOf(response.status, body), Number(response.headers.get('retry-after')) || null)
    const [set] = path.startsWith(AUTH) ? (response.headers.getSetCookie?.() ?? []) : []
    if (set !== undefined) cookie = /^[^=;]+=[^;]+/.exec(set)?.[0] ?? null
    const { data, page, warnings } = body as { data?: T; page?: PageInfo; warnings?: readonly ProblemError[] }
    const [before, now] = [revision, Number(response.headers.get('model-revision'))]
    revision = now || before
    if (before > 0 && revision !== before) options.onRevision?.(revision)
    if (warnings !== undefined) options.onWarnings?.(warnings)
    return { status: response.status, data: (data ?? null) as T, page: page ?? { next: null } }
  }

  async function received(path: string, init: RequestInit): Promise<{ response: Response; body: object }> {
    try {
      const response = await (options.fetch ?? fetch)(origin + path, init)
      return { response, body: parse(await response.text(), /json\b/.test(response.headers.get('content-type') ?? '')) }
    } catch (error) {
      throw init.signal?.aborted === true ? error : new Unreachable(error)
    }
  }

  /** Null when the session goes on, else what the engine said; throws when it could not be asked. */
  function refresh(): Promise<Problem | null> {
    refreshing ??= alone(async () => {
      try {
        tokens = (await exchange<Tokens>('POST', `${AUTH}refresh`, {})).data
        return null
      } catch (error) {
        if (!(error instanceof Problem) || error.status >= 500 || error.status === 429) throw error
        tokens = null
        return error
      }
    }).finally(() => {
      refreshing = null
    })
    return refreshing
  }

  async function token(signal?: AbortSignal): Promise<string> {
    if (options.apiKey !== undefined) return options.apiKey
    // What has just been renewed and seems to have run out tells of a wrong clock here.
    let [isNew, hasWaited] = [false, false]
    while (tokens === null || (!isNew && Date.parse(tokens.expires_at) - Date.now() < MARGIN_MS)) {
      signal?.throwIfAborted()
      if (ended === null) {
        const refusal = await unlessAborted(refresh(), signal)
        isNew = refusal === null
        if (isNew) continue
        if (options.onSessionEnd === undefined || hasWaited) throw refusal
        ended ??= options.onSessionEnd().finally(() => {
          ended = null
        })
      }
      await unlessAborted(ended, signal)
      hasWaited = true
    }
    return tokens.access_token
  }

  /** A token that is refused is renewed and the request sent once more. */
  async function request<T>(method: string, path: string, sending: Sending = {}): Promise<Reply<T>> {
    const held = await token(sending.signal)
    try {
      return await exchange<T>(method, path, sending, held)
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401 || options.apiKey !== undefined) throw error
      if (tokens?.access_token === held) tokens = null
      return exchange<T>(method, path, sending, await token(sending.signal))
    }
  }

  const ask = async <T>(method: string, path: string, sending?: Sending): Promise<T> => (await request<T>(method, path, sending)).data

  const client: Client<M> = {
    request,
    page: (entity, query, call) => request('POST', records(entity, 'query'), { ...call, body: query ?? {}, repeatable: true }),
    list: async function* (entity, query, call) {
      for (let asked = query; ; ) {
        const { data, page } = await client.page(entity, asked, call)
        yield* data
        if (page.next === null) return
        asked = { ...asked, after: page.next } as typeof query
      }
    },
    aggregate: (entity, body, call) => ask('POST', records(entity, 'aggregate'), { ...call, body, repeatable: true }),
    read(entity, id, { select, ...call } = {}) {
      const selected = select === undefined ? '' : `?select=${select.map(encodeURIComponent).join(',')}`
      return ask('GET', records(entity, id) + selected, call)
    },
    history: (entity, id, call) => request('GET', records(entity, id, 'history'), call),
    search: (text, call) => ask('GET', `/api/search?q=${encodeURIComponent(text)}`, call),
    create: (entity, body, call) => ask('POST', records(entity), { idempotencyKey: newKey(), ...call, body }),
    update: (entity, { id, version }, body, call) => ask('PATCH', records(entity, id), { ...call, body, ifMatch: version }),
    remove: (entity, { id, version }, call) => ask('DELETE', records(entity, id), { ...call, ifMatch: version }),
    restore: (entity, id, call) => ask('POST', records(entity, id, 'restore'), call),
    bulk: (entity, operations, { atomic = true, ...call } = {}) =>
      ask('POST', records(entity, 'bulk'), { idempotencyKey: newKey(), ...call, body: { operations, atomic } }),
    async signIn(body, call) {
      tokens = (await exchange<Tokens>('POST', `${AUTH}login`, { ...call, body })).data
      revision = 0
      return tokens.user
    },
    resume: async () => (await refresh()) === null,
    async signOut() {
      const held = tokens?.access_token
      tokens = null
      revision = 0
      await exchange('POST', `${AUTH}logout`, {}, held).catch(() => undefined)
      cookie = null
    },
  }
  return client
}

/** A random key, also on pages without TLS, where browsers hold `crypto.randomUUID` back. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
}

function records(entity: string, ...rest: string[]): string {
  return ['/api/records', entity, ...rest].map((part, at) => (at === 0 ? part : encodeURIComponent(part))).join('/')
}

/** Milliseconds until a request is sent again; null where that could do harm or is of no use. */
function waitAfter(error: unknown, isRepeatable: boolean, attempt: number): number | null {
  // Whoever goes too fast has been stopped at the door; of all other failures nobody knows how far they got.
  const isRefused = error instanceof Problem && error.status === 429
  const isPassing = error instanceof Unreachable || (error instanceof Problem && [502, 503, 504].includes(error.status))
  if (!isRefused && !(isPassing && isRepeatable)) return null
  const asked = error instanceof Problem && error.retryAfter !== null ? error.retryAfter * 1000 : 0
  const wait = Math.max(asked, FIRST_WAIT_MS * 2 ** attempt * (1 + Math.random() / 2))
  return wait > MOST_WAIT_MS ? null : wait
}

function problemOf(status: number, body: object): ProblemDocument {
  if ('title' in body && 'code' in body) return { ...(body as ProblemDocument), status }
  return { type: 'about:blank', title: `HTTP ${status}`, status, code: `HTTP_${status}` }
}

function parse(text: string, isJson: boolean): object {
  try {
    const value: unknown = isJson ? JSON.parse(text) : { data: text || null }
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort)
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** Runs `work` while no other tab of this origin does: a refresh token that is used twice ends the whole session. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  return globalThis.navigator?.locks === undefined ? work() : navigator.locks.request('nexus.refresh', work)
}
