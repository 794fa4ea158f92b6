-- Up Migration

-- The life of a principal: each event adds a revision. `contact` is a team; who answers is the owner, a person.
alter table principals drop constraint principals_kind_check, drop constraint principals_state_check;
alter table principals
  add constraint principals_kind_check check (kind in ('agent', 'person', 'service')),
  add constraint principals_state_check check (state in ('live', 'suspended', 'revoked', 'decommissioned')),
  add column contact text,
  add column event text not null default 'recorded'
    check (event in ('recorded', 'created', 'rotated', 'suspended', 'resumed', 'revoked', 'decommissioned')),
  add column reason text;

-- What is decommissioned never comes back, whoever writes: an old approval or policy must not fall to a new holder of the name.
create function refuse_return() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from principals where tenant = new.tenant and principal = new.principal and state = 'decommissioned') then
    raise exception '% of % is decommissioned', new.principal, new.tenant using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger refuse_return before insert on principals for each row execute function refuse_return();

-- Which principal an identity of an issuer is. Nobody is known by anything else of a token.
create table accounts (
  tenant text not null, issuer text not null, subject text not null, revision int not null,
  principal text not null, state text not null check (state in ('live', 'removed')), recorded_by text not null,
  recorded_at timestamptz not null default now(),
  primary key (tenant, issuer, subject, revision)
);
create trigger append_only before update or delete or truncate on accounts execute function refuse_change();
create trigger raise_authority after insert on accounts for each row execute function raise_authority();

-- Taken first by whoever reads authority in order to change it: two changes do not cross. Gives its revision, which
-- stands until the end of the transaction.
create function take_authority(of_tenant text) returns bigint
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare held bigint;
begin
  insert into counters (tenant, name, value) values (of_tenant, 'authority', 0) on conflict do nothing;
  select value into held from counters where tenant = of_tenant and name = 'authority' for no key update;
  return held;
end $$;

-- In every record: for whom, which agent, which tool, under which workflow, by which policy.
alter table decisions add column agent text, add column on_behalf_of text, add column actors text[], add column tool text,
  add column workflow_id text, add column run_id text;
alter table intents add column agent text, add column on_behalf_of text, add column actors text[],
  add column workflow_id text, add column run_id text;

revoke execute on function refuse_return, take_authority from public;
grant execute on function take_authority to exq_server;
grant select on accounts to exq_server, exq_executor, exq_reader;
grant insert on accounts to exq_server;
alter table accounts owner to exq_owner;
alter function refuse_return owner to exq_owner;
alter function take_authority owner to exq_owner;

-- Down Migration

alter table intents drop column agent, drop column on_behalf_of, drop column actors, drop column workflow_id, drop column run_id;
alter table decisions drop column agent, drop column on_behalf_of, drop column actors, drop column tool,
  drop column workflow_id, drop column run_id;
drop table accounts;
drop trigger refuse_return on principals;
drop function refuse_return, take_authority;
alter table principals drop column contact, drop column event, drop column reason;
