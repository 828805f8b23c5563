/**
 * Renders writes of records: one statement per kind of change, set-based, the rows as one JSON parameter (storage rule 8).
 * Slots are expressions of the new data; text keys, which only the engine can fold fast, come beside it.
 */
import { perObject } from '../kernel/per-object.ts'
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import type { Statement } from '../platform/types.ts'
import { slotSqlOf } from './field-sql.ts'
import { literal, number, SqlText } from './sql-text.ts'

/** One record as it is to be stored: `data` by field number, `keys` the engine-made slot keys by column. */
export interface StoredRow {
  readonly id: string
  readonly version: number
  readonly created_at: string
  readonly created_by: string | null
  readonly updated_at: string
  readonly updated_by: string | null
  readonly owner_id: string | null
  readonly org_unit_id: string | null
  readonly data: Readonly<Record<string, unknown>>
  readonly keys: Readonly<Record<string, string>>
  /** For updates: the rollups by field number that the new values were computed and judged with. */
  readonly seen?: Readonly<Record<string, unknown>>
}

const ROW =
  'x(id uuid, version int, created_at timestamptz, created_by uuid, updated_at timestamptz, updated_by uuid, owner_id uuid, org_unit_id uuid, data jsonb, keys jsonb, seen jsonb)'

/** Inserts records and the minute each was written in; answers nothing. Its plan can't depend on values. */
export function renderInsert(tenantId: string, entity: CompiledEntity, rows: readonly StoredRow[]): Statement {
  return { name: 'insert', text: insertText(entity), values: [tenantId, JSON.stringify(rows)] }
}

// Texts are the same for everybody: put together once per entity, they are found by themselves among those a connection has prepared.
const TENANT = '$1::uuid'
const ROWS = `jsonb_to_recordset($2::jsonb) as ${ROW}`
const COLUMNS = ['id', 'version', 'created_at', 'created_by', 'updated_at', 'updated_by', 'owner_id', 'org_unit_id']

const insertText = perObject((entity: CompiledEntity): string => {
  const slots = slotFields(entity)
  const columns = ['tenant_id', 'entity_no', ...COLUMNS, ...slots.map(each => each.column), 'data']
  const values = [TENANT, number(entity.no), ...COLUMNS.map(column => `x.${column}`), ...slots.map(slotValue), 'x.data']
  const written = `insert into nexus.record (${columns.join(', ')}) select ${values.join(', ')} from ${ROWS} returning id, updated_at`
  return `with w as (${written}) ${recentRows(TENANT, entity)}`
})

/**
 * Updates live records that still stand at the version they were read at; answers the ids it found so. Rollups move without a version:
 * a record whose rollups are not those that were read is left alone, or the update would put the old ones back. Slots outside of `touched`
 * hold what they held; in the minute of the change before, that minute is noted already.
 */
export function renderUpdate(
  tenantId: string,
  entity: CompiledEntity,
  rows: readonly StoredRow[],
  touched: ReadonlySet<string> | null = null,
  isSameMinute = false,
): Statement {
  const text = updateTextOf(entity, touched, isSameMinute, false)
  return { name: 'update', text, values: [tenantId, JSON.stringify(rows)] }
}

/** The SQLSTATE of an insisted update that did not find its record as it was read. */
export const STATE_OF_MOVED_RECORD = 'P0N02'

/** The same for one record, as a statement that fails, with `STATE_OF_MOVED_RECORD`, where the record does not stand as it was read. */
export function renderInsistedUpdate(
  tenantId: string,
  entity: CompiledEntity,
  row: StoredRow,
  touched: ReadonlySet<string> | null,
  isSameMinute: boolean,
): Statement {
  return { name: 'insisted_update', text: updateTextOf(entity, touched, isSameMinute, true), values: [tenantId, JSON.stringify([row])] }
}

function updateTextOf(entity: CompiledEntity, touched: ReadonlySet<string> | null, isSameMinute: boolean, insists: boolean): string {
  const key = `${touched === null ? '*' : [...touched].sort().join(' ')}${isSameMinute ? ' -' : ''}${insists ? ' !' : ''}`
  const texts = updateTexts(entity)
  const text = texts.get(key) ?? updateText(entity, touched, isSameMinute, insists)
  texts.set(key, text)
  return text
}

const updateTexts = perObject((_: CompiledEntity) => new Map<string, string>())

function updateText(entity: CompiledEntity, touched: ReadonlySet<string> | null, isSameMinute: boolean, insists: boolean): string {
  const sets = [
    'version = r.version + 1',
    'updated_at = x.updated_at',
    'updated_by = x.updated_by',
    'owner_id = x.owner_id',
    'org_unit_id = x.org_unit_id',
    ...slotSets(entity, touched),
    'data = x.data',
  ]
  const rollups = rollupNumbers(entity)
    .map(no => ` and r.data->${literal(no)} is not distinct from x.seen->${literal(no)}`)
    .join('')
  const written = `update nexus.record r set ${sets.join(', ')} from ${ROWS} where ${atVersion(TENANT, entity)} and r.deleted_at is null${rollups} returning r.id, r.updated_at`
  const noted = isSameMinute ? '' : `, m as (${recentRows(TENANT, entity)})`
  const told = insists ? `nexus.insist(count(*) = 1, '${STATE_OF_MOVED_RECORD}')` : 'id'
  return `with w as (${written})${noted} select ${told} from w`
}

