/** What an operator sees of a process. */
export { createMetrics } from './create-metrics.ts'
export type { Metrics, Probes, SeenRequest } from './types.ts'
