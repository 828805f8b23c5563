-- Tenants, their metadata and the people who sign in.
create table nexus.tenant (
  id uuid primary key, key text not null unique check (key ~ '^[a-z][a-z0-9_-]{0,47}$'), name text not null,
  status text not null default 'active' check (status in ('active', 'suspended')),
  locale text not null, currency text not null, time_zone text not null, week_start int not null default 1,
  packs jsonb not null, revision int not null default 0, epoch int not null default 1, tree_epoch int not null default 1,
  key_salt text not null, created_at timestamptz not null, operator_note text)
--;;
create table nexus.revision (
  tenant_id uuid not null, revision int not null, note text not null, created_at timestamptz not null, created_by uuid,
  packs jsonb not null, overlay jsonb not null, numbers jsonb not null, diff jsonb not null,
  primary key (tenant_id, revision))
--;;
create table nexus.draft (
  tenant_id uuid not null, kind text not null, key text not null, version int not null default 1, document jsonb, updated_at timestamptz not null, updated_by uuid,
  primary key (tenant_id, kind, key))
--;;
create table nexus.credential (
  tenant_id uuid not null, user_id uuid not null, email text collate "C" not null, password_hash text, locked boolean not null default false,
  epoch int not null default 1, roles text[] not null default '{}',
  locale text, time_zone text, last_sign_in_at timestamptz, created_at timestamptz not null,
  primary key (tenant_id, user_id), unique (tenant_id, email))
--;;
create table nexus.session (
  tenant_id uuid not null, id uuid not null, user_id uuid not null, refresh_hash text not null, generation int not null default 1,
  created_at timestamptz not null, refreshed_at timestamptz not null, expires_at timestamptz not null, revoked_at timestamptz, revoked_reason text,
  ip text, user_agent text,
  primary key (tenant_id, id))
--;;
create index session_by_user on nexus.session (tenant_id, user_id)
--;;
create table nexus.api_key (
  tenant_id uuid not null, id uuid not null, name text not null, user_id uuid not null, roles text[] not null, secret_hash text not null,
  ip_allow text[] not null default '{}', expires_at timestamptz, revoked_at timestamptz, created_at timestamptz not null, created_by uuid, last_used_at timestamptz,
  primary key (tenant_id, id))
--;;
create table nexus.one_time_token (
  tenant_id uuid not null, id uuid not null, user_id uuid not null, purpose text not null check (purpose in ('invitation', 'password_reset')),
  secret_hash text not null, expires_at timestamptz not null, used_at timestamptz, user_epoch int not null,
  primary key (tenant_id, id))
--;;
create index one_time_token_user on nexus.one_time_token (tenant_id, user_id) where used_at is null
--;;
-- Counts refused sign-ins by hashed subject (address, or tenant key and e-mail). Its rows belong to no tenant (the nil uuid): a name that
-- does not exist is counted exactly like one that does.
create table nexus.sign_in_throttle (
  tenant_id uuid not null, subject text collate "C" not null, failed_count int not null, failed_until timestamptz, at timestamptz not null,
  primary key (tenant_id, subject))
--;;
create index sign_in_throttle_age on nexus.sign_in_throttle (tenant_id, at)
--;;
create table nexus.idempotency (
  tenant_id uuid not null, user_id uuid not null, route text not null, key text not null, body_hash text not null, authority text not null, status int, headers jsonb, body text, entity text, record_id uuid, created_at timestamptz not null,
  primary key (tenant_id, user_id, route, key))
--;;
create table nexus.job (
  tenant_id uuid not null, id uuid not null, kind text not null, status text not null default 'queued' check (status in ('queued', 'running', 'done', 'failed', 'cancelled')),
  payload jsonb not null, progress jsonb not null default '{}', result jsonb, run_as uuid, attempts int not null default 0, leased_until timestamptz, leased_by text,
  created_at timestamptz not null, updated_at timestamptz not null,
  primary key (tenant_id, id))
