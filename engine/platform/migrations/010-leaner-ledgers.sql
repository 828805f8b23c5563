-- Indexes of the audit for what is asked of it. Nearly all of its rows tell of records that were created or changed: who asks for those walks
-- the rows by time and finds enough at once, so that only the other acts stand in an index of acts. A record's rows are few, and are found by
-- the hash of its id; two thirds of what a row took in these two indexes is saved.
drop index nexus.audit_action
--;;
create index audit_action on nexus.audit (tenant_id, action, at desc) where action not in ('record.created', 'record.updated')
--;;
drop index nexus.audit_record
--;;
create index audit_record on nexus.audit using hash (record_id) where record_id is not null
