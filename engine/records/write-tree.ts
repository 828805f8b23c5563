/** Keeps the ancestors of tree records, for `within`, and finds cycles. Writers of one tree take turns. */
import type { CompiledEntity } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { comparable } from '../sql/index.ts'
import { same } from '../validate/index.ts'
import type { ChangedValues } from './write-satellites.ts'

const DEEPEST = 32

/** Writes the ancestors of new and moved records, all that is below them included; answers the records that would make a circle or go too deep. */
export async function writeTree(
  connection: TenantConnection,
  entity: CompiledEntity,
  changes: readonly ChangedValues[],
): Promise<string[]> {
  const field = entity.parentField === null ? undefined : entity.fields.get(entity.parentField)
  if (field?.no == null) return []
  const touched = changes
    .filter(change => change.before === null || !same(change.before[field.key], change.values[field.key]))
    .map(change => change.id)
  if (touched.length === 0) return []
  const { tenantId } = connection
  const max = field.declared.type === 'parent' ? Math.min(field.declared.max_depth ?? DEEPEST, DEEPEST) : DEEPEST
  const [, rows] = await Promise.all([
    lockTree(connection, entity),
    connection.run<{ id: string; of: string; cyclic: boolean; depth: number }>({
      name: 'tree',
      text: rewriteText(comparable('c', field).sql),
      values: [tenantId, entity.no, touched, field.no, max, Number(field.no)],
    }),
  ])
  return [...new Set(rows.filter(row => row.cyclic || row.depth > max).map(row => row.of))]
}

/** Lets nobody else write ancestors of this tree until the transaction ends. */
export async function lockTree(connection: TenantConnection, entity: CompiledEntity): Promise<void> {
  await connection.run({
    text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
    values: [`tree/${connection.tenantId}/${entity.no}`],
  })
}

// One recursive walk rewrites whole subtrees; a walk that meets its own start is a circle. `of` is the change that a node hangs on.
const rewriteText = (parentOfChild: string): string => `with recursive down as (
    select r.id, r.id as of, 0 as depth from nexus.record r where r.tenant_id = $1 and r.entity_no = $2::int and r.id = any($3::uuid[])
    union select c.id, d.of, d.depth + 1 from nexus.record c join down d on ${parentOfChild} = d.id where c.tenant_id = $1 and c.entity_no = $2::int and d.depth < $5::int),
  nodes as (select distinct on (id) id, of from down order by id, depth),
  up as (
    select id as start, of, id as node, 0 as depth from nodes
    union all select u.start, u.of, (r.data->>$4::text)::uuid, u.depth + 1 from up u join nexus.record r on r.tenant_id = $1 and r.entity_no = $2::int and r.id = u.node
      where r.data->>$4::text is not null and u.depth <= $5::int and not (u.depth > 0 and u.node = u.start)),
  gone as (delete from nexus.record_value v where v.tenant_id = $1 and v.entity_no = $2::int and v.field_no = $6::int and v.id in (select id from nodes)
    and not exists (select 1 from up where up.start = v.id and up.node::text = v.value)),
  added as (insert into nexus.record_value (tenant_id, entity_no, field_no, value, id) select distinct $1, $2::int, $6::int, up.node::text, up.start from up on conflict do nothing)
  select start as id, of, bool_or(depth > 0 and node = start) as cyclic, max(depth) as depth from up group by start, of`
