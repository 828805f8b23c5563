-- What has to hold of a write, asked by a statement that fails where it does not: then nobody has to wait for its answer before the commit
-- is sent. The state says which of them it was.
create function nexus.insist(holds boolean, otherwise text) returns void language plpgsql volatile set search_path = pg_catalog as $$
begin
  if holds is not true then
    raise exception using errcode = otherwise, message = 'What was insisted on does not hold.';
  end if;
end $$
--;;
revoke all on function nexus.insist(boolean, text) from public
--;;
grant execute on function nexus.insist(boolean, text) to nexus_engine
