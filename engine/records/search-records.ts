/** Answers hits of one search over several entities, each by the stations of a list. An entity where nothing can be searched has no hits. */
import { decideAccess, grantOver } from '../access/index.ts'
import type { Grant } from '../access/types.ts'
import { at } from '../kernel/context.ts'
import { bindingOf, planRead } from '../plan/index.ts'
import { titleFieldOf } from '../shape/index.ts'
import { parseQuery, searchableFields } from '../validate/index.ts'
import { askerOf } from './asker.ts'
import { runPage } from './run-page.ts'
import type { RecordContext } from './types.ts'

/** What is looked for, where (everywhere if nothing is named), and how many hits of each entity. */
export interface SearchInput {
  readonly q: string
  readonly entities?: readonly string[]
  readonly limit?: number
}

/** A record that was found, by the field its reader knows it by. */
export interface SearchHit {
  readonly entity: string
  readonly id: string
  readonly title: string | null
}

const USUAL_HITS = 5
/** Entities searched at the same time: a search must not take every connection. */
const AT_ONCE = 3

/** Hits of every entity the caller may search, newest first, in the order of the model. Errors: NOT_FOUND, VALIDATE_*, PLAN_*, SQL_*. */
export async function searchRecords(ctx: RecordContext, { q, entities, limit = USUAL_HITS }: SearchInput): Promise<SearchHit[]> {
  const grants = at(ctx.stations, 'access', 'decideAccess', { entities }, () =>
    entities === undefined ? everything(ctx) : [...new Set(entities)].map(key => decideAccess(ctx, key, 'read')),
  )
  const searches = grants.map(grant => () => searchOne(ctx, grant, q, Math.min(limit, grant.caps.maxPageSize)))
  return (await inTurns(searches, AT_ONCE)).flat()
}

function everything(ctx: RecordContext): Grant[] {
  const grants = [...ctx.model.entities.keys()].flatMap(key => grantOver(ctx.model, ctx.caller.profiles, key) ?? [])
  return grants.filter(grant => searchableFields(ctx, grant).length > 0)
}

async function searchOne(ctx: RecordContext, grant: Grant, search: string, limit: number): Promise<SearchHit[]> {
  const titleKey = titleFieldOf(grant)
  const query = at(ctx.stations, 'validate', 'parseQuery', search, () =>
    parseQuery(ctx, grant, { select: [titleKey], search, limit }, askerOf(ctx), ctx.cursors),
  )
  const plan = at(ctx.stations, 'plan', 'planRead', query, () => planRead(ctx.model, grant, query, bindingOf(ctx)))
  const page = await runPage(ctx, plan, () => '')
  const rows = JSON.parse(page.dataText) as Readonly<Record<string, unknown>>[]
  return rows.map(row => ({ entity: grant.entity.key, id: String(row['id']), title: titleOf(grant, titleKey, row[titleKey]) }))
}

function titleOf(grant: Grant, key: string, value: unknown): string | null {
  const field = grant.entity.fields.get(key)
  if (field === undefined || key === 'id' || value === undefined || value === null) return null
  return typeof value === 'string' ? value : field.type.formatCell(value, field.definition, { locale: 'en', timeZone: 'UTC' })
}

/** Runs tasks, so many at a time; results in the order of the tasks. */
async function inTurns<T>(tasks: readonly (() => Promise<T>)[], width: number): Promise<T[]> {
  const results: T[] = []
  let next = 0
  const run = async (): Promise<void> => {
    for (let task = tasks[next]; task !== undefined; task = tasks[next]) {
      const place = next
      next += 1
      results[place] = await task()
    }
  }
  await Promise.all(Array.from({ length: width }, run))
  return results
}
