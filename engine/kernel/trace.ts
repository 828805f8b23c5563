/**
 * Reads and writes the W3C trace context (https://www.w3.org/TR/trace-context/): who this request belongs to across systems.
 * Knows nothing of HTTP; a header that can not be trusted as written is ignored and a new trace begins.
 */
import { randomBytes } from 'node:crypto'

/** The trace of one request: its id, 32 hex digits always, and the header handed on to what it causes. */
export interface Trace {
  readonly traceId: string
  readonly traceparent: string
  /** The caller's own step that this request belongs to; null where it begins the trace. */
  readonly parentId: string | null
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const ZERO_TRACE = '0'.repeat(32)
const ZERO_SPAN = '0'.repeat(16)

/**
 * Continues the trace a caller sent, or begins one; the span id is always our own. A step that `state` (the header `tracestate`) calls our own
 * client's is told to no collector: a request that hangs below it would wait there for its beginning for ever, so it begins the trace itself.
 */
export function traceOf(header?: string, state?: string): Trace {
  const parent = header === undefined ? undefined : readTraceparent(header)
  const traceId = parent?.traceId ?? randomHex(16)
  const flags = parent?.sampled === false ? '00' : '01'
  // What stands between and takes part names a step of its own, which is above us then.
  const isUntold = parent !== undefined && parent.sampled && state !== undefined && isMember(state, `nexus=${parent.spanId}`)
  return { traceId, traceparent: `00-${traceId}-${randomHex(8)}-${flags}`, parentId: isUntold ? null : (parent?.spanId ?? null) }
}

/** Other systems put members of their own beside ours. */
function isMember(state: string, member: string): boolean {
  return state.length <= 512 && state.split(',').some(each => each.trim() === member)
}

/** What a traceparent says; undefined where it can not be trusted as written. */
export function readTraceparent(header: string): { traceId: string; spanId: string; sampled: boolean } | undefined {
  const match = header.length > 200 ? null : TRACEPARENT.exec(header)
  if (match === null) return undefined
  const [, version, traceId = '', spanId = '', flags = '', rest] = match
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined
  if (traceId === ZERO_TRACE || spanId === ZERO_SPAN) return undefined
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}

// Random bytes are drawn in blocks: 24 bytes per request from the kernel's generator cost more than the whole parse.
const BLOCK = 4096
let block = Buffer.alloc(0)
let used = 0

function randomHex(bytes: number): string {
  if (used + bytes > block.length) {
    block = randomBytes(BLOCK)
    used = 0
  }
  const hex = block.toString('hex', used, used + bytes)
  used += bytes
  return hex
}
