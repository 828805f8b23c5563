/** What belongs to users (sessions, keys) is listed of those users whom the caller sees: a list must not tell of people who do not exist for him. */
import type { ModelContext } from '../model/types.ts'
import type { PeopleRecords } from './types.ts'

interface OfUser {
  readonly id: string
  readonly user_id: string
}

/** Rows looked at in one go: more than a page, for most of them may be of others. */
const AT_ONCE = 200
/** Rounds of one page; what is beyond is the next page's, and this one may be short or empty. */
const MOST_ROUNDS = 10

/** A page of what belongs to users in the caller's sight, himself among them. `read` gives rows after an id, in the order of the list. */
export async function pageInSight<T extends OfUser>(
  people: PeopleRecords,
  ctx: ModelContext,
  page: { readonly limit: number; readonly after: string | null },
  read: (after: string | null, limit: number) => Promise<readonly T[]>,
): Promise<{ rows: T[]; next: string | null }> {
  const rows: T[] = []
  let { after } = page
  let isMore = true
  for (let round = 0; isMore && rows.length <= page.limit && round < MOST_ROUNDS; round++) {
    const found = await read(after, AT_ONCE)
    const others = [...new Set(found.map(row => row.user_id))].filter(id => id !== ctx.caller.userId)
    const seen = others.length === 0 ? new Set<string>() : await people.seen(ctx, others)
    rows.push(...found.filter(row => row.user_id === ctx.caller.userId || seen.has(row.user_id)))
    after = found.at(-1)?.id ?? null
    isMore = found.length === AT_ONCE
  }
  const shown = rows.slice(0, page.limit)
  if (rows.length > page.limit) return { rows: shown, next: shown.at(-1)?.id ?? null }
  return { rows: shown, next: isMore ? after : null }
}
