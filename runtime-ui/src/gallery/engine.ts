/** An engine for the gallery that answers from memory: names of references, columns of boards. Nothing of it is in the app. */
import type { Client, RecordPage } from '../api/client.ts'
import type { Engine } from '../api/context.ts'
import type { RecordData } from '../api/model.ts'
import { Problem } from '../api/problem.ts'
import { galleryDeals, galleryTitles } from './records.ts'

const nothing = (): never => {
  throw new Problem({ type: '', title: 'Not in the gallery', status: 404, code: 'NOT_FOUND' })
}

function titles(entity: string, ids: readonly unknown[] | null, text: string): RecordData[] {
  return [...(galleryTitles[entity] ?? [])]
    .filter(([id, name]) => (ids === null || ids.includes(id)) && name.toLowerCase().includes(text.toLowerCase()))
    .map(([id, name]) => ({ id, version: 1, name }))
}

const client: Client = {
  model: async () => nothing(),
  form: async () => nothing(),
  query: async (entity, query): Promise<RecordPage> => {
    const where = (query.where ?? {}) as Record<string, { in?: unknown[]; contains?: string; eq?: string }>
    if (entity !== 'deal') return { data: titles(entity, where['id']?.in ?? null, where['name']?.contains ?? ''), page: { next: null } }
    return { data: galleryDeals.filter(deal => deal['stage'] === where['stage']?.eq), page: { next: null } }
  },
  aggregate: async () => nothing(),
  read: async () => nothing(),
  create: async () => nothing(),
  update: async () => nothing(),
  remove: async () => nothing(),
  restore: async () => nothing(),
  keepLocale: async () => undefined,
  search: async text =>
    galleryDeals
      .filter(deal => String(deal['name']).toLowerCase().includes(text.toLowerCase()))
      .map(deal => ({ entity: 'deal', id: deal.id, title: String(deal['name']) })),
}

/** The engine of the gallery. */
export const galleryEngine: Engine = {
  client,
  session: {
    state: () => ({ phase: 'signed_out' }),
    subscribe: () => () => undefined,
    start: async () => undefined,
    signIn: async () => undefined,
    signOut: async () => undefined,
    token: async () => '',
    refuse: () => undefined,
  },
}
