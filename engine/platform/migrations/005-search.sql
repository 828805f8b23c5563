-- Looks words up until enough records are found; a record that has them in two fields may come twice.
create or replace function nexus.search_ids(wanted_entity int, wanted_fields int[], wanted_grams int[][], folded text, cap int) returns setof uuid language sql stable security definer set search_path = pg_catalog
  as $$
  select s.id from unnest(wanted_fields) with ordinality as f(field_no, n)
  cross join lateral (
    select x.id from nexus.record_search x
    where x.g @> array(select unnest(wanted_grams[f.n:f.n])) and x.tenant_id = current_setting('nexus.tenant_id')::uuid and x.entity_no = wanted_entity and x.field_no = f.field_no and strpos(x.s, folded) > 0
    limit cap
  ) s limit cap $$
