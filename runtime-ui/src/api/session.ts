/**
 * Who is signed in: the access token lives in memory only, the refresh token in an HttpOnly cookie.
 * Refreshing is serialised over all tabs, because a refresh token used twice revokes the whole session.
 */
import { Problem } from './problem.ts'
import type { Transport } from './transport.ts'

/** The caller as `/api/me` tells it. */
export interface Me {
  readonly user: {
    readonly id: string
    readonly email: string
    readonly name?: string | null
    readonly locale?: string | null
    readonly time_zone?: string | null
  }
  readonly tenant: { readonly key: string; readonly name: string }
  readonly roles: readonly string[]
  readonly capabilities: readonly string[]
}

/** What a person signs in with. */
export interface Credentials {
  readonly tenant: string
  readonly email: string
  readonly password: string
}

/** `expired`: the person is known, the session is over; the screen stays and asks for the password. */
export type SessionState =
  | { readonly phase: 'starting' }
  | { readonly phase: 'unreachable' }
  | { readonly phase: 'signed_out' }
  | { readonly phase: 'signed_in'; readonly me: Me }
  | { readonly phase: 'expired'; readonly me: Me }

/** The session of this tab. */
export interface Session {
  state(): SessionState
  subscribe(listener: () => void): () => void
  /** Takes up the session of the cookie, if there is one. */
  start(): Promise<void>
  signIn(credentials: Credentials): Promise<void>
  signOut(): Promise<void>
  /** A token that is good for the next seconds; waits while the person signs in again. */
  token(signal?: AbortSignal): Promise<string>
  /** Tells that a token was refused. */
  refuse(token: string): void
}

interface Tokens {
  readonly access_token: string
  readonly expires_at: string
}

/** Where the session leaves what may outlive the tab; `localStorage` fits. */
export type Memory = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const HINT = 'nexus.session'
/** Refresh this long before the end, so that a request on its way does not meet an expired token. */
const MARGIN_MS = 15_000

/** A session over a transport. */
export function createSession(transport: Transport, memory: Memory, lock = oneTabAtATime): Session {
  let current: SessionState = { phase: 'starting' }
  let tokens: Tokens | null = null
  let refreshing: Promise<boolean> | null = null
  const listeners = new Set<() => void>()

  function change(next: SessionState): void {
    current = next
    for (const listener of listeners) listener()
  }

  function keep(fresh: Tokens): void {
    tokens = { access_token: fresh.access_token, expires_at: fresh.expires_at }
  }

  async function loadMe(): Promise<Me> {
    return (await transport.exchange<Me>('GET', '/api/me', { token: tokens?.access_token ?? null })).data
  }

  /** False when the engine says that the session is over; throws when it could not be asked. */
  function refresh(): Promise<boolean> {
    refreshing ??= lock(async () => {
      try {
        keep((await transport.exchange<Tokens>('POST', '/api/auth/refresh')).data)
        return true
      } catch (error) {
        if (error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429) {
          tokens = null
          return false
        }
        throw error
      }
    }).finally(() => {
      refreshing = null
    })
    return refreshing
  }

  function isFresh(held: Tokens | null): held is Tokens {
    return held !== null && Date.parse(held.expires_at) - Date.now() > MARGIN_MS
  }

  return {
    state: () => current,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async start() {
      if (memory.getItem(HINT) === null) {
        change({ phase: 'signed_out' })
        return
      }
      change({ phase: 'starting' })
      try {
        if (await refresh()) change({ phase: 'signed_in', me: await loadMe() })
        else {
          memory.removeItem(HINT)
          change({ phase: 'signed_out' })
        }
      } catch (error) {
        change(error instanceof Problem && error.status === 401 ? { phase: 'signed_out' } : { phase: 'unreachable' })
      }
    },
    async signIn(credentials) {
      keep((await transport.exchange<Tokens>('POST', '/api/auth/login', { body: credentials })).data)
      const me = await loadMe()
      memory.setItem(HINT, credentials.tenant)
      change({ phase: 'signed_in', me })
    },
    async signOut() {
      const token = tokens?.access_token ?? null
      tokens = null
      memory.removeItem(HINT)
      change({ phase: 'signed_out' })
      // Whatever the engine answers, this tab is signed out.
      await transport.exchange('POST', '/api/auth/logout', { token }).catch(() => undefined)
    },
    async token(signal) {
      while (!isFresh(tokens)) {
        signal?.throwIfAborted()
        if (current.phase === 'signed_out') throw signedOut()
        if (current.phase !== 'expired' && (await refresh())) continue
        if (current.phase === 'signed_in') change({ phase: 'expired', me: current.me })
        await nextChange(listener => {
          listeners.add(listener)
          return () => listeners.delete(listener)
        }, signal)
      }
      return tokens.access_token
    },
    refuse(token) {
      if (tokens?.access_token === token) tokens = null
    },
  }
}

function nextChange(subscribe: (listener: () => void) => () => void, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = subscribe(() => {
      stop()
      resolve()
    })
    signal?.addEventListener('abort', () => {
      stop()
      reject(signal.reason)
    })
  })
}

function signedOut(): Problem {
  return new Problem({ type: '/problems/identity-signed-out', title: 'Signed out', status: 401, code: 'IDENTITY_SIGNED_OUT' })
}

/** Runs `work` while no other tab of this origin does; browsers without locks run it at once. */
function oneTabAtATime<T>(work: () => Promise<T>): Promise<T> {
  return 'locks' in navigator ? navigator.locks.request('nexus.refresh', work) : work()
}
