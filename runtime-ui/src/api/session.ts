/**
 * Who sits before this tab. The client holds the token and renews it; here stands what the screens know of it, and who waits while a person
 * whose session has ended signs in again.
 */
import { type Client, type Credentials, type Me, Problem, readMe } from './client.ts'

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
}

/** Where the session leaves what may outlive the tab; `localStorage` fits. */
export type Memory = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Makes a client whose calls wait for what it is given once the session has ended. */
export type Connect = (onSessionEnd: () => Promise<void>) => Client

const HINT = 'nexus.session'

/** A client and the session it speaks in. */
export function createSession(connect: Connect, memory: Memory): { readonly client: Client; readonly session: Session } {
  let current: SessionState = { phase: 'starting' }
  let waiting: PromiseWithResolvers<void> | null = null
  const listeners = new Set<() => void>()

  function change(next: SessionState): void {
    current = next
    for (const listener of listeners) listener()
  }

  const client = connect(async () => {
    if (current.phase !== 'signed_in' && current.phase !== 'expired') throw signedOut()
    waiting ??= Promise.withResolvers()
    change({ phase: 'expired', me: current.me })
    await waiting.promise
  })

  /** Lets go on, or fail, what waited for the person. */
  function settle(refusal: Problem | null): void {
    const calls = waiting
    waiting = null
    if (refusal === null) calls?.resolve()
    else calls?.reject(refusal)
  }

  const session: Session = {
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
        if (await client.resume()) change({ phase: 'signed_in', me: await readMe(client) })
        else {
          memory.removeItem(HINT)
          change({ phase: 'signed_out' })
        }
      } catch (error) {
        change(error instanceof Problem && error.status === 401 ? { phase: 'signed_out' } : { phase: 'unreachable' })
      }
    },
    async signIn(credentials) {
      await client.signIn(credentials)
      const me = await readMe(client)
      memory.setItem(HINT, credentials.tenant)
      change({ phase: 'signed_in', me })
      settle(null)
    },
    async signOut() {
      memory.removeItem(HINT)
      change({ phase: 'signed_out' })
      settle(signedOut())
      await client.signOut()
    },
  }
  return { client, session }
}

function signedOut(): Problem {
  return new Problem({ type: '/problems/identity-signed-out', title: 'Signed out', status: 401, code: 'IDENTITY_SIGNED_OUT' })
}
