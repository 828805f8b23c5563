/** The time for what is drawn with it, a minute exact: screens that say "3 minutes ago" go on without being touched. */
import { useSyncExternalStore } from 'react'

const MINUTE_MS = 60_000

let now = Date.now()

function subscribe(listener: () => void): () => void {
  const tick = (): void => {
    now = Date.now()
    listener()
  }
  // Nobody may have looked at the time for hours.
  if (Date.now() - now > MINUTE_MS) tick()
  const timer = setInterval(tick, MINUTE_MS)
  return () => clearInterval(timer)
}

/** Milliseconds since 1970, at most a minute old. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}
