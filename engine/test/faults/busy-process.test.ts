/** A process that is too busy: what comes then is refused at once instead of being kept waiting, health goes on answering, and it passes. */
import { expect, test } from 'vitest'
import { healthRoutes } from '../../http/routes/health.ts'
import type { Route } from '../../http/route.ts'
import { openDoor } from '../harness/door.ts'

const BUSY_MS = 1_300

const routes: readonly Route[] = [
  ...healthRoutes,
  { method: 'GET', path: '/quick', access: 'open', handler: async () => ({ data: 'quick' }) },
  {
    method: 'GET',
    path: '/busy',
    access: 'open',
    handler: async () => {
      for (const end = performance.now() + BUSY_MS; performance.now() < end; ) Math.sqrt(end)
      return { data: 'done' }
    },
  },
]
const door = await openDoor({ routes, refusesWhenBusy: true })

test('a process that is busy answers 503 with retry-after, and serves again by itself', { timeout: 60_000 }, async () => {
  try {
    const ask = async (path: string): Promise<string> => {
      const answer = await fetch(door.url + path)
      const { code } = (await answer.json()) as { code?: string }
      return `${answer.status} ${code ?? ''} ${answer.headers.get('retry-after') ?? ''}`.trim()
    }
    expect(await ask('/quick')).toBe('200')
    let isBusy = true
    const crowd = [1, 2, 3].map(async () => {
      while (isBusy) await ask('/busy')
    })
    const told: string[] = []
    await expect
      .poll(
        async () => {
          told.push(await ask('/quick'))
          return told.at(-1)
        },
        { timeout: 20_000, interval: 20 },
      )
      .toBe('503 HTTP_OVERLOADED 5')
    expect([await ask('/health'), await ask('/health/ready')]).toEqual(['200', '200'])
    isBusy = false
    await Promise.all(crowd)
    await expect.poll(() => ask('/quick'), { timeout: 10_000, interval: 100 }).toBe('200')
  } finally {
    await door.close()
  }
})
