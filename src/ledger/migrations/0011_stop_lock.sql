-- Up Migration

-- What serialises a change for all tenants with a tenant that is set up meanwhile is a row, not an advisory lock: that one
-- anybody who may log in can take, and with it hold up the stop of everything.
insert into counters (tenant, name) values ('*', 'authority') on conflict do nothing;
create or replace function raise_authority() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.tenant = '*' then
    perform 1 from counters where tenant = '*' and name = 'authority' for update;
    update counters set value = value + 1 where name = 'authority';
    return null;
  end if;
  update counters set value = value + 1 where tenant = new.tenant and name = 'authority';
  if not found then
    insert into counters (tenant, name, value) values (new.tenant, 'authority', 1)
      on conflict (tenant, name) do update set value = counters.value + 1;
  end if;
  return null;
end $$;
create or replace function meet_changes_for_all() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from counters where tenant = '*' and name = 'authority' for share;
  return new;
end $$;

-- Down Migration

create or replace function raise_authority() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.tenant = '*' then
    perform pg_advisory_xact_lock(hashtextextended('exequatur/authority', 0));
    update counters set value = value + 1 where name = 'authority';
    return null;
  end if;
  update counters set value = value + 1 where tenant = new.tenant and name = 'authority';
  if not found then
    insert into counters (tenant, name, value) values (new.tenant, 'authority', 1)
      on conflict (tenant, name) do update set value = counters.value + 1;
  end if;
  return null;
end $$;
create or replace function meet_changes_for_all() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('exequatur/authority', 0));
  return new;
end $$;
delete from counters where tenant = '*';
