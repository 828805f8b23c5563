/** What an operator sees of a process. */
export { createMetrics } from './create-metrics.ts'
export { createStoreQuestions, type StoreState } from './store-questions.ts'
export type { Metrics, Probes, SeenRequest, Tracing } from './types.ts'
