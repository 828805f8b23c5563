/** Answers a GET only if the client does not hold the same already: for the model and what is made from it. */
import { isKnownTag } from './headers.ts'
import type { Answer, DoorRequest } from './route.ts'

/** 304 where the client knows `etag`, else what `produce` gives; a cache may keep it for this caller and language and has to ask each time. */
export async function unlessKnown(door: DoorRequest, etag: string, produce: () => Promise<Answer>): Promise<Answer> {
  const headers = { etag, 'cache-control': 'private, no-cache', vary: 'authorization, accept-language' }
  const known = door.headers['if-none-match']
  if (typeof known === 'string' && isKnownTag(known, etag)) return { status: 304, empty: true, headers }
  const answer = await produce()
  return { ...answer, headers: { ...headers, ...answer.headers } }
}
