/** Writers beside a drill: people who enter records while the backup is made, and remember which of them were acknowledged when. */
import { createRecord } from '../records/index.ts'
import { recordContextOf, requestOf } from './command-engine.ts'
import type { Wired } from './wiring.ts'

/** What the writers saw; times are those of this machine, in milliseconds. */
export interface Acknowledged {
  readonly id: string
  readonly begunAt: number
  readonly acknowledgedAt: number
}

/** Who writes what. */
export interface LoadRequest {
  readonly tenant: string
  readonly email: string
  readonly writers: number
}

/** Starts writing customers as somebody of a tenant; `stop` waits for those under way, and throws what a writer met. CommandFailed where there is nobody of that name. */
export async function startWriters(wired: Wired, { tenant, email, writers }: LoadRequest): Promise<{ stop(): Promise<Acknowledged[]> }> {
  await requestOf(wired, tenant, email, 'cli drill')
  const seen: Acknowledged[] = []
  let isOver = false
  const running = Array.from({ length: writers }, async (_, writer) => {
    for (let n = 1; !isOver; n++) {
      const ctx = await recordContextOf(wired, await requestOf(wired, tenant, email, 'cli drill'))
      const begunAt = Date.now()
      const { id } = await createRecord(ctx, 'customer', { name: `Drill ${begunAt} ${writer} ${n}` })
      seen.push({ id, begunAt, acknowledgedAt: Date.now() })
    }
  })
  // Whoever stops them is told; a writer that fails before does not end the process.
  for (const each of running) each.catch(() => undefined)
  return {
    async stop() {
      isOver = true
      await Promise.all(running)
      return seen
    },
  }
}
