/**
 * Tells steps of background work as traces: kept in memory until the step ends, for only then is known whether it did anything and for whom.
 * Answers for which steps are told; how a span leaves the process is open-tracing's matter.
 */
import { runSpan, type Span, type SpanAttributes } from '../kernel/spans.ts'
import type { Step, StepOf, Steps } from '../kernel/steps.ts'
import { readTraceparent } from '../kernel/trace.ts'

/** A span that has ended, with those inside of it; times in milliseconds since 1970. */
export interface KeptSpan {
  readonly name: string
  readonly attributes: SpanAttributes
  readonly began: number
  readonly ended: number
  readonly failure: string | null
  readonly children: readonly KeptSpan[]
}

/** A request that a step goes on with. */
export interface Cause {
  readonly traceId: string
  readonly spanId: string
}

/** What tells, and which traces are told of. */
export interface StepTeller {
  /** Whether the trace of this id is collected. */
  collects(traceId: string): boolean
  /** Sends a step; without causes it is a trace like any other, sent or not by its own id. */
  tell(step: KeptSpan, causes: readonly Cause[]): void
}

/** A step of a thousand statements is understood from its first ones. */
export const MOST_SPANS = 200
/** A round that moves events of more requests names some of them. */
export const MOST_CAUSES = 32

/** Makes the place where steps are told. */
export function tellSteps(teller: StepTeller): Steps {
  return {
    isTold: true,
    run(of, work) {
      const room: Room = { spans: MOST_SPANS, leftOut: 0 }
      const kept = new Keeping(`job ${of.job}`, attributesOf(of), room, () => {
        if (!state.isDone && kept.failure === null) return
        const causes = state.causes.filter(each => each.isCollected).map(({ traceId, spanId }) => ({ traceId, spanId }))
        // Who says that his trace is not collected is believed, of what he leaves behind as well.
        if (state.causes.length > 0 && causes.length === 0) return
        if (room.leftOut > 0) kept.set({ 'nexus.spans_left_out': room.leftOut })
        teller.tell(kept, causes)
      })
      const state = new Telling(teller, kept)
      if (of.causedBy !== undefined) state.causedBy([of.causedBy])
      return runSpan(kept, () => work(state))
    },
  }
}

function attributesOf({ job, tenantId, jobId }: StepOf): SpanAttributes {
  return {
    'nexus.job': job,
    ...(tenantId === undefined ? {} : { 'nexus.tenant_id': tenantId }),
    ...(jobId === undefined ? {} : { 'nexus.job_id': jobId }),
  }
}

class Telling implements Step {
  readonly #teller: StepTeller
  readonly #span: Span
  readonly #seen = new Set<string>()
  readonly causes: (Cause & { readonly isCollected: boolean })[] = []
  isDone = false

  constructor(teller: StepTeller, span: Span) {
    this.#teller = teller
    this.#span = span
  }

  did(attributes: SpanAttributes = {}): void {
    this.isDone = true
    this.#span.set(attributes)
  }

  causedBy(traceparents: Iterable<string>): void {
    for (const traceparent of traceparents) {
      if (this.causes.length >= MOST_CAUSES) return
      if (this.#seen.has(traceparent)) continue
      this.#seen.add(traceparent)
      const cause = readTraceparent(traceparent)
      if (cause === undefined) continue
      const { traceId, spanId, sampled } = cause
      this.causes.push({ traceId, spanId, isCollected: sampled && this.#teller.collects(traceId) })
    }
  }
}

/** How many more spans a step keeps. */
interface Room {
  spans: number
  leftOut: number
}

class Keeping implements Span, KeptSpan {
  readonly #room: Room
  readonly #ended: () => void
  readonly began = now()
  readonly children: KeptSpan[] = []
  name: string
  attributes: SpanAttributes
  ended = 0
  failure: string | null = null

  constructor(name: string, attributes: SpanAttributes, room: Room, ended: () => void) {
    this.name = name
    this.attributes = attributes
    this.#room = room
    this.#ended = ended
  }

  child(name: string, attributes: SpanAttributes = {}): Span {
    const hasRoom = this.#room.spans > 0
    const child = new Keeping(name, attributes, this.#room, () => {
      if (hasRoom) this.children.push(child)
    })
    if (hasRoom) this.#room.spans -= 1
    else this.#room.leftOut += 1
    return child
  }

  rename(name: string): void {
    this.name = name
  }

  set(attributes: SpanAttributes): void {
    this.attributes = { ...this.attributes, ...attributes }
  }

  end(failure?: string): void {
    this.ended = now()
    this.failure = failure ?? null
    this.#ended()
  }
}

function now(): number {
  return performance.timeOrigin + performance.now()
}
