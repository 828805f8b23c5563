/**
 * The read road over documents of a test's own: compiles them, stores records as they are, answers lists as a caller of chosen profiles.
 * Records go in without the checks of a write, with the rows beside them that a write would have made; what comes out is the real road.
 */
import { join } from 'node:path'
import { checkLayers } from '../../../metadata/check-layers.ts'
import type { Entity, MetadataDocument } from '../../../metadata/generated/types.ts'
import type { Caller } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'
import { languageTools } from '../../kernel/schema.ts'
import { compileModel, emptyBook, extendNumbers, OVERLAY_BASE, readPackFolder } from '../../model/index.ts'
import type { CompiledEntity, CompiledModel, NumberBook } from '../../model/types.ts'
import { createDatabase } from '../../platform/postgres.ts'
import type { Database, TenantConnection } from '../../platform/types.ts'
import { isStored, linkFields, slotKeys } from '../../records/record-state.ts'
import { linkRows, searchFields, searchRows, valueFields, valueRows } from '../../records/satellite-rows.ts'
import { listRecords } from '../../records/list-records.ts'
import type { RecordContext, Values } from '../../records/types.ts'
import { renderInsert, satellites, type StoredRow, type ValueRow } from '../../sql/index.ts'
import { createCursorBox } from '../../validate/index.ts'
import { afterAll } from 'vitest'
import { root } from '../source-files.ts'
import { freshDatabase } from './database.ts'

/** Compiles documents; `slots: false` numbers them as if every slot were taken, so that all is compared in `data`. */
export function compileDocuments(documents: readonly MetadataDocument[], { slots = true } = {}): CompiledModel {
  const entities = documents.filter((each): each is Entity => each.kind === 'entity')
  const { book, problems } = extendNumbers(entities, [], emptyBook(OVERLAY_BASE), '2025-01-01T00:00:00.000Z')
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  const compiled = compileModel(documents, [slots ? book : withoutSlots(book)])
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  return compiled.model
}

function withoutSlots(book: NumberBook): NumberBook {
  const entities = Object.entries(book.entities).map(([key, numbers]) => {
    const fields = Object.entries(numbers.fields).map(([field, each]) => [field, { ...each, slot: null }] as const)
    return [key, { ...numbers, fields: Object.fromEntries(fields) }] as const
  })
  return { ...book, entities: Object.fromEntries(entities) }
}

/** The packs as they are shipped, with the numbers they keep; `more` are a tenant's own profiles. */
export function salesModel(more: readonly MetadataDocument[] = []): CompiledModel {
  const packs = ['core', 'sales'].map(key => readPackFolder(join(root, 'seeds'), key))
  const { documents } = checkLayers(
    packs.map(pack => ({ name: pack.key, documents: pack.documents })),
    languageTools,
  )
  const compiled = compileModel(
    [...documents.map(each => each.document), ...more],
    packs.flatMap(pack => pack.lock ?? []),
  )
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  return compiled.model
}

/** A record as a test writes it down: values by key, system columns among them. */
export type TestRecord = Values & { readonly id: string }

export interface ReadRoad {
  readonly database: Database
  /** A connection of the superuser's, for what the engine's role may not do. */
  readonly adminUrl: string
  /** Stores records of one entity with their slots, links, single values, tree rows and search rows. */
  store(tenantId: string, model: CompiledModel, entityKey: string, records: readonly TestRecord[]): Promise<void>
  /** A request of a caller who holds the profiles. */
  context(model: CompiledModel, caller: CallerLike): RecordContext
  /** A page as the caller gets it, parsed. */
  list(ctx: RecordContext, entityKey: string, query: unknown): Promise<ListAnswer>
}

export interface CallerLike {
  readonly tenantId: string
  readonly profiles?: readonly string[]
  readonly userId?: string
  readonly orgUnitId?: string | null
  /** Fields of the caller's own user record, by key. */
  readonly user?: Values
  /** Units and those below them, for `within`; a unit alone where nothing is said. */
  readonly units?: Readonly<Record<string, readonly string[]>>
  readonly now?: Date
  readonly timeZone?: string
  readonly building?: ReadonlySet<string>
}

export interface ListAnswer {
  readonly data: readonly Readonly<Record<string, unknown>>[]
  readonly page: {
    readonly next: string | null
    readonly count?: number
    readonly count_kind?: string
    readonly partial?: readonly string[]
    readonly nulls_omitted?: number
  }
}

/** Opens a database of the file's own. */
export async function openReadRoad(): Promise<ReadRoad> {
  const { url, adminUrl } = await freshDatabase()
  const database = createDatabase({ url })
  afterAll(() => database.close())
  const cursors = createCursorBox('secret-of-the-test-harness-0123456789')
  return {
    database,
    adminUrl,
    store: (tenantId, model, entityKey, records) =>
      database.writeAs(tenantId, async connection => {
        await haveTenant(connection)
        await storeRecords(connection, requireEntity(model, entityKey), records)
      }),
    context: (model, like) => {
      const now = like.now ?? new Date('2025-06-18T09:30:00.000Z')
      const byKey = model.entities.get('user')?.fields
      const userData = Object.fromEntries(Object.entries(like.user ?? {}).flatMap(([key, value]) => [[byKey?.get(key)?.no ?? key, value]]))
      return {
        traceId: '0'.repeat(32),
        traceparent: '',
        route: 'test',
        ip: '198.51.100.1',
        now,
        causationId: null,
        stations: { ms: {} },
        caller: callerOf(like, userData),
        model,
        revision: 1,
        building: like.building ?? new Set(),
        within: id => like.units?.[id] ?? [id],
        db: database,
        cursors,
      }
    },
    list: async (ctx, entityKey, query) => {
      await database.writeAs(ctx.caller.tenant.id, haveTenant)
      const { dataText, page } = await listRecords(ctx, entityKey, query)
      return { data: JSON.parse(dataText) as ListAnswer['data'], page }
    },
  }
}

