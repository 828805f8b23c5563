/**
 * Takes away what a command would leave where a signal ends it: unfinished files, copies of the data in throw-away installations. Knows none
 * of them; what a kill -9 leaves stays.
 */
import { setTimeout as sleep } from 'node:timers/promises'

type Undo = () => void | Promise<void>

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** Whoever pressed Ctrl-C waits no longer; a second one ends the process at once. */
const WITHIN_MS = 10_000
const left: Undo[] = []

/** Does the work; a signal meanwhile undoes first and then ends the process as it would have. */
export async function undoneOnSignal<T>(undo: Undo, work: () => Promise<T>): Promise<T> {
  if (left.length === 0) for (const signal of SIGNALS) process.once(signal, end)
  left.push(undo)
  try {
    return await work()
  } finally {
    left.splice(left.indexOf(undo), 1)
    if (left.length === 0) for (const signal of SIGNALS) process.off(signal, end)
  }
}

function end(signal: NodeJS.Signals): void {
  // What was begun last stands in what was begun before it.
  const undoing = left.toReversed().reduce<Promise<void>>((before, undo) => before.then(undo).catch(() => undefined), Promise.resolve())
  void Promise.race([undoing, sleep(WITHIN_MS)]).then(() => {
    for (const each of SIGNALS) process.off(each, end)
    process.kill(process.pid, signal)
  })
}
