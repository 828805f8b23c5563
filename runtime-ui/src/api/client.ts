/**
 * The engine's routes as functions. Every call carries a live token; a call that meets an ended session waits for the
 * person to sign in again and is then sent once more. Knows no React and no cache.
 */
import type { Aggregate, Query } from '../../../metadata/generated/types.ts'
import type { FormAnswer, Model, RecordData } from './model.ts'
import { Problem } from './problem.ts'
import type { Session } from './session.ts'
import type { Exchange, Page, Reply, Transport } from './transport.ts'

/** A page of records. */
export interface RecordPage {
  readonly data: readonly RecordData[]
  readonly page: Page
}

/** A hit of the search over entities. */
export interface SearchHit {
  readonly entity: string
  readonly id: string
  readonly title: string
}

/** One change of a record as the history tells it. */
export interface HistoryEntry {
  readonly at: string
  readonly by: string | { readonly id: string; readonly name?: string | null } | null
  readonly action: string
  readonly version: number
  readonly changes: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[]
}

/** The engine for this caller. */
export interface Client {
  model(signal?: AbortSignal): Promise<Model>
  form(entity: string, mode: 'create' | 'edit' | 'view', signal?: AbortSignal): Promise<FormAnswer>
  query(entity: string, query: Query, signal?: AbortSignal): Promise<RecordPage>
  aggregate(entity: string, aggregate: Aggregate, signal?: AbortSignal): Promise<readonly Record<string, unknown>[]>
  read(entity: string, id: string, signal?: AbortSignal): Promise<RecordData>
  create(entity: string, values: Record<string, unknown>, idempotencyKey: string): Promise<RecordData>
  /** Null where the record left the caller's sight by this very change. */
  update(entity: string, id: string, version: number, changes: Record<string, unknown>): Promise<RecordData | null>
  remove(entity: string, id: string, version: number): Promise<void>
  restore(entity: string, id: string): Promise<void>
  /** Keeps the caller's language, for what reaches him outside of the app. */
  keepLocale(locale: string): Promise<void>
  search(text: string, signal?: AbortSignal): Promise<readonly SearchHit[]>
}

/** A client over a transport and the session of this tab. */
export function createClient(transport: Transport, session: Session): Client {
  async function ask<T>(method: string, path: string, options: Exchange = {}): Promise<Reply<T>> {
    const token = await session.token(options.signal)
    try {
      return await transport.exchange<T>(method, path, { ...options, token })
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error
      session.refuse(token)
      return transport.exchange<T>(method, path, { ...options, token: await session.token(options.signal) })
    }
  }
  const withSignal = (signal: AbortSignal | undefined): Exchange => (signal === undefined ? {} : { signal })
  const records = (entity: string, ...rest: string[]): string =>
    ['/api/records', encodeURIComponent(entity), ...rest.map(encodeURIComponent)].join('/')

  return {
    model: async signal => (await ask<Model>('GET', '/api/model', withSignal(signal))).data,
    form: async (entity, mode, signal) =>
      (await ask<FormAnswer>('GET', `/api/model/${encodeURIComponent(entity)}/form?mode=${mode}`, withSignal(signal))).data,
    async query(entity, query, signal) {
      const reply = await ask<readonly RecordData[]>('POST', records(entity, 'query'), { ...withSignal(signal), body: query })
      return { data: reply.data, page: reply.page ?? { next: null } }
    },
    aggregate: async (entity, aggregate, signal) =>
      (await ask<readonly Record<string, unknown>[]>('POST', records(entity, 'aggregate'), { ...withSignal(signal), body: aggregate }))
        .data,
    read: async (entity, id, signal) => (await ask<RecordData>('GET', records(entity, id), withSignal(signal))).data,
    create: async (entity, values, idempotencyKey) =>
      (await ask<RecordData>('POST', records(entity), { body: values, idempotencyKey })).data,
    async update(entity, id, version, changes) {
      const reply = await ask<RecordData>('PATCH', records(entity, id), { body: changes, ifMatch: version })
      return reply.status === 204 ? null : reply.data
    },
    async remove(entity, id, version) {
      await ask('DELETE', records(entity, id), { ifMatch: version })
    },
    async restore(entity, id) {
      await ask('POST', records(entity, id, 'restore'))
    },
    async keepLocale(locale) {
      await ask('PATCH', '/api/me', { body: { locale } })
    },
    search: async (text, signal) =>
      (await ask<readonly SearchHit[]>('GET', `/api/search?q=${encodeURIComponent(text)}`, withSignal(signal))).data,
  }
}
