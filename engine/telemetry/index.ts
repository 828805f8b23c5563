/** What an operator sees of a process. */
export { createMetrics } from './create-metrics.ts'
export type { Metrics, Probes, SeenRequest } from './types.ts'
export { createStoreQuestions, type StoreState } from './store-questions.ts'
