/** Station 8 of a read: the shares of a page → the answer. Knows no rights: what is here may be seen. */
import type { ReadPlan } from '../plan/types.ts'

/** One statement's share of a page. */
export interface Fetched {
  readonly text: string
  /** Rows found, at most one more than asked for. */
  readonly rows: number
  readonly lastId: string | null
  readonly lastKeys: readonly (string | null)[]
}

/** The page of a list, its records still JSON text. */
export interface Page {
  readonly dataText: string
  readonly page: {
    readonly next: string | null
    readonly count?: number
    readonly count_kind?: 'exact' | 'at_least'
    readonly partial?: readonly string[]
  }
}

/** Puts the shares of a page together. `seal` makes the cursor of the last row. */
export function shapePage(
  plan: ReadPlan,
  shares: readonly Fetched[],
  counted: number | null,
  seal: (last: { keys: readonly (string | null)[]; id: string }) => string,
): Page {
  const texts = shares.flatMap(share => (share.text === '' ? [] : [share.text]))
  const found = shares.reduce((sum, share) => sum + share.rows, 0)
  const last = shares.findLast(share => share.lastId !== null)
  const more = found > plan.limit
  const next = more && last?.lastId != null ? seal({ keys: last.lastKeys, id: last.lastId }) : null
  return {
    dataText: `[${texts.join(',')}]`,
    page: { next, ...countOf(plan, counted), ...(plan.partial.length === 0 ? {} : { partial: plan.partial }) },
  }
}

function countOf(plan: ReadPlan, counted: number | null): { count?: number; count_kind?: 'exact' | 'at_least' } {
  if (counted === null || plan.count.kind === 'none') return {}
  if (plan.count.kind === 'capped' && counted > plan.count.cap) return { count: plan.count.cap, count_kind: 'at_least' }
  return { count: counted, count_kind: 'exact' }
}
