/** What monitoring reads: figures of this process, in the text of Prometheus. No value of a record, no name of a person, tenants by id alone. */
import type { Route } from '../route.ts'

export const metricsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/metrics',
    access: 'metrics',
    handler: async ({ engine }) => {
      if (engine.metrics === null) throw new Error('Metrics are served where none are made.')
      return { text: await engine.metrics.scrape() }
    },
  },
]
