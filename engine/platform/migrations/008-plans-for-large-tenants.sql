-- A plan that is made once for all tenants is made as if a tenant had a third of all rows, and a person a fiftieth of a tenant's: what is
-- right for a large tenant is quick for a small one, but not the other way round. Counted by the number of tenants, each would seem to have
-- so few rows that any index looked as good as the right one. Nothing changes but estimates.
alter table nexus.record alter column tenant_id set (n_distinct = 3), alter column owner_id set (n_distinct = 150)
--;;
alter table nexus.record_unique alter column tenant_id set (n_distinct = 3)
--;;
alter table nexus.record_link alter column tenant_id set (n_distinct = 3)
--;;
alter table nexus.record_value alter column tenant_id set (n_distinct = 3)
--;;
alter table nexus.record_search alter column tenant_id set (n_distinct = 3)
--;;
alter table nexus.record_recent alter column tenant_id set (n_distinct = 3)
--;;
alter table nexus.record_history alter column tenant_id set (n_distinct = 3)
--;;
analyze nexus.record, nexus.record_unique, nexus.record_link, nexus.record_value, nexus.record_search, nexus.record_recent, nexus.record_history
