/** What an expression may use, as numbers. */

/** Characters of an expression's text. */
export const MAX_EXPRESSION_LENGTH = 2000

/** JSON of one input, and of one result. */
export const MAX_INPUT_BYTES = 1_000_000
export const MAX_OUTPUT_BYTES = 256_000

/** Wall clock of one evaluation where the caller says nothing, and the most he may ask for. */
export const DEFAULT_TIMEOUT_MS = 1_000
export const MAX_TIMEOUT_MS = 10_000

/** Heap of the fenced process. JSONata itself takes 12 MB of it. */
export const MAX_HEAP_MB = 64

/** Nested calls and members of one sequence inside JSONata. */
export const MAX_CALLS = 500
export const MAX_SEQUENCE = 100_000

/** Fenced processes, and evaluations that may wait for one. */
export const FENCES = 2
export const MAX_WAITING = 1_000

/** Inputs that travel together; a batch that dies is taken apart, so that one bad record spoils no other. */
export const BATCH = 64
