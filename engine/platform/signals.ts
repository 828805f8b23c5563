/**
 * Wakes other processes through Postgres: a signal says that something changed on a channel, never what it is worth.
 * Sent after the commit and gathered, because NOTIFY inside a write transaction is one lock for the whole server (storage rule 10).
 * Signals can be lost; whoever listens also looks by itself, and is told when a gap is possible.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export interface Signals {
  /** Tells all processes, this one too, at most every 20 ms; equal signals become one. Payload: an id or two, under 500 characters. */
  send(channel: string, payload: string): void
  /** Calls for each signal, and with no payload after a time in which signals may have been missed. */
  on(channel: string, handler: (payload: string | undefined) => void): void
  close(): Promise<void>
}

/** How long signals are gathered before they go out together. */
const GATHER_MS = 20
const RETRY_MS = [100, 200, 500, 1_000]
/** Signals that could not be sent are not kept beyond this: those who listen look again anyway. */
const KEPT = 1_000

/** Opens the one connection of this process for signals; it comes back by itself. */
export function createSignals(url: string): Signals {
  return new PostgresSignals(url)
}

class PostgresSignals implements Signals {
  readonly #url: string
  readonly #handlers = new Map<string, ((payload: string | undefined) => void)[]>()
  readonly #pending = new Map<string, readonly [channel: string, payload: string]>()
  #client: pg.Client | undefined
  #timer: NodeJS.Timeout | undefined
  #closing = false
  /** Settles when nothing is on its way to the database. */
  #said: Promise<unknown> = Promise.resolve()
  readonly #running: Promise<void>

  constructor(url: string) {
    const cleaned = new URL(url)
    cleaned.searchParams.delete('options')
    this.#url = cleaned.href
    this.#running = this.#keepConnected()
  }

  send(channel: string, payload: string): void {
    if (this.#pending.size < KEPT) this.#pending.set(`${channel} ${payload}`, [channel, payload])
    this.#timer ??= setTimeout(() => void this.#flush(), GATHER_MS)
  }

  on(channel: string, handler: (payload: string | undefined) => void): void {
    this.#handlers.set(channel, [...(this.#handlers.get(channel) ?? []), handler])
    const client = this.#client
    if (client !== undefined) this.#say(client, `listen ${pg.escapeIdentifier(channel)}`).catch(() => undefined)
  }

  async close(): Promise<void> {
    await this.#flush()
    this.#closing = true
    clearTimeout(this.#timer)
    await this.#client?.end().catch(() => undefined)
    await this.#running
  }

  async #flush(): Promise<void> {
    this.#timer = undefined
    const client = this.#client
    if (client === undefined || this.#pending.size === 0) return
    const signals = [...this.#pending.values()]
    this.#pending.clear()
    const values = [signals.map(([channel]) => channel), signals.map(([, payload]) => payload)]
    await this.#say(client, 'select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as s (channel, payload)', values).catch(
      () => {
        for (const signal of signals) this.send(...signal)
      },
    )
  }

  /** One statement after the other: the driver does not queue them for us for ever. */
  #say(client: pg.Client, text: string, values: unknown[] = []): Promise<unknown> {
    const said = this.#said.then(() => client.query(text, values))
    this.#said = said.catch(() => undefined)
    return said
  }

  async #keepConnected(): Promise<void> {
    for (let failures = 0; !this.#closing; ) {
      const client = new pg.Client({
        connectionString: this.#url,
        options: '-c role=nexus_engine',
        application_name: 'nexus_signals',
        connectionTimeoutMillis: 3_000,
        keepAlive: true,
      })
      const ended = new Promise<void>(done => client.once('end', () => done()))
      client.on('error', () => undefined)
      client.on('notification', ({ channel, payload }) => this.#tell(channel, payload ?? ''))
      try {
        await client.connect()
        for (const channel of this.#handlers.keys()) await this.#say(client, `listen ${pg.escapeIdentifier(channel)}`)
        this.#client = client
        // Channels that were added while this connection was being made.
        for (const channel of this.#handlers.keys()) await this.#say(client, `listen ${pg.escapeIdentifier(channel)}`)
        failures = 0
        for (const channel of this.#handlers.keys()) this.#tell(channel, undefined)
        await this.#flush()
        // Told to close while the connection was being made: nobody else knows of it.
        if (this.#closing) await client.end()
        await ended
      } catch {
        await client.end().catch(() => undefined)
      }
      this.#client = undefined
      if (!this.#closing) await sleep(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)])
    }
  }

  /** A handler's fault is its own: the connection and the other handlers go on. */
  #tell(channel: string, payload: string | undefined): void {
    for (const handler of this.#handlers.get(channel) ?? []) {
      try {
        handler(payload)
      } catch (error) {
        process.emitWarning(`A listener of ${channel} failed: ${error instanceof Error ? error.name : typeof error}`)
      }
    }
  }
}
