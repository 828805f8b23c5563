-- Storage of records: one shared table with typed slots (docs/architecture.md, storage). One statement per message, split at the marker line.
create schema if not exists nexus
--;;
revoke all on schema nexus from public
--;;
grant usage on schema nexus to nexus_engine, nexus_relay, nexus_search, nexus_jobs
--;;
create table nexus.record (
  tenant_id uuid not null, entity_no int not null, id uuid not null,
  version int not null default 1,
  created_at timestamptz not null, created_by uuid,
  updated_at timestamptz not null, updated_by uuid,
  owner_id uuid, org_unit_id uuid, deleted_at timestamptz,
  t1 text collate "C",
  t2 text collate "C",
  t3 text collate "C",
  t4 text collate "C",
  t5 text collate "C",
  t6 text collate "C",
  t7 text collate "C",
  t8 text collate "C",
  t9 text collate "C",
  t10 text collate "C",
  i1 bigint,
  i2 bigint,
  i3 bigint,
  i4 bigint,
  i5 bigint,
  i6 bigint,
  i7 bigint,
  i8 bigint,
  n1 double precision,
  n2 double precision,
  n3 double precision,
  n4 double precision,
  d1 timestamptz,
  d2 timestamptz,
  d3 timestamptz,
  d4 timestamptz,
  d5 timestamptz,
  d6 timestamptz,
  r1 uuid,
  r2 uuid,
  r3 uuid,
  r4 uuid,
  r5 uuid,
  r6 uuid,
  r7 uuid,
  r8 uuid,
  data jsonb not null,
  primary key (tenant_id, entity_no, id)
) with (fillfactor = 85)
--;;
create index record_t1 on nexus.record (tenant_id, entity_no, t1, id) where deleted_at is null and t1 is not null
--;;
create index record_t2 on nexus.record (tenant_id, entity_no, t2, id) where deleted_at is null and t2 is not null
--;;
create index record_t3 on nexus.record (tenant_id, entity_no, t3, id) where deleted_at is null and t3 is not null
--;;
create index record_t4 on nexus.record (tenant_id, entity_no, t4, id) where deleted_at is null and t4 is not null
--;;
create index record_t5 on nexus.record (tenant_id, entity_no, t5, id) where deleted_at is null and t5 is not null
--;;
create index record_t6 on nexus.record (tenant_id, entity_no, t6, id) where deleted_at is null and t6 is not null
--;;
create index record_t7 on nexus.record (tenant_id, entity_no, t7, id) where deleted_at is null and t7 is not null
--;;
create index record_t8 on nexus.record (tenant_id, entity_no, t8, id) where deleted_at is null and t8 is not null
--;;
create index record_t9 on nexus.record (tenant_id, entity_no, t9, id) where deleted_at is null and t9 is not null
--;;
create index record_t10 on nexus.record (tenant_id, entity_no, t10, id) where deleted_at is null and t10 is not null
--;;
create index record_i1 on nexus.record (tenant_id, entity_no, i1, id) where deleted_at is null and i1 is not null
--;;
create index record_i2 on nexus.record (tenant_id, entity_no, i2, id) where deleted_at is null and i2 is not null
--;;
create index record_i3 on nexus.record (tenant_id, entity_no, i3, id) where deleted_at is null and i3 is not null
--;;
create index record_i4 on nexus.record (tenant_id, entity_no, i4, id) where deleted_at is null and i4 is not null
--;;
create index record_i5 on nexus.record (tenant_id, entity_no, i5, id) where deleted_at is null and i5 is not null
--;;
create index record_i6 on nexus.record (tenant_id, entity_no, i6, id) where deleted_at is null and i6 is not null
--;;
create index record_i7 on nexus.record (tenant_id, entity_no, i7, id) where deleted_at is null and i7 is not null
--;;
create index record_i8 on nexus.record (tenant_id, entity_no, i8, id) where deleted_at is null and i8 is not null
--;;
create index record_n1 on nexus.record (tenant_id, entity_no, n1, id) where deleted_at is null and n1 is not null
--;;
create index record_n2 on nexus.record (tenant_id, entity_no, n2, id) where deleted_at is null and n2 is not null
--;;
create index record_n3 on nexus.record (tenant_id, entity_no, n3, id) where deleted_at is null and n3 is not null
--;;
create index record_n4 on nexus.record (tenant_id, entity_no, n4, id) where deleted_at is null and n4 is not null
--;;
create index record_d1 on nexus.record (tenant_id, entity_no, d1, id) where deleted_at is null and d1 is not null
--;;
create index record_d2 on nexus.record (tenant_id, entity_no, d2, id) where deleted_at is null and d2 is not null
--;;
create index record_d3 on nexus.record (tenant_id, entity_no, d3, id) where deleted_at is null and d3 is not null
--;;
create index record_d4 on nexus.record (tenant_id, entity_no, d4, id) where deleted_at is null and d4 is not null
--;;
create index record_d5 on nexus.record (tenant_id, entity_no, d5, id) where deleted_at is null and d5 is not null
--;;
create index record_d6 on nexus.record (tenant_id, entity_no, d6, id) where deleted_at is null and d6 is not null
--;;
create index record_r1 on nexus.record (tenant_id, entity_no, r1, id) where deleted_at is null and r1 is not null
--;;
create index record_r2 on nexus.record (tenant_id, entity_no, r2, id) where deleted_at is null and r2 is not null
--;;
create index record_r3 on nexus.record (tenant_id, entity_no, r3, id) where deleted_at is null and r3 is not null
--;;
create index record_r4 on nexus.record (tenant_id, entity_no, r4, id) where deleted_at is null and r4 is not null
--;;
create index record_r5 on nexus.record (tenant_id, entity_no, r5, id) where deleted_at is null and r5 is not null
--;;
create index record_r6 on nexus.record (tenant_id, entity_no, r6, id) where deleted_at is null and r6 is not null
--;;
create index record_r7 on nexus.record (tenant_id, entity_no, r7, id) where deleted_at is null and r7 is not null
--;;
create index record_r8 on nexus.record (tenant_id, entity_no, r8, id) where deleted_at is null and r8 is not null
--;;
create index record_t1_i1 on nexus.record (tenant_id, entity_no, t1, i1, id) where deleted_at is null
--;;
create index record_t1_d1 on nexus.record (tenant_id, entity_no, t1, d1, id) where deleted_at is null
--;;
create index record_r1_d1 on nexus.record (tenant_id, entity_no, r1, d1, id) where deleted_at is null
--;;
create index record_owner_id on nexus.record (tenant_id, entity_no, owner_id, id) where deleted_at is null
--;;
create index record_owner_id_t1_i1 on nexus.record (tenant_id, entity_no, owner_id, t1, i1, id) where deleted_at is null
--;;
create index record_owner_id_d1 on nexus.record (tenant_id, entity_no, owner_id, d1, id) where deleted_at is null
--;;
create index record_org_unit_id on nexus.record (tenant_id, entity_no, org_unit_id, id) where deleted_at is null
--;;
create index record_org_unit_id_t1_i1 on nexus.record (tenant_id, entity_no, org_unit_id, t1, i1, id) where deleted_at is null
--;;
create index record_trash on nexus.record (tenant_id, entity_no, deleted_at, id) where deleted_at is not null
--;;
create table nexus.record_unique (
  tenant_id uuid not null, entity_no int not null, rule_no int not null, value text collate "C" not null, record_id uuid not null,
  primary key (tenant_id, entity_no, rule_no, value))
