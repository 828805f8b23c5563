/** The client as it is handed out to programs: one file of JavaScript and one of its types, as they are built into this version. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isKnownTag } from './headers.ts'
import type { Answer, DoorRequest } from './route.ts'

const FOLDER = join(import.meta.dirname, '../../metadata/generated')

/** A handler that answers one of the files; it says nothing of any tenant, so whoever is on the way may keep it for an hour. */
export function clientFile(name: 'client.js' | 'client.d.ts', type: string): (door: DoorRequest) => Promise<Answer> {
  const body = readFileSync(join(FOLDER, name), 'utf8')
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 32)}"`
  const headers = { etag, 'cache-control': 'public, max-age=3600' }
  return async door => {
    const known = door.headers['if-none-match']
    if (typeof known === 'string' && isKnownTag(known, etag)) return { status: 304, empty: true, headers }
    return { text: { type, body }, headers }
  }
}
