/**
 * Plans of questions that the same caller asks again: a list that is open in the app, a record by id. A plan is made of nothing but the
 * question, the caller, his tenant's model and tree of units; all of these are compared by identity, so whatever changes one of them ends
 * the plan. What depends on the moment is never kept. Decides nothing.
 */
import type { Caller } from '../kernel/context.ts'
import type { RecordContext } from './types.ts'

/** Plans kept per process, 12 kB each: as many as a hundred people ask within two minutes. The one unused for longest goes. */
const KEPT = 2_500
/** A plan used this short a while ago makes no room for a new one: where more questions go round than are kept, none would be found again. */
const STAYS_MS = 10_000
/** A plan holds the model that it was made of, 1.2 MB where a tenant has its own: what was not asked for so long goes, and with it models that were published over. */
const UNUSED_MS = 120_000
/** A longer question is seldom asked twice. */
const LONGEST = 2_000

/** Questions that were asked once are remembered as such, the latest of them: a plan is kept from the second time on. */
const REMEMBERED = 10_000

interface Kept {
  readonly model: unknown
  readonly building: unknown
  readonly within: unknown
  readonly made: unknown
  usedAt: number
}

const kept = new Map<string, Kept>()
/** Their marks, for texts would be 20 MB and more. */
const askedOnce = new Set<number>()
const numbers = new WeakMap<Caller, number>()
let callers = 0

/** A plan and whether it is the same at any moment. */
export interface Planned<T> {
  readonly made: T
  readonly lasting: boolean
}

/** What was made for this question before, or is made now. A traced request goes the whole way. */
export function keptPlan<T>(
  ctx: RecordContext,
  kind: 'list' | 'one' | 'aggregate',
  entityKey: string,
  input: unknown,
  make: () => Planned<T>,
): T {
  if (ctx.stations.trace !== undefined) return make().made
  const question = JSON.stringify(input) as string | undefined
  if (question === undefined || question.length > LONGEST) return make().made
  const key = `${kind} ${numberOf(ctx.caller)} ${entityKey} ${question}`
  const known = kept.get(key)
  if (known !== undefined && known.model === ctx.model && known.building === ctx.building && known.within === ctx.within) {
    kept.delete(key)
    kept.set(key, known)
    known.usedAt = ctx.now.getTime()
    return known.made as T
  }
  const now = ctx.now.getTime()
  const { made, lasting } = make()
  if (lasting && (known !== undefined || (isAskedAgain(key) && hasRoom(now)))) {
    kept.delete(key)
    kept.set(key, { model: ctx.model, building: ctx.building, within: ctx.within, made, usedAt: now })
  }
  forgetUnused(now)
  return made
}

/** Many a question is asked once and never again, by that person or by anybody of his tenant that day. */
function isAskedAgain(key: string): boolean {
  const mark = markOf(key)
  const isAgain = askedOnce.delete(mark)
  askedOnce.add(mark)
  for (const oldest of askedOnce) {
    if (askedOnce.size <= REMEMBERED) break
    askedOnce.delete(oldest)
  }
  return isAgain
}

/** A number for a question. Of two that have the same one is kept the first time that it is asked, and nothing else comes of it. */
function markOf(key: string): number {
  let mark = 0
  for (let at = 0; at < key.length; at += 1) mark = (Math.imul(mark, 31) + key.charCodeAt(at)) | 0
  return mark
}

/** Whether there is room for a plan, or the one unused for longest may go for it. */
function hasRoom(now: number): boolean {
  const oldest = kept.size < KEPT ? undefined : kept.values().next().value
  return oldest === undefined || now - oldest.usedAt > STAYS_MS
}

/** Those unused for longest stand first. */
function forgetUnused(now: number): void {
  for (const [key, { usedAt }] of kept) {
    if (kept.size <= KEPT && now - usedAt <= UNUSED_MS) return
    kept.delete(key)
  }
}

/** A caller is the same object for as long as his standing is the same. */
function numberOf(caller: Caller): number {
  const known = numbers.get(caller)
  if (known !== undefined) return known
  callers += 1
  numbers.set(caller, callers)
  return callers
}
