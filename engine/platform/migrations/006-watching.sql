-- What an operator’s figures are made of: since when the first event waits, and which jobs have failed of late. No content of either.
grant select (at, written) on nexus.outbox to nexus_relay
--;;
create index job_failed on nexus.job (created_at) where status = 'failed'
--;;
