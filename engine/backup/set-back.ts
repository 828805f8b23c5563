/**
 * What is special about putting back the content of a tenant that is there and used: what goes away before, what is remembered over it, and
 * what has to be a step forward although the content is one back, for other processes have seen the numbers: revisions, epochs, autonumbers.
 */
import type { LongSession } from '../platform/index.ts'
import { BackupRefused } from './refusal.ts'
import { LEDGERS, LEFT_OUT, type CarriedTable, requireId } from './tables.ts'
import { stageOf } from './load-rows.ts'

/** Its rows come in by what is staged, below; the tables are only added to. */
export const STEPS_FORWARD: readonly string[] = ['tenant', 'revision']

/** Takes away what the backup will put back, and remembers what was revoked, locked and counted since. */
export async function clearContent(session: LongSession, tables: readonly CarriedTable[], tenantId: string): Promise<void> {
  const mine = `tenant_id = '${requireId(tenantId)}'`
  await session.run(
    `create temp table kept_key on commit drop as select id, revoked_at from nexus.api_key where ${mine} and revoked_at is not null`,
  )
  await session.run(`create temp table kept_lock on commit drop as select user_id from nexus.credential where ${mine} and locked`)
  await session.run(`create temp table kept_series on commit drop as select * from nexus.number_series where ${mine}`)
  const gone = [...tables.map(table => table.name).filter(name => !LEDGERS.includes(name) && !STEPS_FORWARD.includes(name)), ...ENTRIES]
  for (const name of gone) {
    const [may] = await session.run<{ delete: boolean }>(`select has_table_privilege($1, 'delete') as delete`, [`nexus.${name}`])
    if (may?.delete !== true) await session.run('set local role nexus_owner')
    await session.run(`delete from nexus.${name} where ${mine}`)
    if (may?.delete !== true) await session.run('set local role nexus_engine')
    const [left] = await session.run<{ any: boolean }>(`select exists (select 1 from nexus.${name} where ${mine}) as any`)
    if (left?.any !== false) throw new BackupRefused('there_already', `What stands in ${name} can not be taken away; nothing was changed.`)
  }
}

/** Ways in that nobody restores: everybody signs in again. */
const ENTRIES = LEFT_OUT.filter(name => name !== 'sign_in_throttle')

/** Brings the tenant's own row and revision to what was staged, forward. Answers the revisions before and after. */
export async function stepForward(
  session: LongSession,
  tables: readonly CarriedTable[],
  tenantId: string,
  note: string,
): Promise<{ previous: number; revision: number }> {
  const mine = `tenant_id = '${requireId(tenantId)}'`
  const table = (name: string): CarriedTable => {
    const found = tables.find(each => each.name === name)
    if (found === undefined) throw new Error(`There is no table ${name}.`)
    return found
  }
  const [revisions, tenant] = [table('revision'), table('tenant')]
  const columns = revisions.columns.join(', ')
  await session.run(`insert into nexus.revision (${columns}) select ${columns} from ${stageOf(revisions)} on conflict do nothing`)
  const [now] = await session.run<{ live: number; last: number; wanted: number }>(
    `select t.revision as live, (select max(r.revision) from nexus.revision r where ${mine}) as last, s.revision as wanted
       from nexus.tenant t, ${stageOf(tenant)} s where t.id = '${tenantId}'`,
  )
  if (now === undefined) throw new BackupRefused('not_there', 'The tenant is not there any more; nothing was changed.')
  // Processes remember models by their number: a number never means something else than before.
  const revision = now.wanted === now.live ? now.live : now.last + 1
  if (revision !== now.live) {
    const same = revisions.columns.filter(name => !['revision', 'note', 'created_at', 'created_by', 'diff'].includes(name)).join(', ')
    await session.run(
      `insert into nexus.revision (revision, note, created_at, created_by, diff, ${same})
         select $1::int, $2::text, now(), null, '[]'::jsonb, ${same} from ${stageOf(revisions)} where revision = $3::int`,
      [revision, note, now.wanted],
    )
  }
  const kept = ['id', 'key', 'key_salt', 'created_at', 'revision', 'epoch', 'tree_epoch']
  const taken = tenant.columns.filter(name => !kept.includes(name)).map(name => `${name} = s.${name}`)
  await session.run(
    `update nexus.tenant t set ${taken.join(', ')}, revision = $1::int, epoch = t.epoch + 1, tree_epoch = greatest(t.tree_epoch, s.tree_epoch) + 1
       from ${stageOf(tenant)} s where t.id = '${tenantId}'`,
    [revision],
  )
  return { previous: now.live, revision }
}

/** What was revoked or locked since stays so, and numbers that were given since are not given again. */
export async function keepSince(session: LongSession, tenantId: string): Promise<void> {
  const mine = `tenant_id = '${requireId(tenantId)}'`
  await session.run(
    `update nexus.api_key k set revoked_at = s.revoked_at from pg_temp.kept_key s where ${mine} and k.id = s.id and k.revoked_at is null`,
  )
  await session.run(`update nexus.credential c set locked = true from pg_temp.kept_lock s where ${mine} and c.user_id = s.user_id`)
  await session.run(
    `insert into nexus.number_series as n (tenant_id, entity_no, field_no, period, next)
       select tenant_id, entity_no, field_no, period, next from pg_temp.kept_series
     on conflict (tenant_id, entity_no, field_no, period) do update set next = greatest(n.next, excluded.next)`,
  )
}
