-- Postgres 18 keeps the plan of a function like this for all later calls of a connection: made for a small tenant, whose words it reads one by
-- one, it reads all words of a large one as well. Which words there are depends on the tenant, so it is planned for him, at each call.
alter function nexus.search_ids(int, int[], int[][], text, int) set plan_cache_mode = 'force_custom_plan'
