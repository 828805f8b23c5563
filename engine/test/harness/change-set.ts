/** Documents as tests of the studio write them, and the way of a change set: into the draft, then live. Each is sent as a caller would send it. */
import { expect } from 'vitest'
import type { Client } from './workspace.ts'

/** A metadata document, as far as its address goes. */
export interface Document {
  readonly kind: string
  readonly key: string
  readonly [member: string]: unknown
}

/** What may be done in the studio short of managing access. */
export const STUDIO = ['studio.read', 'studio.edit', 'studio.publish']

export const label = (en: string): { en: string } => ({ en })

/** An entity with exactly these fields, `name` its title among them. */
export const entity = (key: string, fields: readonly object[], rest: object = {}): Document => ({
  kind: 'entity',
  key,
  label: label(key),
  plural_label: label(`${key}s`),
  title_field: 'name',
  fields,
  ...rest,
})

export const profile = (key: string, entities: object): Document => ({ kind: 'access_profile', key, label: label(key), entities })

/** A role that sees people besides what its profiles show. */
export const role = (key: string, capabilities: readonly string[], profiles: readonly string[]): Document => ({
  kind: 'role',
  key,
  label: label(key),
  capabilities,
  access_profiles: ['core_directory', ...profiles],
})

/** What is told of documents that hold together and that somebody else has to publish. */
export const BEYOND: ReadonlySet<string> = new Set(['MODEL_ACCESS_NEEDED', 'MODEL_MORE_THAN_HELD', 'MODEL_OWN_ROLE'])

/** Puts documents into the draft over whatever stands there; fails where one does not hold together. */
export async function draft(client: Client, ...documents: readonly Document[]): Promise<void> {
  for (const document of documents) {
    const { headers } = await client('GET', `/api/studio/documents/${document.kind}/${document.key}`)
    const etag = headers['etag'] === undefined ? '"0"' : String(headers['etag'])
    const saved = await client<{ problems: { code: string }[] }>('PUT', `/api/studio/draft/${document.kind}/${document.key}`, document, {
      'if-match': etag,
    })
    expect(saved.data?.problems.filter(({ code }) => !BEYOND.has(code)) ?? saved.problem).toEqual([])
  }
}

export const publish = (client: Client): ReturnType<Client> => client('POST', '/api/studio/draft/publish', { note: 'A test' })
