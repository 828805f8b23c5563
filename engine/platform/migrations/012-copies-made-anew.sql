-- Up to which moment of the history the copies of a field are those of an earlier recipe: what was written until then is not brought back when
-- something is taken back. A moment of its own, which no other filling of the field touches. What was filled before this migration counts as
-- made anew by now; the default says so of the rows that are there without asking whose they are.
alter table nexus.field_state add column computed_at timestamptz default now()
--;;
alter table nexus.field_state alter column computed_at drop default
