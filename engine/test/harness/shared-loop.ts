/**
 * How a server is made that runs in the process of its own test: what the test itself computes holds up the loop they share, and is no reason
 * to refuse a request.
 */
import type { ServerOptions } from '../../http/server.ts'

/** The loop may stand still for as long as the test needs it. */
export const SHARED_LOOP: ServerOptions = { mostDelayMs: Number.POSITIVE_INFINITY }