/** A caller who holds the profiles. */
export function callerOf(like: CallerLike, userData: Caller['userData']): Caller {
  const timeZone = like.timeZone ?? 'Europe/Kyiv'
  return {
    tenant: { id: like.tenantId, key: 'test', name: 'Test', locale: 'en', currency: 'EUR', timeZone, weekStart: 1 },
    userId: like.userId ?? newId(),
    sessionId: null,
    apiKeyId: null,
    actor: 'employee',
    email: 'a@b.test',
    name: 'A',
    roles: [],
    profiles: [...(like.profiles ?? [])].sort(),
    capabilities: new Set(),
    locale: 'en',
    timeZone,
    orgUnitId: like.orgUnitId ?? null,
    userData,
    epochs: { revision: 1, tenant: 1, user: 1 },
  }
}

/** Whatever is read says the revision it was read under: the tenant's, which is that of every caller here. */
async function haveTenant(connection: TenantConnection): Promise<void> {
  await connection.execute({
    text: `insert into nexus.tenant (id, key, name, locale, currency, time_zone, packs, revision, key_salt, created_at)
      values ($1::uuid, 't' || replace($1::text, '-', ''), 'Test', 'en', 'EUR', 'Europe/Kyiv', '[]', 1, '', now()) on conflict do nothing`,
    values: [connection.tenantId],
  })
}

async function storeRecords(connection: TenantConnection, entity: CompiledEntity, records: readonly TestRecord[]): Promise<void> {
  if (records.length === 0) return
  const { tenantId } = connection
  const whole = records.map(record => withBaseAmounts(entity, record))
  await connection.execute(
    renderInsert(
      tenantId,
      entity,
      whole.map(record => storedRow(entity, record)),
    ),
  )
  const deleted = records.filter(record => typeof record['deleted_at'] === 'string').map(record => record.id)
  if (deleted.length > 0) {
    await connection.execute({
      text: 'update nexus.record set deleted_at = now() where tenant_id = $1 and entity_no = $2 and id = any($3::uuid[])',
      values: [tenantId, entity.no, deleted],
    })
  }
  const links = linkFields(entity).flatMap(({ field, relationNo }) =>
    whole.flatMap(record => linkRows(field, relationNo, record.id, record)),
  )
  if (links.length > 0) await connection.execute(satellites.renderAddLinks(tenantId, links))
  const values = [...whole.flatMap(record => valueRows(entity, valueFields(entity), record.id, record)), ...treeRows(entity, whole)]
  if (values.length > 0) await connection.execute(satellites.renderAddValues(tenantId, values))
  const texts = whole
    .filter(record => !deleted.includes(record.id))
    .flatMap(record => searchRows(tenantId, entity, searchFields(entity), record.id, record))
  if (texts.length > 0) await connection.execute(satellites.renderAddSearch(tenantId, texts))
}

/** Amounts of the tests are in the tenant's currency unless they say otherwise. */
function withBaseAmounts(entity: CompiledEntity, record: TestRecord): TestRecord {
  const amounts = [...entity.fields.values()].flatMap(field =>
    field.derivation?.kind === 'base' && record[field.key] === undefined && record[field.derivation.of] != null
      ? [[field.key, record[field.derivation.of]] as const]
      : [],
  )
  return { ...record, ...Object.fromEntries(amounts) }
}

function storedRow(entity: CompiledEntity, record: TestRecord): StoredRow {
  const data: Record<string, unknown> = {}
  for (const [no, field] of entity.fieldsByNo) {
    const value = record[field.key]
    if (value !== undefined && value !== null && isStored(field)) data[no] = value
  }
  const text = (key: string): string | null => (typeof record[key] === 'string' ? record[key] : null)
  const made = text('created_at') ?? '2025-01-01T00:00:00.000Z'
  return {
    id: record.id,
    version: typeof record['version'] === 'number' ? record['version'] : 1,
    created_at: made,
    created_by: text('created_by'),
    updated_at: text('updated_at') ?? made,
    updated_by: text('updated_by'),
    owner_id: text('owner_id'),
    org_unit_id: text('org_unit_id'),
    data,
    keys: slotKeys(entity, record),
  }
}

/** Every node of a tree is below itself and below whatever is above it. */
function treeRows(entity: CompiledEntity, records: readonly TestRecord[]): ValueRow[] {
  const parent = entity.parentField === null ? undefined : entity.fields.get(entity.parentField)
  if (parent === undefined) return []
  const above = new Map(records.map(record => [record.id, record[parent.key]]))
  return records.flatMap(record => {
    const ancestors: string[] = []
    for (let at: unknown = record.id; typeof at === 'string'; at = above.get(at)) ancestors.push(at)
    return ancestors.map(value => ({ entity_no: entity.no, field_no: Number(parent.no), value, id: record.id }))
  })
}

/** The entity of a key. */
export function requireEntity(model: CompiledModel, key: string): CompiledEntity {
  const entity = model.entities.get(key)
  if (entity === undefined) throw new Error(`The model has no entity ${key}.`)
  return entity
}
