/**
 * How a server is made that runs in the process of its own test: what the test itself computes holds up the loop they share, and is no reason
 * to refuse a request.
 */
import { ANY_CROWD } from '../../guard/index.ts'
import type { ServerOptions } from '../../http/server.ts'

/** The loop may stand still for as long as the test needs it, and as many may wait. */
export const SHARED_LOOP: ServerOptions = { mostDelayMs: Number.POSITIVE_INFINITY, crowd: ANY_CROWD }
