/** Puts the metrics of a process together. Made only where an operator has asked for them: without, nothing is counted. */
import { collectDefaultMetrics, Registry } from 'prom-client'
import { countRequests } from './request-metrics.ts'
import { watchStores } from './store-metrics.ts'
import type { Metrics, Probes } from './types.ts'

/** Metrics of requests, stores and the process itself (memory, processor, event loop, garbage collection). */
export function createMetrics(probes: Probes): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = countRequests(registry)
  const stores = watchStores(registry, probes)
  return {
    ...requests,
    async scrape() {
      await stores.read()
      return { type: registry.contentType, body: await registry.metrics() }
    },
  }
}
