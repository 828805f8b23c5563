/** People and org units as identity needs them: through the records door, as the caller who asks. */
import { grantOver } from '../access/index.ts'
import type { PeopleRecords, Person } from '../identity/index.ts'
import type { ModelContext } from '../model/index.ts'
import type { Database } from '../platform/index.ts'
import { oneByOne } from '../records/create-record.ts'
import { commitChanges, listRecords, prepareOne, readRecord, type RecordContext } from '../records/index.ts'
import type { CursorBox } from '../validate/index.ts'

/** Fields of a person, those of them that the caller may see. */
const FIELDS = ['name', 'email', 'actor', 'org_unit_id'] as const

/** The records door for identity. */
export function peopleRecords(parts: { readonly database: Database; readonly cursors: CursorBox }): PeopleRecords {
  const contextOf = (ctx: ModelContext): RecordContext => ({ ...ctx, db: parts.database, cursors: parts.cursors })
  return {
    async list(ctx, page) {
      const found = await listRecords(contextOf(ctx), 'user', {
        select: selectable(ctx),
        limit: page.limit,
        ...(page.after === null ? {} : { after: page.after }),
      })
      return { people: (JSON.parse(found.dataText) as Record<string, unknown>[]).map(personOf), next: found.page.next }
    },
    find: async (ctx, userId) =>
      personOf(
        JSON.parse((await readRecord(contextOf(ctx), 'user', userId, { select: selectable(ctx) })).dataText) as Record<string, unknown>,
      ),
    async seen(ctx, userIds) {
      const grant = grantOver(ctx.model, ctx.caller.profiles, 'user')
      if (grant === null || !grant.operations.has('read')) return new Set()
      const most = grant.caps.maxPageSize
      const seen = new Set<string>()
      for (let from = 0; from < userIds.length; from += most) {
        const ids = userIds.slice(from, from + most)
        const { dataText } = await listRecords(contextOf(ctx), 'user', { select: ['id'], where: { id: { in: ids } }, limit: ids.length })
        for (const { id } of JSON.parse(dataText) as { id: string }[]) seen.add(id)
      }
      return seen
    },
    async prepareCreate(ctx, entity, id, values) {
      const full = contextOf(ctx)
      const change = await prepareOne(full, entity, { op: 'create', id, input: values, version: null, pointer: '' })
      return connection => oneByOne(() => commitChanges(connection, full, [change]))
    },
    async prepareUpdate(ctx, entity, id, values) {
      const full = contextOf(ctx)
      const { version } = await readRecord(full, entity, id, { select: ['version'] })
      const change = await prepareOne(full, entity, { op: 'update', id, input: values, version, pointer: '' })
      return connection => oneByOne(() => commitChanges(connection, full, [change]))
    },
  }
}

function selectable(ctx: ModelContext): string[] {
  const readable = new Set(
    ctx.caller.profiles.flatMap(key => [...(ctx.model.profiles.get(key)?.entities.get('user')?.fields.keys() ?? [])]),
  )
  return ['id', ...FIELDS.filter(key => readable.has(key))]
}

function personOf(values: Readonly<Record<string, unknown>>): Person {
  const text = (key: string): string | null => (typeof values[key] === 'string' ? values[key] : null)
  return { id: text('id') ?? '', name: text('name'), email: text('email'), actor: text('actor'), orgUnitId: text('org_unit_id') }
}