--;;
create index job_open on nexus.job (status, created_at) where status in ('queued', 'running')
--;;
-- What an import did to each row that is not as it was: for the error file, the list of changes, resuming and undoing. Rows of spreadsheets are counted from 1.
create table nexus.import_row (
  tenant_id uuid not null, job_id uuid not null, row_no int not null, op text not null check (op in ('create', 'update', 'keep', 'fail')),
  record_id uuid, before_version int, version int, problems jsonb, changes jsonb, links jsonb, input jsonb, cells jsonb, undo jsonb,
  primary key (tenant_id, job_id, row_no))
--;;
-- What the rows of a running import claim: the record they are about, names they bear, unique values they take. Forgotten when it ends.
create table nexus.import_key (
  tenant_id uuid not null, job_id uuid not null, kind text not null, key text collate "C" not null, row_no int not null,
  primary key (tenant_id, job_id, kind, key, row_no))
--;;
create table nexus.outbox (
  tenant_id uuid not null, id uuid not null, at timestamptz not null, written bigint generated always as identity, sequence bigint, envelope jsonb not null,
  primary key (tenant_id, at, id)) partition by range (at)
--;;
create table nexus.outbox_default partition of nexus.outbox default
--;;
-- `written` counts inserts and is not the order of commits; the relay gives the sequence once a row is committed, so that a reader misses none.
create index outbox_open on nexus.outbox (tenant_id, written) where sequence is null
--;;
create index outbox_sequence on nexus.outbox (tenant_id, sequence) where sequence is not null
--;;
create table nexus.outbox_relay (
  tenant_id uuid primary key, sequence bigint not null default 0, delivered bigint not null default 0, leased_by text, leased_until timestamptz)
--;;
create index outbox_relay_behind on nexus.outbox_relay (tenant_id) where delivered < sequence
--;;
create table nexus.audit (
  tenant_id uuid not null, id uuid not null, at timestamptz not null, actor uuid, action text not null, entity text, record_id uuid, details jsonb not null, trace_id text not null, ip text,
  primary key (tenant_id, at, id)) partition by range (at)
--;;
create table nexus.audit_default partition of nexus.audit default
--;;
create index audit_action on nexus.audit (tenant_id, action, at desc)
--;;
create index audit_record on nexus.audit (tenant_id, record_id, at desc) where record_id is not null
--;;
create table nexus.audit_seal (
  tenant_id uuid not null, seal_no bigint not null, from_at timestamptz not null, to_at timestamptz not null, rows int not null, head text not null, previous text not null, signature text not null, sealed_at timestamptz not null, ids uuid[] not null, hashes text[] not null,
  primary key (tenant_id, seal_no))
--;;
create table nexus.audit_unsealed (
  tenant_id uuid not null, at timestamptz not null, id uuid not null,
  primary key (tenant_id, at, id))
--;;
-- The one lock that orders writers (shared) and publish (exclusive) of a tenant.
create function nexus.tenant_lock() returns bigint language sql stable set search_path = pg_catalog
  as $$ select hashtextextended(current_setting('nexus.tenant_id'), 0) $$
--;;
-- First statement of a write transaction. A function, so that the state is read by a statement of its own *after* the lock is held:
-- a single select would read it with a snapshot taken before a publish that the lock waited for.
create function nexus.enter_write(the_user uuid, the_session uuid, the_key uuid)
  returns table (revision int, tenant_epoch int, user_epoch int, live boolean) language plpgsql volatile set search_path = pg_catalog as $$
begin
  perform pg_advisory_xact_lock_shared(nexus.tenant_lock());
  return query
    select t.revision, t.epoch, c.epoch,
      t.status = 'active' and not c.locked
        and (the_session is null or exists (select 1 from nexus.session s where s.tenant_id = t.id and s.id = the_session and s.revoked_at is null))
        and (the_key is null or exists (select 1 from nexus.api_key k where k.tenant_id = t.id and k.id = the_key and k.revoked_at is null))
    from nexus.tenant t join nexus.credential c on c.tenant_id = t.id and c.user_id = the_user
    where t.id = current_setting('nexus.tenant_id')::uuid;
end $$
--;;
revoke all on function nexus.tenant_lock() from public
--;;
revoke all on function nexus.enter_write(uuid, uuid, uuid) from public
--;;
grant execute on function nexus.tenant_lock() to nexus_engine
--;;
grant execute on function nexus.enter_write(uuid, uuid, uuid) to nexus_engine
