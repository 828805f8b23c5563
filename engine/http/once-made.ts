/** How a create of the administrators' routes that is sent twice answers twice and happens once (Idempotency-Key). Knows no rights. */
import { fingerprintOf, once } from '../guard/index.ts'
import type { Around } from '../identity/index.ts'
import type { ModelContext } from '../model/types.ts'
import type { DoorRequest } from './route.ts'

/** What is remembered of a create. */
export interface Memory<T> {
  /** The body as far as it makes two requests the same; no secrets, for a quick digest of it is kept. */
  readonly body: unknown
  /** What of the answer may be kept: no secrets either. */
  readonly keep: (made: T) => T
  /** Looks the thing up anew when the caller's rights have changed since. */
  readonly renew: (first: T) => Promise<T>
}

/** The envelope of a create's transaction; none where the client sent no key. */
export function onceMade<T>(
  { idempotencyKey: key, origin, path }: DoorRequest,
  ctx: ModelContext,
  memory: Memory<T>,
): Around<T> | undefined {
  if (key === null) return undefined
  return async (connection, act) => {
    let made: T | null = null
    const kept = await once(
      connection,
      ctx,
      { key, route: origin.route, fingerprint: fingerprintOf(path, memory.body) },
      async () => {
        made = await act()
        return { status: 201, headers: {}, body: JSON.stringify(memory.keep(made)), entity: null, record_id: null }
      },
      async first => (first.sameRights ? first : { ...first, body: JSON.stringify(await memory.renew(JSON.parse(first.body) as T)) }),
    )
    return made ?? (JSON.parse(kept.body) as T)
  }
}
