/**
 * Tells the relay of this process that something was written, at most once per 20 ms and after the write has had time to commit.
 * Only ever a hint: the relay looks by itself as well, so a wake that comes too early or gets lost delays nothing for long.
 */
import { unspanned } from '../kernel/spans.ts'

export const WAKE_MS = 20

const listeners = new Set<() => void>()
let timer: NodeJS.Timeout | null = null

/** Called inside a write transaction; costs nothing there. */
export function noteWritten(): void {
  if (timer !== null || listeners.size === 0) return
  // All who write until then share the timer: it is no step of whoever was first.
  timer = unspanned(() => setTimeout(tellAll, WAKE_MS))
  timer.unref()
}

function tellAll(): void {
  timer = null
  for (const listener of listeners) listener()
}

/** Listens until the returned function is called. */
export function onWritten(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
