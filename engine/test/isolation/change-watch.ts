/**
 * Sees every row that is committed anew, differently or not any more, in every table: what is asked after each refused request. A trigger notes
 * the difference in the transaction that makes it, so that what is rolled back is not seen, nor what is written as it was.
 */
import type { World } from './world.ts'

/**
 * What a refused request may leave behind (N2): the audit of the denial, the guard's counts, the idempotency row of a key, the last use of an
 * API key. Gaps in autonumbers are one of the four things that may show through (contracts §5).
 */
const MAY_CHANGE = ['audit', 'audit_unsealed', 'audit_seal', 'sign_in_throttle', 'idempotency', 'number_series']

/** Tells what has changed since it was last asked. */
export interface ChangeWatch {
  /** Tables with changed rows and how many, `record 2`; empty where nothing changed. */
  changes(): Promise<string[]>
}

/** Sets the watch on every table there is. */
export async function watchChanges(world: World): Promise<ChangeWatch> {
  await world.peek('create table world.change (name text not null)')
  await world.peek(
    `create function world.note() returns trigger language plpgsql security definer set search_path = pg_catalog as $$ begin
       if tg_op = 'UPDATE' and (to_jsonb(old) - 'last_used_at') = (to_jsonb(new) - 'last_used_at') then return null; end if;
       insert into world.change values (tg_table_name); return null; end $$`,
  )
  await world.peek('grant usage on schema world to nexus_engine, nexus_jobs, nexus_relay')
  const tables = await world.peek<{ name: string }>(
    `select relname::text as name from pg_class where relnamespace = 'nexus'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`,
  )
  for (const { name } of tables.filter(table => !MAY_CHANGE.includes(table.name)))
    await world.peek(`create trigger noted after insert or update or delete on nexus.${name} for each row execute function world.note()`)
  return {
    changes: async () => {
      const rows = await world.peek<{ name: string; n: number }>(
        'with gone as (delete from world.change returning name) select name, count(*)::int as n from gone group by 1 order by 1',
      )
      return rows.map(row => `${row.name} ${row.n}`)
    },
  }
}
