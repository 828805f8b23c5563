/** Station 5 of a record's history: how much of it, and from where on. */
import { createHash } from 'node:crypto'
import type { Grant } from '../access/types.ts'
import type { Lens } from './caller-scope.ts'
import { queryFailed, validateErrors } from './errors.ts'
import { capExceeded, plainProblem } from './name-problems.ts'
import type { Asker, CursorReader } from './parse-query.ts'

/** A page of history: entries below `before`, the instant row rules are asked at, and what a cursor of it is bound to. */
export interface HistoryQuery {
  readonly limit: number
  readonly before: number | null
  readonly now: string | null
  readonly binding: string
}

/** Parses `limit` and `after`. Throws `VALIDATE_QUERY_FAILED` or `VALIDATE_CURSOR`. */
export function parseHistory(
  lens: Lens,
  grant: Grant,
  id: string,
  input: { readonly limit?: number; readonly after?: string },
  asker: Asker,
  cursors: CursorReader,
): HistoryQuery {
  const most = grant.caps.maxPageSize
  const limit = input.limit ?? Math.min(50, most)
  if (limit > most) throw queryFailed([capExceeded('max_page_size', most, '/limit')])
  const binding = createHash('sha256')
    .update(JSON.stringify(['history', asker, grant.entity.key, id, lens.model.fingerprint]))
    .digest('base64url')
  if (input.after === undefined) return { limit, before: null, now: null, binding }
  const position = cursors.open(input.after, binding)
  const before = Number(position?.keys[0])
  if (position === null || !Number.isSafeInteger(before))
    throw validateErrors.CURSOR(
      {},
      { errors: [plainProblem('/after', 'VALIDATE_CURSOR', 'The cursor is not valid for this query any more.')] },
    )
  return { limit, before, now: position.now, binding }
}
