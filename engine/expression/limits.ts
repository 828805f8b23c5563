/** What an expression may use, as numbers. */

/** Characters of an expression's text. */
export const MAX_EXPRESSION_LENGTH = 2000

/** JSON of one input, and of one result. */
export const MAX_INPUT_BYTES = 1_000_000
export const MAX_OUTPUT_BYTES = 256_000

/** Wall clock of one evaluation where the caller says nothing, and the most he may ask for. */
export const DEFAULT_TIMEOUT_MS = 1_000
export const MAX_TIMEOUT_MS = 10_000

/** The word of JSONata for an expression that its own clock has ended. */
export const TIMED_OUT = 'D1012'

/** Heap of the fenced process. JSONata itself takes 12 MB of it. */
export const MAX_HEAP_MB = 64

/** Nested calls and members of one sequence inside JSONata. */
export const MAX_CALLS = 500
export const MAX_SEQUENCE = 100_000

/** Fenced processes, and how many of them one tenant may hold: one is always open for the next tenant. */
export const FENCES = 3
export const FENCES_EACH = 2

/** Batches of one tenant that may wait for a fence; fewer where his expressions have proved slow, since each may take a second. */
export const MAX_WAITING = 100
export const MAX_WAITING_SLOW = 10

/** What a value may take before it counts as slow, and how much of slowness makes a tenant wait behind the slow ones. */
export const BRISK_MS = 20
export const SLOW_FROM_MS = 500
/** Slowness is forgotten at this pace, and no more of it is remembered than this. */
export const FORGIVEN_PER_SECOND_MS = 100
export const MOST_SLOW_MS = 20_000

/** Inputs that travel together, and how long a fence serves a batch before the next tenant has his turn. */
export const BATCH = 64
export const TURN_MS = 250

/** What the values of one call may take together, waiting apart; and how many of them may be stopped before the rest is not tried. */
export const DEFAULT_ALLOWANCE_MS = 3_000
export const MAX_STOPPED = 2
