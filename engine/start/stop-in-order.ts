/**
 * Ends a serving process without failing anybody: first it says that it is not ready and goes on serving until gateways have noticed, then
 * it takes no more connections and finishes what has begun. A second signal, or a time that is over, ends it at once.
 */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

export interface StopOrder {
  /** Makes `/health/ready` answer 503 and every answer close its connection. */
  readonly leave: () => void
  /** Takes no more connections, waits for requests that have begun, closes what they stood on. */
  readonly end: () => Promise<void>
  /** Between the two. */
  readonly drainMs: number
  readonly tell: (line: string) => void
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const
/** What has begun gets this long; the longest statement takes 5 s, and the compose file kills after 30. */
const FINISH_WITHIN_MS = 20_000
// One Ctrl-C may reach a process twice: from the terminal and from the program that started it.
const SAME_SIGNAL_MS = 500

/** Waits for a signal, ends in order and resolves; or ends the process with exit code 1. */
export async function stopInOrder({ leave, end, drainMs, tell }: StopOrder): Promise<void> {
  await Promise.race(SIGNALS.map(signal => once(process, signal)))
  const told = performance.now()
  const giveUp = (why: string): void => {
    tell(why)
    process.exit(1)
  }
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (performance.now() - told > SAME_SIGNAL_MS)
        giveUp('Ended at once by a second signal: what was being written is there wholly or not at all.')
    })
  }
  setTimeout(
    () => giveUp(`Ended after ${FINISH_WITHIN_MS / 1000} s with requests that were not finished.`),
    drainMs + FINISH_WITHIN_MS,
  ).unref()
  leave()
  await sleep(drainMs)
  await end()
}
