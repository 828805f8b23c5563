/**
 * The engine's client as the app uses it, and the routes that only the app asks for. Knows no React and no cache.
 */
import { type Client, Problem } from '../../../metadata/client/client.ts'
import type { FormAnswer, Model, RecordData } from './model.ts'

export {
  type Client,
  createClient,
  type Credentials,
  newKey,
  type Page,
  type PageInfo,
  Problem,
  type ProblemError,
  Unreachable,
} from '../../../metadata/client/client.ts'

/** Everything that exists for the caller. */
export async function readModel(client: Client, signal: AbortSignal): Promise<Model> {
  return (await client.request<Model>('GET', '/api/model', { signal })).data
}

/** What a form is made of. */
export async function readForm(client: Client, entity: string, mode: 'create' | 'edit' | 'view', signal: AbortSignal): Promise<FormAnswer> {
  return (await client.request<FormAnswer>('GET', `/api/model/${encodeURIComponent(entity)}/form?mode=${mode}`, { signal })).data
}

/**
 * Changes a record and answers how it is now, null where it left the caller's sight. Sent again where no answer came: a change is bound to the
 * version it was made from, so the second is refused if the first arrived, and whoever asked can see that it did.
 */
export async function changeRecord(
  client: Client,
  entity: string,
  { id, version }: RecordData,
  body: Readonly<Record<string, unknown>>,
): Promise<RecordData | null> {
  const path = `/api/records/${encodeURIComponent(entity)}/${encodeURIComponent(id)}`
  return (await client.request<RecordData | null>('PATCH', path, { body, ifMatch: version, repeatable: true })).data
}

/** The caller as `/api/me` tells it. */
export interface Me {
  readonly user: {
    readonly id: string
    readonly email: string
    readonly name?: string | null
    readonly locale?: string | null
    readonly time_zone?: string | null
  }
  readonly tenant: { readonly key: string; readonly name: string }
  readonly roles: readonly string[]
  readonly capabilities: readonly string[]
}

/** Asks who is signed in. */
export async function readMe(client: Client): Promise<Me> {
  return (await client.request<Me>('GET', '/api/me')).data
}

/** Keeps the caller's language, for what reaches him outside of the app. */
export async function keepLocale(client: Client, locale: string): Promise<void> {
  await client.request('PATCH', '/api/me', { body: { locale } })
}

/** What an entity that does not exist for the caller looks like: the same as a missing record. */
export const notFound = new Problem({ type: '/problems/not-found', title: 'Not found', status: 404, code: 'NOT_FOUND' })
