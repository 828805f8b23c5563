/** Whether the program is up, whether it has its stores, which build it is. All of it open, so all of it cheap and silent about anything else. */
import { httpErrors } from '../errors.ts'
import type { Answer, Route } from '../route.ts'

const up = async (): Promise<Answer> => ({ data: { status: 'up' } })

export const healthRoutes: readonly Route[] = [
  { method: 'GET', path: '/health', access: 'open', handler: up },
  {
    method: 'GET',
    path: '/health/ready',
    access: 'open',
    handler: async ({ engine }) => {
      if (await engine.health.isReady()) return { data: { status: 'ready' } }
      throw httpErrors.NOT_READY({}, { headers: { 'retry-after': '2' } })
    },
  },
  { method: 'GET', path: '/version', access: 'open', handler: async ({ engine }) => ({ data: engine.build }) },
  { method: 'GET', path: '/content/health', access: 'open', handler: up },
  {
    method: 'GET',
    path: '/content/version',
    access: 'open',
    handler: async ({ engine }) => ({ data: { ...engine.build, name: `${engine.build.name}-content` } }),
  },
]
