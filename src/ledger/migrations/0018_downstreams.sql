-- Up Migration

-- Where the limits of a downstream stand: its tokens and its breaker. Derived, so it can be begun anew. What is `at_rest`
-- has nothing that a call would have to wait for.
create table downstreams (
  tenant text not null, downstream text not null, standing jsonb not null, at_rest boolean not null,
  changed_at timestamptz not null default now(),
  primary key (tenant, downstream)
);
create index downstreams_at_work on downstreams (tenant) where not at_rest;
-- Calls that wait for their turn.
create table slots (
  tenant text not null, downstream text not null, call text not null, undo boolean not null, slot_at timestamptz not null,
  asked_at timestamptz not null default now(),
  primary key (tenant, downstream, call)
);
-- That a breaker opened or closed.
create table breaker_changes (
  tenant text not null, downstream text not null, seq bigint generated always as identity,
  state text not null check (state in ('open', 'closed')), reason text not null, executor text not null,
  changed_at timestamptz not null default now(),
  primary key (tenant, downstream, seq)
);
create trigger append_only before update or delete or truncate on breaker_changes execute function refuse_change();

do $$
declare table_name text;
begin
  foreach table_name in array array['downstreams', 'slots', 'breaker_changes'] loop
    execute format('grant select on %I to exq_server, exq_executor, exq_reader', table_name);
    execute format('alter table %I owner to exq_owner', table_name);
    perform separate_tenants(table_name::regclass);
  end loop;
end $$;
grant insert, update on downstreams to exq_executor;
grant insert, update, delete on slots to exq_executor;
grant insert on breaker_changes to exq_executor;

-- Down Migration

drop table breaker_changes, slots, downstreams;
