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
  epoch int not null default 1, roles text[] not null default '{}', failed_count int not null default 0, failed_until timestamptz,
  locale text, time_zone text, last_sign_in_at timestamptz, created_at timestamptz not null,
  primary key (tenant_id, user_id), unique (tenant_id, email))
--;;
create table nexus.session (
  tenant_id uuid not null, id uuid not null, user_id uuid not null, refresh_hash text not null, previous_hashes text[] not null default '{}',
  created_at timestamptz not null, refreshed_at timestamptz not null, expires_at timestamptz not null, revoked_at timestamptz, revoked_reason text,
  ip text, user_agent text,
  primary key (tenant_id, id))
--;;
create index session_user on nexus.session (tenant_id, user_id)
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
create table nexus.idempotency (
  tenant_id uuid not null, user_id uuid not null, route text not null, key text not null, body_hash text not null, status int, headers jsonb, body text, entity text, record_id uuid, created_at timestamptz not null,
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
create table nexus.import_row (
  tenant_id uuid not null, job_id uuid not null, row_no int not null, record_id uuid, op text, before jsonb, version int, problems jsonb, raw jsonb,
  primary key (tenant_id, job_id, row_no))
--;;
create table nexus.outbox (
  tenant_id uuid not null, id uuid not null, sequence bigint generated always as identity, at timestamptz not null, subject text not null, type text not null, envelope jsonb not null, delivered_at timestamptz,
  primary key (tenant_id, at, id)) partition by range (at)
--;;
create table nexus.outbox_default partition of nexus.outbox default
--;;
create index outbox_open on nexus.outbox (tenant_id, sequence) where delivered_at is null
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
  tenant_id uuid not null, seal_no bigint not null, from_at timestamptz not null, to_at timestamptz not null, rows int not null, head text not null, previous text not null, signature text not null, sealed_at timestamptz not null, ids uuid[] not null,
  primary key (tenant_id, seal_no))
--;;
create table nexus.audit_unsealed (
  tenant_id uuid not null, at timestamptz not null, id uuid not null,
  primary key (tenant_id, at, id))
