-- Up Migration

-- What becomes of what a stop holds: it waits until it is resumed, or it ends.
alter table stops add column pending text not null default 'end' check (pending in ('wait', 'end'));
-- Who set the status of a contract; null for what an executor published.
alter table contracts add column recorded_by text;

-- The tenant `*` stands for all of them.
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

-- A tenant that is set up meanwhile comes before such a change, and is raised by it, or after it, and sees it.
create function meet_changes_for_all() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('exequatur/authority', 0));
  return new;
end $$;
create trigger meet_changes_for_all before insert on counters for each row when (new.name = 'authority')
  execute function meet_changes_for_all();

-- For a change that rests on an authority: two that held it together, as intents do, would wait for each other.
create function claim_authority(of_tenant text, at_revision bigint) returns boolean
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  perform 1 from counters where tenant = of_tenant and name = 'authority' and value = at_revision for no key update;
  return found;
end $$;

-- Gives every version of a tool, or one, another status; answers which. Deprecating never takes a withdrawal back.
create function set_contract_status(of_tenant text, of_tool text, of_version int, to_status text, with_note text, by_whom text)
returns setof int language sql volatile security definer set search_path = public, pg_temp as $$
  insert into contracts (tenant, tool, version, revision, digest, contract, status, note, recorded_by)
  select tenant, tool, version, revision + 1, digest, contract, to_status, with_note, by_whom
  from (select distinct on (version) * from contracts where tenant = of_tenant and tool = of_tool order by version, revision desc) last
  where (of_version is null or version = of_version)
    and case to_status when 'deprecated' then status = 'live' else status <> to_status end
  returning version
$$;

-- An executor that publishes its tools again does not change what somebody ordered.
create function keep_ordered_status() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.recorded_by is null and (
      select recorded_by is not null from contracts where tenant = new.tenant and tool = new.tool and version = new.version
      order by revision desc limit 1) then
    return null;
  end if;
  return new;
end $$;
create trigger keep_ordered_status before insert on contracts for each row execute function keep_ordered_status();

-- What a request is, but for its id and what a retry may change: identical ones that wait are joined.
alter table actions add column fingerprint text;
create trigger fingerprinted before update on actions for each row when (new.fingerprint is distinct from old.fingerprint)
  execute function refuse_change();
create index actions_of_agent on actions (tenant, agent, fingerprint) where outcome is null;
create index actions_alike on actions (tenant, fingerprint, ended_at) where outcome = 'rejected';
create table joins (
  tenant text not null, agent text not null, request_id text not null,
  request_digest text not null, action_id text not null,
  joined_at timestamptz not null default now(),
  primary key (tenant, agent, request_id)
);

-- What people are told about an approval request, each once; whatever delivers it reads here.
create table notices (
  tenant text not null, approval_id text not null,
  kind text not null check (kind in ('asked', 'reminder', 'escalation', 'closed')), ordinal int not null,
  action_id text not null, recipients text[] not null,
  noticed_at timestamptz not null default now(),
  primary key (tenant, approval_id, kind, ordinal),
  foreign key (tenant, approval_id) references envelopes (tenant, id)
);
create trigger append_only before update or delete or truncate on joins execute function refuse_change();
create trigger append_only before update or delete or truncate on notices execute function refuse_change();
grant select on joins, notices to exq_server, exq_executor, exq_reader;
grant insert on joins, notices to exq_server;
alter table joins owner to exq_owner;
alter table notices owner to exq_owner;

revoke execute on function claim_authority, set_contract_status, keep_ordered_status, meet_changes_for_all from public;
grant execute on function claim_authority, set_contract_status to exq_server;
revoke insert on contracts from exq_executor;
grant insert (tenant, tool, version, revision, digest, contract, status, note) on contracts to exq_executor;
alter function claim_authority owner to exq_owner;
alter function set_contract_status owner to exq_owner;
alter function meet_changes_for_all owner to exq_owner;
alter function keep_ordered_status owner to exq_owner;

-- Down Migration

drop table notices, joins;
drop trigger fingerprinted on actions;
alter table actions drop column fingerprint;
drop trigger meet_changes_for_all on counters;
drop trigger keep_ordered_status on contracts;
drop function meet_changes_for_all, keep_ordered_status, set_contract_status, claim_authority;
create or replace function raise_authority() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into counters (tenant, name, value) values (new.tenant, 'authority', 1)
    on conflict (tenant, name) do update set value = counters.value + 1;
  return null;
end $$;
revoke insert (tenant, tool, version, revision, digest, contract, status, note) on contracts from exq_executor;
grant insert on contracts to exq_executor;
alter table contracts drop column recorded_by;
alter table stops drop column pending;
