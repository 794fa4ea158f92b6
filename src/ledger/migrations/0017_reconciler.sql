-- Up Migration

-- That the workflow of an open action was gone, or got nowhere, and that a run was begun in its place.
create table resumptions (
  tenant text not null, action_id text not null, run_id text not null,
  found text not null, resumed_at timestamptz not null default now(),
  primary key (tenant, action_id, run_id)
);
create index resumptions_by_time on resumptions (tenant, resumed_at desc);

-- How far the last comparison of open actions with running workflows got. What it did is in `resumptions`.
create table reconciliations (
  tenant text not null, run_id text not null, began_at timestamptz not null default now(),
  looked_at timestamptz not null default now(), ended_at timestamptz,
  looked int not null default 0, resumed int not null default 0, started int not null default 0,
  primary key (tenant)
);

-- A look at all effects that a tool lists: written before the downstream is asked, while authority holds.
create table effect_looks (
  tenant text not null, tool text not null, look int not null,
  contract_digest text not null, executor text not null, since timestamptz not null, until timestamptz not null,
  workflow_id text, run_id text,
  looked_at timestamptz not null default now(),
  primary key (tenant, tool, look)
);
create table effect_look_results (
  tenant text not null, tool text not null, look int not null,
  listed int, shadows int, problem text,
  recorded_at timestamptz not null default now(),
  primary key (tenant, tool, look),
  foreign key (tenant, tool, look) references effect_looks
);
-- Credentials that were handed out for such a look, and how they ended. No secret.
create table look_leases (
  tenant text not null, tool text not null, look int not null, name text not null, lease_id text not null,
  state text not null check (state in ('leased', 'revoked', 'revoke-failed')), source text not null, expires_at timestamptz,
  recorded_at timestamptz not null default now(),
  primary key (tenant, tool, look, name, lease_id, state),
  foreign key (tenant, tool, look) references effect_looks
);
-- Effects in a downstream that no action explains, that one explains already, or that one contradicts.
create table shadow_effects (
  tenant text not null, id text not null, tool text not null, effect_id text not null,
  kind text not null check (kind in ('unexplained', 'repeated', 'contradicts')),
  idempotency_key text, happened_at timestamptz, summary text not null,
  action_id text, step text, phase text, generation int,
  look int not null, found_at timestamptz not null default now(),
  primary key (tenant, id),
  unique (tenant, tool, effect_id, kind),
  foreign key (tenant, tool, look) references effect_looks
);
create table shadow_acknowledgements (
  tenant text not null, shadow_id text not null, acknowledged_by text not null, reason text not null,
  acknowledged_at timestamptz not null default now(),
  primary key (tenant, shadow_id),
  foreign key (tenant, shadow_id) references shadow_effects
);
create index intents_by_key on intents (tenant, idempotency_key);

-- Of the given keys those that another tenant's action sent: several may share one account of a downstream.
create function keys_of_others(of_tenant text, keys text[]) returns setof text
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct idempotency_key from intents where idempotency_key = any (keys) and tenant <> of_tenant
$$;
create index intents_by_key_of_all on intents (idempotency_key);
revoke execute on function keys_of_others from public;
grant execute on function keys_of_others to exq_executor;
alter function keys_of_others owner to exq_owner;

do $$
declare table_name text;
begin
  foreach table_name in array array['resumptions', 'reconciliations', 'effect_looks', 'effect_look_results', 'look_leases',
    'shadow_effects', 'shadow_acknowledgements'] loop
    if table_name <> 'reconciliations' then
      execute format('create trigger append_only before update or delete or truncate on %I execute function refuse_change()', table_name);
    end if;
    execute format('grant select on %I to exq_server, exq_executor, exq_reader', table_name);
    execute format('alter table %I owner to exq_owner', table_name);
    perform separate_tenants(table_name::regclass);
  end loop;
end $$;
grant insert on resumptions, shadow_acknowledgements to exq_server;
grant insert, update on reconciliations to exq_server;
grant insert on effect_looks, effect_look_results, look_leases, shadow_effects to exq_executor;

-- Down Migration

drop function keys_of_others;
drop index intents_by_key, intents_by_key_of_all;
drop table shadow_acknowledgements, shadow_effects, look_leases, effect_look_results, effect_looks, reconciliations, resumptions;