--;;
create index record_unique_record on nexus.record_unique (tenant_id, entity_no, record_id)
--;;
create table nexus.record_link (
  tenant_id uuid not null, relation_no int not null, from_id uuid not null, to_id uuid not null, position int not null default 0, data jsonb not null default '{}',
  primary key (tenant_id, relation_no, from_id, to_id))
--;;
create index record_link_reverse on nexus.record_link (tenant_id, relation_no, to_id, from_id)
--;;
create table nexus.record_value (
  tenant_id uuid not null, entity_no int not null, field_no int not null, value text collate "C" not null, id uuid not null,
  primary key (tenant_id, entity_no, field_no, value, id))
--;;
create index record_value_record on nexus.record_value (tenant_id, entity_no, id)
--;;
create table nexus.record_search (
  tenant_id uuid not null, entity_no int not null, field_no int not null, id uuid not null, s text not null, g int[] not null,
  primary key (tenant_id, entity_no, id, field_no))
--;;
create index record_search_g on nexus.record_search using gin (g) with (fastupdate = off)
--;;
create table nexus.record_recent (
  tenant_id uuid not null, entity_no int not null, id uuid not null, updated_at timestamptz not null,
  primary key (tenant_id, entity_no, id))
--;;
create index record_recent_order on nexus.record_recent (tenant_id, entity_no, updated_at desc, id desc)
--;;
create table nexus.record_history (
  tenant_id uuid not null, entity_no int not null, record_id uuid not null, version int not null, at timestamptz not null, actor uuid,
  op text not null check (op in ('create', 'update', 'delete', 'restore')), changes jsonb not null, trace_id text not null,
  primary key (tenant_id, entity_no, record_id, version))
--;;
create table nexus.field_state (
  tenant_id uuid not null, entity_no int not null, field_no int not null, state text not null check (state in ('building', 'ready')),
  done bigint not null default 0, total bigint not null default 0, after_id uuid, job_id uuid, updated_at timestamptz not null,
  primary key (tenant_id, entity_no, field_no))
--;;
create table nexus.number_series (
  tenant_id uuid not null, entity_no int not null, field_no int not null, period text not null, next bigint not null,
  primary key (tenant_id, entity_no, field_no, period))
