/** An engine for the gallery that answers from memory: names of references, columns of boards. Nothing of it is in the app. */
import { createClient } from '../api/client.ts'
import type { Engine } from '../api/context.ts'
import type { RecordData } from '../api/model.ts'
import { galleryDeals, galleryTitles } from './records.ts'

interface Asked {
  readonly where?: { readonly [field: string]: { readonly in?: unknown[]; readonly contains?: string; readonly eq?: string } }
}

function titles(entity: string, ids: readonly unknown[] | null, text: string): RecordData[] {
  return [...(galleryTitles[entity] ?? [])]
    .filter(([id, name]) => (ids === null || ids.includes(id)) && name.toLowerCase().includes(text.toLowerCase()))
    .map(([id, name]) => ({ id, version: 1, name }))
}

function recordsOf(entity: string, { where = {} }: Asked): readonly RecordData[] {
  if (entity !== 'deal') return titles(entity, where['id']?.in ?? null, where['name']?.contains ?? '')
  return galleryDeals.filter(deal => deal['stage'] === where['stage']?.eq)
}

function hitsOf(text: string): object[] {
  return galleryDeals
    .filter(deal => String(deal['name']).toLowerCase().includes(text.toLowerCase()))
    .map(deal => ({ entity: 'deal', id: deal.id, title: String(deal['name']) }))
}

const answer: typeof fetch = async (input, init) => {
  const { pathname, searchParams } = new URL(String(input), 'http://gallery')
  const [, entity] = /^\/api\/records\/(\w+)\/query$/.exec(pathname) ?? []
  if (entity !== undefined) return Response.json({ data: recordsOf(entity, JSON.parse(String(init?.body)) as Asked), page: { next: null } })
  if (pathname === '/api/search') return Response.json({ data: hitsOf(searchParams.get('q') ?? '') })
  if (pathname === '/api/me') return new Response(null, { status: 204 })
  return Response.json({ type: '', title: 'Not in the gallery', status: 404, code: 'NOT_FOUND' }, { status: 404 })
}

/** The engine of the gallery. */
export const galleryEngine: Engine = {
  client: createClient({ apiKey: 'gallery', fetch: answer }),
  session: {
    state: () => ({ phase: 'signed_out' }),
    subscribe: () => () => undefined,
    start: async () => undefined,
    signIn: async () => undefined,
    signOut: async () => undefined,
  },
}
