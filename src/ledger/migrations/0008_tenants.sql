-- Up Migration

-- A connection sees and writes the rows of the one tenant that it is set to (`exequatur.tenant`), and of none while it is
-- set to nobody: a query that forgets its tenant finds nothing. The owner is not subject to it, and so neither are the
-- functions that act as the owner. Every table with a tenant is made so, in the migration that adds it.
create function separate_tenants(of_table regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', of_table);
  execute format($policy$create policy one_tenant on %s to exq_server, exq_executor, exq_reader
    using (tenant = current_setting('exequatur.tenant', true))
    with check (tenant = current_setting('exequatur.tenant', true))$policy$, of_table);
end $$;
revoke execute on function separate_tenants from public;

do $$
declare of_table regclass;
begin
  for of_table in select c.oid from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'tenant' and not a.attisdropped loop
    perform separate_tenants(of_table);
  end loop;
end $$;
-- What is stopped for all tenants, each has to know.
create policy of_all on stops for select to exq_server, exq_executor, exq_reader using (tenant = '*');

-- Where there is something to look after, for whoever then looks tenant by tenant.
drop index actions_open;
create index actions_open on actions (tenant, admitted_at) where outcome is null;
drop index actions_unsealed;
create index actions_unsealed on actions (tenant, ended_at) where cardinality(closed_runs) > sealed_runs;
create function tenants_with_open_actions() returns setof text
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct tenant from actions where outcome is null order by tenant
$$;
create function tenants_with_unsealed_actions() returns setof text
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct tenant from actions where cardinality(closed_runs) > sealed_runs order by tenant
$$;
revoke execute on function tenants_with_open_actions, tenants_with_unsealed_actions from public;
grant execute on function tenants_with_open_actions, tenants_with_unsealed_actions to exq_server;
alter function separate_tenants owner to exq_owner;
alter function tenants_with_open_actions owner to exq_owner;
alter function tenants_with_unsealed_actions owner to exq_owner;

-- Down Migration

drop index actions_open;
create index actions_open on actions (admitted_at) where outcome is null;
drop index actions_unsealed;
create index actions_unsealed on actions (ended_at) where cardinality(closed_runs) > sealed_runs;
drop function tenants_with_open_actions, tenants_with_unsealed_actions, separate_tenants;
drop policy of_all on stops;
do $$
declare of_table text;
begin
  for of_table in select tablename from pg_policies where schemaname = 'public' and policyname = 'one_tenant' loop
    execute format('drop policy one_tenant on %I', of_table);
    execute format('alter table %I disable row level security', of_table);
  end loop;
end $$;
