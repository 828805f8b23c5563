/** Keeps the ancestors of tree records, for `within`, and refuses cycles. Writers of one tree take turns. */
import type { CompiledEntity } from '../model/types.ts'
import { ORG_UNIT_ENTITY } from '../model/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { fieldProblem, same, validateErrors } from '../validate/index.ts'
import { ItemFailures, type PreparedChange } from './prepared.ts'
import type { RecordContext } from './types.ts'

const DEEPEST = 32

/** Writes the ancestors of new and moved records. Every record of a tree is its own ancestor. */
export async function writeTree(connection: TenantConnection, ctx: RecordContext, entity: CompiledEntity, changes: readonly PreparedChange[]): Promise<void> {
  const field = entity.parentField === null ? undefined : entity.fields.get(entity.parentField)
  if (field?.no == null) return
  const touched = changes.filter(change => change.before === null || !same(change.before.values[field.key], change.values[field.key]))
  if (touched.length === 0) return
  const tenantId = ctx.caller.tenant.id
  await connection.run({ text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))', values: [`tree/${tenantId}/${entity.no}`] })
  const max = field.declared.type === 'parent' ? Math.min(field.declared.max_depth ?? DEEPEST, DEEPEST) : DEEPEST
  // One recursive walk rewrites whole subtrees; a walk that meets its own start is a cycle.
  const rows = await connection.run<{ id: string; cyclic: boolean; depth: number }>({
    text: `with recursive down as (
        select r.id, 0 as depth from nexus.record r where r.tenant_id = $1 and r.entity_no = $2 and r.id = any($3::uuid[])
        union select c.id, d.depth + 1 from nexus.record c join down d on (c.data->>$4)::uuid = d.id where c.tenant_id = $1 and c.entity_no = $2 and d.depth < $5),
      up as (
        select d.id as start, d.id as node, 0 as depth from (select distinct id from down) d
        union all select u.start, (r.data->>$4)::uuid, u.depth + 1 from up u join nexus.record r on r.tenant_id = $1 and r.entity_no = $2 and r.id = u.node where r.data->>$4 is not null and u.depth <= $5),
      gone as (delete from nexus.record_value v where v.tenant_id = $1 and v.entity_no = $2 and v.field_no = $6 and v.id in (select id from down) and not exists (select 1 from up where up.start = v.id and up.node::text = v.value)),
      added as (insert into nexus.record_value (tenant_id, entity_no, field_no, value, id) select distinct $1, $2::int, $6::int, up.node::text, up.start from up on conflict do nothing)
      select start as id, bool_or(depth > 0 and node = start) as cyclic, max(depth) as depth from up group by start`,
    values: [tenantId, entity.no, touched.map(change => change.id), field.no, max, Number(field.no)],
  })
  const bad = new Set(rows.filter(row => row.cyclic || row.depth > max).map(row => row.id))
  if (bad.size > 0) {
    const problem = (change: PreparedChange): Error => validateErrors.FAILED({ count: 1 }, { errors: [fieldProblem(field, 'CYCLE', `${change.pointer}/${field.key}`, ctx.caller.locale)] })
    const culprits = touched.filter(change => bad.has(change.id))
    throw new ItemFailures(new Map((culprits.length > 0 ? culprits : touched).map(change => [change.id, problem(change)])))
  }
  if (entity.key === ORG_UNIT_ENTITY) await connection.execute({ text: 'update nexus.tenant set tree_epoch = tree_epoch + 1 where id = $1', values: [tenantId] })
}
