/**
 * Gives back what starting, and every busy time after, took. A start reads, parses and compiles some 100 MB that nobody needs again, bulks and
 * imports take several hundred; a process that then idles allocates too little for V8 to collect it. Only while nobody is served.
 */
import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

// The first moments after a start belong to whoever waited for it, and to events and fields that were left behind.
const FIRST_LOOK_MS = 2_000
const LOOK_MS = 2_000
/** The share of the time in which an idle process, looking for work four times a second, is busy at most. */
const IDLE_UTILIZATION = 0.05
/** After a start once; from then on after so long a rest only, and for so much: such a collection throws compiled code away as well. */
const REST_MS = 60_000
const WORTH_BYTES = 96 * 1024 * 1024

type Collect = (options: { readonly type: 'major'; readonly flavor: 'last-resort' }) => unknown

/** Collects garbage and returns its pages once the process idles, and again whenever it rests after it has grown; answers how to call it off. */
export function settleMemory({
  firstLookMs = FIRST_LOOK_MS,
  lookMs = LOOK_MS,
  restMs = REST_MS,
  collect = collector(),
  held = () => process.memoryUsage.rss(),
}: {
  firstLookMs?: number
  lookMs?: number
  restMs?: number
  collect?: Collect
  held?: () => number
} = {}): () => void {
  let before = performance.eventLoopUtilization()
  let settledAt = 0
  let busyAt = Number.NEGATIVE_INFINITY
  const look = (): void => {
    const isBusy = performance.eventLoopUtilization(before).utilization >= IDLE_UTILIZATION
    if (isBusy && settledAt > 0) busyAt = performance.now()
    if (!isBusy && performance.now() - busyAt >= restMs && held() - settledAt > WORTH_BYTES) {
      // Only this flavour hands pages back to the system.
      collect({ type: 'major', flavor: 'last-resort' })
      settledAt = held()
    }
    before = performance.eventLoopUtilization()
    timer = setTimeout(look, lookMs).unref()
  }
  let timer = setTimeout(look, firstLookMs).unref()
  return () => clearTimeout(timer)
}

/** V8's collector, which a flag lends to contexts made after it is set. */
function collector(): Collect {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as Collect
}
