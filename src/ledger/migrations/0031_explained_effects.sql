-- Up Migration

-- Which effect of a downstream a key explains: the first that was listed under it. A later one, whenever it is listed, is one
-- too many.
create table explained_effects (
  tenant text not null, tool text not null, idempotency_key text not null, effect_id text not null,
  explained_at timestamptz not null default now(),
  primary key (tenant, tool, idempotency_key)
);
select separate_tenants('explained_effects');
create trigger append_only before update or delete or truncate on explained_effects execute function refuse_change();
grant select on explained_effects to exq_server, exq_executor, exq_reader;
grant insert on explained_effects to exq_executor;
alter table explained_effects owner to exq_owner;

-- Down Migration

drop table explained_effects;
