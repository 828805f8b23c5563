/**
 * Gives back what starting took. A start reads, parses and compiles some 100 MB that nobody needs again, but a process that then idles
 * allocates too little for V8 to collect it. Runs once, and only while nobody is served.
 */
import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

// The first moments after a start belong to whoever waited for it, and to events and fields that were left behind.
const FIRST_LOOK_MS = 5_000
const LOOK_MS = 2_000
/** The share of the time in which an idle process, looking for work four times a second, is busy at most. */
const IDLE_UTILIZATION = 0.05

type Collect = (options: { readonly type: 'major'; readonly flavor: 'last-resort' }) => unknown

/** Collects garbage and returns its pages once the process idles; answers how to call it off. */
export function settleMemory({
  firstLookMs = FIRST_LOOK_MS,
  lookMs = LOOK_MS,
  collect = collector(),
}: {
  firstLookMs?: number
  lookMs?: number
  collect?: Collect
} = {}): () => void {
  let before = performance.eventLoopUtilization()
  const look = (): void => {
    const { utilization } = performance.eventLoopUtilization(before)
    before = performance.eventLoopUtilization()
    // Only this flavour hands pages back to the system.
    if (utilization < IDLE_UTILIZATION) collect({ type: 'major', flavor: 'last-resort' })
    else timer = setTimeout(look, lookMs).unref()
  }
  const begin = (): void => {
    before = performance.eventLoopUtilization()
    timer = setTimeout(look, lookMs).unref()
  }
  let timer = setTimeout(begin, firstLookMs).unref()
  return () => clearTimeout(timer)
}

/** V8's collector, which a flag lends to contexts made after it is set. */
function collector(): Collect {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as Collect
}
