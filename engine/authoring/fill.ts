/** Carries out passes of a plan on records: at once inside a publish, or some records at a time in the background. */
import { fieldTypeOf } from '../field-types/index.ts'
import type { CompiledEntity, CompiledModel } from '../model/index.ts'
import type { TenantConnection } from '../platform/index.ts'
import { fillRecords, type FieldWork, nextIds, type RecordContext, type Spending } from '../records/index.ts'
import type { FieldFill, FillPass } from './storage-changes.ts'

/** Records filled by one set of statements inside a publish. */
const AT_ONCE = 1_000
/** No tree is deeper (see the records room); a walk that goes further is a circle. */
const DEEPEST = 33

/** A pass in terms of a model; fields that the model no longer has are nobody's work any more. */
export function workOf(
  model: CompiledModel,
  pass: Pick<FillPass, 'entityNo' | 'fields'>,
): { entity: CompiledEntity; work: FieldWork[] } | null {
  const entity = model.entitiesByNo.get(pass.entityNo)
  const work = pass.fields.flatMap((fill): FieldWork[] => {
    const field = entity?.fieldsByNo.get(String(fill.no))
    return field === undefined ? [] : [{ ...fill, field, from: formerOf(fill) }]
  })
  return entity === undefined || work.length === 0 ? null : { entity, work }
}

function formerOf({ from }: FieldFill): FieldWork['from'] {
  return from === null ? null : { no: String(from.no), type: fieldTypeOf(from.definition.type), definition: from.definition }
}

/** Fills every record of a pass. */
export async function fillWhole(connection: TenantConnection, ctx: RecordContext, pass: FillPass, spending: Spending): Promise<void> {
  const found = workOf(ctx.model, pass)
  if (found === null) return
  let after: string | null = null
  for (;;) {
    const ids: string[] = await nextIds(connection, pass.entityNo, after, AT_ONCE)
    await fillRecords(connection, ctx, found.entity, ids, found.work, spending)
    if (ids.length < AT_ONCE) return
    after = ids.at(-1) ?? null
  }
}

/** Writes the ancestors of every record of a tree; each is its own. */
export async function fillTree(connection: TenantConnection, entityNo: number, fieldNo: number): Promise<void> {
  await connection.execute({
    text: 'delete from nexus.record_value where tenant_id = $1 and entity_no = $2 and field_no = $3',
    values: [connection.tenantId, entityNo, fieldNo],
  })
  await connection.execute({
    text: `with recursive up as (
        select r.id as start, r.id as node, 0 as depth from nexus.record r where r.tenant_id = $1 and r.entity_no = $2
        union all select u.start, (r.data->>$4)::uuid, u.depth + 1 from up u join nexus.record r on r.tenant_id = $1 and r.entity_no = $2 and r.id = u.node
          where r.data->>$4 is not null and u.depth < $5)
      insert into nexus.record_value (tenant_id, entity_no, field_no, value, id) select distinct $1::uuid, $2::int, $3::int, up.node::text, up.start from up on conflict do nothing`,
    values: [connection.tenantId, entityNo, fieldNo, String(fieldNo), DEEPEST],
  })
}

/** Whether a slot holds anything on any record: what a field has left that gave it up. */
export async function isSlotUsed(connection: TenantConnection, entityNo: number, column: string): Promise<boolean> {
  if (!/^[tindr]([1-9]|10)$/.test(column)) throw new Error(`There is no slot ${column}.`)
  const rows = ['is null', 'is not null'].map(
    state =>
      `(select 1 from nexus.record where tenant_id = $1 and entity_no = $2 and ${column} is not null and deleted_at ${state} limit 1)`,
  )
  return (await connection.run({ text: rows.join(' union all '), values: [connection.tenantId, entityNo] })).length > 0
}

/** How many records an entity has, in the trash as well; counted up to a cap. */
export async function countRecords(connection: TenantConnection, entityNo: number, cap: number): Promise<number> {
  const [row] = await connection.run<{ n: string }>({
    text: 'select count(*) as n from (select 1 from nexus.record where tenant_id = $1 and entity_no = $2 limit $3) x',
    values: [connection.tenantId, entityNo, cap],
  })
  return Number(row?.n ?? 0)
}
