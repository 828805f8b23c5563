/**
 * The connection to Redis, which is transport and cache and never truth: everything works without it.
 * A command fails at once while Redis is away; the connection comes back by itself and no event ends the process.
 */
import { Redis } from 'ioredis'

export interface RedisLink {
  readonly client: Redis
  isUp(): boolean
  close(): Promise<void>
}

/** Connects in the background; use `isUp` or catch, then do without. */
export function connectRedis(url: string): RedisLink {
  const client = new Redis(url, {
    connectTimeout: 2_000,
    commandTimeout: 1_000,
    maxRetriesPerRequest: 0,
    // Commands are not queued for later: a rate count or a wake-up of a minute ago is of no use.
    enableOfflineQueue: false,
    retryStrategy: attempts => Math.min(50 * attempts, 1_000),
    reconnectOnError: () => false,
  })
  client.on('error', () => undefined)
  return {
    client,
    isUp: () => client.status === 'ready',
    close: async () => {
      client.disconnect()
    },
  }
}

/** Whether a Redis answers there, asked once. */
export async function canReachRedis(url: string): Promise<boolean> {
  return (await askRedis(url, client => client.ping())) === 'PONG'
}

/** Ends the server unless other clients are connected to it; what it holds is given up. */
export async function shutDownRedisUnlessInUse(url: string): Promise<void> {
  await askRedis(url, async client => {
    const others =
      String(await client.client('LIST'))
        .trim()
        .split('\n').length - 1
    if (others === 0) await client.shutdown('NOSAVE').catch(() => undefined)
  })
}

async function askRedis<T>(url: string, ask: (client: Redis) => Promise<T>): Promise<T | undefined> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await ask(client)
  } catch {
    return undefined
  } finally {
    client.disconnect()
  }
}
