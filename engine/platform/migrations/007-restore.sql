-- A restore that puts back the content of a tenant which is there takes away the histories of its records first. Nobody else may: the engine
-- only adds to them. The owner's role is for migrations and for this, and here it is bound to one tenant like every other.
create policy record_history_for_restore on nexus.record_history to nexus_owner using (tenant_id = current_setting('nexus.tenant_id')::uuid) with check (tenant_id = current_setting('nexus.tenant_id')::uuid)
