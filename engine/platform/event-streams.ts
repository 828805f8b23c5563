/**
 * Streams of numbered texts in Redis: appended to, bounded, and free to be lost at any time. Never a store of truth.
 * Knows no tenant and no envelope.
 */
import type { RedisLink } from './redis.ts'

/** One entry of a stream; its id in Redis is `<sequence>-0`, so that the same entry can not stand there twice. */
export interface StreamEntry {
  readonly sequence: number
  readonly text: string
}

/** What is to be appended to one stream, in order. */
export interface StreamPart {
  readonly stream: string
  readonly entries: readonly StreamEntry[]
}

/** Every call fails at once while Redis is away. */
export interface EventStreams {
  /** Appends to streams and keeps about `keep` entries of each; what a stream has already passed is left out. */
  append(parts: readonly StreamPart[], keep: number): Promise<void>
  /** The sequence each stream has come to; 0 where there is none. */
  last(streams: readonly string[]): Promise<number[]>
  isUp(): boolean
  /** Hears each time a connection stands, perhaps to a Redis that has forgotten. */
  onConnect(listener: () => void): void
}

const PASSED = /equal or smaller than the target stream top item/

/** Streams over a connection, which stays its owner's to close. */
export function createEventStreams({ client, isUp }: RedisLink): EventStreams {
  return {
    async append(parts, keep) {
      const pipeline = client.pipeline()
      for (const { stream, entries } of parts)
        for (const { sequence, text } of entries) pipeline.xadd(stream, 'MAXLEN', '~', keep, `${sequence}-0`, 'envelope', text)
      for (const [error] of (await pipeline.exec()) ?? []) if (error !== null && !PASSED.test(error.message)) throw error
    },
    async last(streams) {
      const pipeline = client.pipeline()
      for (const stream of streams) pipeline.xinfo('STREAM', stream)
      const answers = (await pipeline.exec()) ?? []
      return answers.map(([error, info]) => {
        if (error !== null && !error.message.includes('no such key')) throw error
        return error === null ? lastSequence(info) : 0
      })
    },
    isUp,
    onConnect: listener => void client.on('ready', listener),
  }
}

/** XINFO answers a flat list of names and values. */
function lastSequence(info: unknown): number {
  const list = Array.isArray(info) ? (info as unknown[]) : []
  return Number(String(list[list.indexOf('last-generated-id') + 1]).split('-')[0])
}