/** Numbers of the fields that other records' changes move. */
export const rollupNumbers = perObject((entity: CompiledEntity): readonly string[] =>
  [...entity.fields.values()].flatMap(field => (field.derivation?.kind === 'rollup' && field.no !== null ? [field.no] : [])),
)

/** Stores derived values of locked records: neither version nor time of change moves. */
export function renderDerivedUpdate(
  tenantId: string,
  entity: CompiledEntity,
  rows: readonly Pick<StoredRow, 'id' | 'data' | 'keys'>[],
  touched: ReadonlySet<string> | null = null,
): Statement {
  const sql = new SqlText(tenantId)
  const sets = [...slotSets(entity, touched), 'data = x.data']
  return sql.named(
    'derive',
    `update nexus.record r set ${sets.join(', ')} from jsonb_to_recordset(${sql.bind(JSON.stringify(rows), 'jsonb')}) as ${ROW} where r.tenant_id = ${sql.tenant} and r.entity_no = ${number(entity.no)} and r.id = x.id`,
  )
}

/** Fills slots from what the records' data say now: after a publish, when writers fill them already. */
export function renderSlotFill(
  tenantId: string,
  entity: CompiledEntity,
  fields: readonly CompiledField[],
  ids: readonly string[],
): Statement {
  const sql = new SqlText(tenantId)
  const sets = fields.flatMap(field => (field.storage.kind === 'slot' ? [`${field.storage.column} = ${slotSqlOf(field, 'r.data')}`] : []))
  return sql.statement(
    `update nexus.record r set ${sets.join(', ')} where r.tenant_id = ${sql.tenant} and r.entity_no = ${number(entity.no)} and r.id = any(${sql.bind(ids, 'uuid[]')})`,
  )
}

/** Moves records into the trash or out of it. */
export function renderTrash(
  tenantId: string,
  entity: CompiledEntity,
  rows: readonly { readonly id: string; readonly version: number }[],
  change: { readonly deletedAt: string | null; readonly at: string; readonly by: string },
): Statement {
  const sql = new SqlText(tenantId)
  const state = change.deletedAt === null ? 'r.deleted_at is not null' : 'r.deleted_at is null'
  const written =
    `update nexus.record r set version = r.version + 1, deleted_at = ${sql.bind(change.deletedAt, 'timestamptz')}, updated_at = ${sql.bind(change.at, 'timestamptz')}, updated_by = ${sql.bind(change.by, 'uuid')} ` +
    `from jsonb_to_recordset(${sql.bind(JSON.stringify(rows), 'jsonb')}) as x(id uuid, version int) where ${atVersion(sql.tenant, entity)} and ${state} returning r.id, r.updated_at`
  return sql.statement(`with w as (${written}), m as (${recentRows(sql.tenant, entity)}) select id from w`)
}

/** Locks records, in id order, and tells which of them are live. */
export function renderLock(
  tenantId: string,
  entity: CompiledEntity,
  ids: readonly string[],
  strength: 'update' | 'no key update' | 'key share',
): Statement {
  const sql = new SqlText(tenantId)
  return sql.named(
    'lock',
    `select r.id, r.version, r.deleted_at is null as live from nexus.record r where r.tenant_id = ${sql.tenant} and r.entity_no = ${number(entity.no)} and r.id = any(${sql.bind(ids, 'uuid[]')}) order by r.id for ${strength}`,
  )
}

/**
 * Keeps the minute of each record's last change: a list by time of change walks these rows, so that the time itself stands in no index of
 * `record` and updates stay short. Written again only when the minute is another.
 */
function recentRows(tenant: string, entity: CompiledEntity): string {
  return `insert into nexus.record_recent as recent (tenant_id, entity_no, id, updated_at) select ${tenant}, ${number(entity.no)}, w.id, date_bin('1 minute', w.updated_at, '2000-01-01T00:00:00Z') from w on conflict (tenant_id, entity_no, id) do update set updated_at = excluded.updated_at where recent.updated_at <> excluded.updated_at`
}

/** The slots of an entity and the fields that fill them. */
export const slotFields = perObject(
  (entity: CompiledEntity): readonly { readonly column: string; readonly field: CompiledField; readonly key: boolean }[] =>
    [...entity.fields.values()].flatMap(field =>
      field.storage.kind === 'slot' && field.derivation?.kind !== 'base'
        ? [{ column: field.storage.column, field, key: field.type.slotKey !== undefined }]
        : [],
    ),
)

/** Each slot that is set costs a change of one field as much as the rest of it; what is being filled is written whatever happens. */
function slotSets(entity: CompiledEntity, touched: ReadonlySet<string> | null): string[] {
  return slotFields(entity)
    .filter(({ column, field }) => touched === null || touched.has(column) || field.building === true)
    .map(each => `${each.column} = ${slotValue(each)}`)
}

function slotValue(slot: { column: string; field: CompiledField; key: boolean }): string {
  return slot.key ? `x.keys->>'${slot.column}'` : slotSqlOf(slot.field, 'x.data')
}

function atVersion(tenant: string, entity: CompiledEntity): string {
  return `r.tenant_id = ${tenant} and r.entity_no = ${number(entity.no)} and r.id = x.id and r.version = x.version`
}
