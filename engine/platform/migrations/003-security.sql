-- Row-level security: one policy per table, fails closed when no tenant is set; none of the roles owns or bypasses.
alter table nexus.tenant enable row level security
--;;
alter table nexus.tenant force row level security
--;;
alter table nexus.record enable row level security
--;;
alter table nexus.record force row level security
--;;
alter table nexus.record_unique enable row level security
--;;
alter table nexus.record_unique force row level security
--;;
alter table nexus.record_link enable row level security
--;;
alter table nexus.record_link force row level security
--;;
alter table nexus.record_value enable row level security
--;;
alter table nexus.record_value force row level security
--;;
alter table nexus.record_search enable row level security
--;;
alter table nexus.record_search force row level security
--;;
alter table nexus.record_recent enable row level security
--;;
alter table nexus.record_recent force row level security
--;;
alter table nexus.record_history enable row level security
--;;
alter table nexus.record_history force row level security
--;;
alter table nexus.field_state enable row level security
--;;
alter table nexus.field_state force row level security
--;;
alter table nexus.number_series enable row level security
--;;
alter table nexus.number_series force row level security
--;;
alter table nexus.revision enable row level security
--;;
alter table nexus.revision force row level security
--;;
alter table nexus.draft enable row level security
--;;
alter table nexus.draft force row level security
--;;
alter table nexus.credential enable row level security
--;;
alter table nexus.credential force row level security
--;;
alter table nexus.session enable row level security
--;;
alter table nexus.session force row level security
--;;
alter table nexus.api_key enable row level security
--;;
alter table nexus.api_key force row level security
--;;
alter table nexus.one_time_token enable row level security
--;;
alter table nexus.one_time_token force row level security
--;;
alter table nexus.sign_in_throttle enable row level security
--;;
alter table nexus.sign_in_throttle force row level security
--;;
alter table nexus.idempotency enable row level security
--;;
alter table nexus.idempotency force row level security
--;;
alter table nexus.job enable row level security
--;;
alter table nexus.job force row level security
--;;
alter table nexus.import_row enable row level security
--;;
alter table nexus.import_row force row level security
--;;
alter table nexus.import_key enable row level security
--;;
alter table nexus.import_key force row level security
--;;
alter table nexus.outbox enable row level security
--;;
alter table nexus.outbox force row level security
--;;
alter table nexus.outbox_relay enable row level security
--;;
alter table nexus.outbox_relay force row level security
--;;
alter table nexus.audit enable row level security
--;;
alter table nexus.audit force row level security
--;;
alter table nexus.audit_seal enable row level security
--;;
alter table nexus.audit_seal force row level security
--;;
alter table nexus.audit_unsealed enable row level security
--;;
alter table nexus.audit_unsealed force row level security
--;;
create policy tenant_of_tenant on nexus.tenant to nexus_engine using (id = current_setting('nexus.tenant_id')::uuid) with check (id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update on nexus.tenant to nexus_engine
--;;
create policy record_of_tenant on nexus.record to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.record to nexus_engine
--;;
create policy record_unique_of_tenant on nexus.record_unique to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.record_unique to nexus_engine
--;;
create policy record_link_of_tenant on nexus.record_link to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.record_link to nexus_engine
--;;
create policy record_value_of_tenant on nexus.record_value to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.record_value to nexus_engine
--;;
create policy record_search_of_tenant on nexus.record_search to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.record_search to nexus_engine
--;;
create policy record_recent_of_tenant on nexus.record_recent to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.record_recent to nexus_engine
--;;
create policy record_history_of_tenant on nexus.record_history to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert on nexus.record_history to nexus_engine
--;;
create policy field_state_of_tenant on nexus.field_state to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.field_state to nexus_engine
--;;
create policy number_series_of_tenant on nexus.number_series to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.number_series to nexus_engine
--;;
create policy revision_of_tenant on nexus.revision to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert on nexus.revision to nexus_engine
--;;
create policy draft_of_tenant on nexus.draft to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.draft to nexus_engine
--;;
create policy credential_of_tenant on nexus.credential to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.credential to nexus_engine
--;;
create policy session_of_tenant on nexus.session to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.session to nexus_engine
--;;
create policy api_key_of_tenant on nexus.api_key to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.api_key to nexus_engine
--;;
create policy one_time_token_of_tenant on nexus.one_time_token to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.one_time_token to nexus_engine
--;;
create policy sign_in_throttle_of_tenant on nexus.sign_in_throttle to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.sign_in_throttle to nexus_engine
--;;
create policy idempotency_of_tenant on nexus.idempotency to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.idempotency to nexus_engine
--;;
create policy job_of_tenant on nexus.job to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.job to nexus_engine
--;;
create policy import_row_of_tenant on nexus.import_row to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update, delete on nexus.import_row to nexus_engine
--;;
create policy import_key_of_tenant on nexus.import_key to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, delete on nexus.import_key to nexus_engine
--;;
create policy outbox_of_tenant on nexus.outbox to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update (sequence) on nexus.outbox to nexus_engine
--;;
create policy outbox_relay_of_tenant on nexus.outbox_relay to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, update on nexus.outbox_relay to nexus_engine
--;;
create policy audit_of_tenant on nexus.audit to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert on nexus.audit to nexus_engine
--;;
create policy audit_seal_of_tenant on nexus.audit_seal to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert on nexus.audit_seal to nexus_engine
--;;
create policy audit_unsealed_of_tenant on nexus.audit_unsealed to nexus_engine using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
--;;
grant select, insert, delete on nexus.audit_unsealed to nexus_engine
--;;
create policy tenant_for_jobs on nexus.tenant for select to nexus_jobs using (true)
--;;
grant select on nexus.tenant to nexus_jobs
--;;
create policy job_for_jobs on nexus.job for select to nexus_jobs using (true)
--;;
grant select (tenant_id, id, kind, status, leased_until, created_at) on nexus.job to nexus_jobs
--;;
create policy unsealed_for_jobs on nexus.audit_unsealed for select to nexus_jobs using (true)
--;;
grant select on nexus.audit_unsealed to nexus_jobs
--;;
create policy outbox_for_relay on nexus.outbox for select to nexus_relay using (true)
--;;
grant select (tenant_id, sequence) on nexus.outbox to nexus_relay
--;;
create policy outbox_relay_for_relay on nexus.outbox_relay for select to nexus_relay using (true)
--;;
grant select on nexus.outbox_relay to nexus_relay
--;;
create policy search_for_search on nexus.record_search for select to nexus_search using (true)
--;;
grant select on nexus.record_search to nexus_search
--;;
create function nexus.tenant_by_key(wanted text) returns table (id uuid, status text) language sql stable security definer set search_path = pg_catalog
  as $$ select t.id, t.status from nexus.tenant t where t.key = wanted $$
--;;
grant create on schema nexus to nexus_jobs, nexus_search
--;;
alter function nexus.tenant_by_key(text) owner to nexus_jobs
--;;
revoke all on function nexus.tenant_by_key(text) from public
--;;
grant execute on function nexus.tenant_by_key(text) to nexus_engine
--;;
create function nexus.search_ids(wanted_entity int, wanted_fields int[], wanted_grams int[][], folded text, cap int) returns setof uuid language sql stable security definer set search_path = pg_catalog
  as $$
  select distinct s.id from unnest(wanted_fields) with ordinality as f(field_no, n)
  cross join lateral (
    select x.id, x.s from nexus.record_search x
    where x.g @> array(select unnest(wanted_grams[f.n:f.n])) and x.tenant_id = current_setting('nexus.tenant_id')::uuid and x.entity_no = wanted_entity and x.field_no = f.field_no
  ) s where strpos(s.s, folded) > 0 limit cap $$
--;;
alter function nexus.search_ids(int, int[], int[][], text, int) owner to nexus_search
--;;
revoke create on schema nexus from nexus_jobs, nexus_search
--;;
revoke all on function nexus.search_ids(int, int[], int[][], text, int) from public
--;;
grant execute on function nexus.search_ids(int, int[], int[][], text, int) to nexus_engine
--;;
create function nexus.ensure_partitions(days int) returns void language plpgsql security definer set search_path = pg_catalog as $$
declare
  parent text; day date;
begin
  perform pg_advisory_xact_lock(hashtext('nexus.partitions'));
  foreach parent in array array['outbox', 'audit'] loop
    for day in select generate_series(current_date + 1, current_date + days, interval '1 day')::date loop
      if to_regclass(format('nexus.%I', parent || '_' || to_char(day, 'YYYYMMDD'))) is null then
        execute format('create table nexus.%I partition of nexus.%I for values from (%L) to (%L)', parent || '_' || to_char(day, 'YYYYMMDD'), parent, day, day + 1);
      end if;
    end loop;
  end loop;
end $$
--;;
revoke all on function nexus.ensure_partitions(int) from public
--;;
grant execute on function nexus.ensure_partitions(int) to nexus_jobs
--;;
-- Drops days of the outbox that are over, unless something in them still waits for its place in the stream; gives how many.
create function nexus.drop_old_events(keep_days int) returns int language plpgsql security definer set search_path = pg_catalog as $$
declare
  part text; waiting boolean; dropped int := 0;
begin
  perform pg_advisory_xact_lock(hashtext('nexus.partitions'));
  for part in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'nexus.outbox'::regclass and c.relname ~ '^outbox_[0-9]{8}$' and substr(c.relname, 8) < to_char(current_date - keep_days, 'YYYYMMDD')
  loop
    execute format('select exists (select 1 from nexus.%I where sequence is null)', part) into waiting;
    if not waiting then
      execute format('drop table nexus.%I', part);
      dropped := dropped + 1;
    end if;
  end loop;
  delete from nexus.outbox_default where at < current_date - keep_days and sequence is not null;
  return dropped;
end $$
--;;
revoke all on function nexus.drop_old_events(int) from public
--;;
grant execute on function nexus.drop_old_events(int) to nexus_jobs
