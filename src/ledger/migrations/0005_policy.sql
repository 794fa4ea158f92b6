-- Up Migration

-- Who introduced or last altered each policy of a set, by policy id, and how the set came into force.
alter table policy_sets
  add column authors jsonb not null default '{}',
  add column change_id text,
  add column agreed_by text[] not null default '{}';

-- The permits that allow once the approvals are given: their authors do not decide on what they let happen.
alter table decisions add column permitted_by text[] not null default '{}';

-- A change of the set in force: from one digest to another, and how many people of which group have to agree to it.
create table policy_changes (
  tenant text not null, change_id text not null,
  base_revision int not null, base_digest text not null, digest text not null, policies jsonb not null, authors jsonb not null,
  author text not null, note text not null,
  loosens boolean not null, reasons text[] not null, people int not null check (people >= 0), group_name text not null,
  proposed_at timestamptz not null default now(),
  primary key (tenant, change_id)
);
create table policy_agreements (
  tenant text not null, change_id text not null, person text not null,
  vote text not null check (vote in ('agree', 'object')), reason text not null,
  agreed_at timestamptz not null default now(),
  primary key (tenant, change_id, person, vote),
  foreign key (tenant, change_id) references policy_changes
);
create trigger append_only before update or delete or truncate on policy_changes execute function refuse_change();
create trigger append_only before update or delete or truncate on policy_agreements execute function refuse_change();

-- Who agrees to a change as things stand: live people who are in its group now.
create function agreed_to(of_tenant text, of_change text) returns text[]
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(array_agg(a.person order by a.person), '{}')
  from policy_agreements a join policy_changes c using (tenant, change_id)
  where a.tenant = of_tenant and a.change_id = of_change and a.vote = 'agree'
    and (select p.kind = 'person' and p.state = 'live' from principals p
      where p.tenant = a.tenant and p.principal = a.person order by p.revision desc limit 1)
    and (select g.state = 'member' from groups g
      where g.tenant = a.tenant and g.name = c.group_name and g.member = a.person order by g.revision desc limit 1)
$$;

-- A set follows another only as a recorded change of exactly that one, to which nobody objects and as many people agree
-- as it needs. One that comes too late is not written.
create function fence_policy_set() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare present policy_sets; change policy_changes; agreed text[];
begin
  perform take_authority(new.tenant);
  select * into present from policy_sets where tenant = new.tenant order by revision desc limit 1;
  if not found then return new; end if;
  if new.revision <> present.revision + 1 then return null; end if;
  select * into change from policy_changes where tenant = new.tenant and change_id = new.change_id;
  agreed := agreed_to(new.tenant, new.change_id);
  if change.change_id is null or change.base_revision <> present.revision or change.base_digest <> present.digest
      or (change.digest, change.policies, change.authors, change.author) is distinct from (new.digest, new.policies, new.authors, new.author)
      or cardinality(agreed) < change.people or agreed is distinct from new.agreed_by
      or exists (select from policy_agreements where tenant = new.tenant and change_id = new.change_id and vote = 'object') then
    raise exception 'a policy set follows another only as an agreed change of it' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger fence_policy_set before insert on policy_sets for each row execute function fence_policy_set();

revoke execute on function agreed_to, fence_policy_set from public;
grant execute on function agreed_to to exq_server;
grant select on policy_changes, policy_agreements to exq_server, exq_executor, exq_reader;
grant insert on policy_changes, policy_agreements to exq_server;
alter table policy_changes owner to exq_owner;
alter table policy_agreements owner to exq_owner;
alter function agreed_to owner to exq_owner;
alter function fence_policy_set owner to exq_owner;

-- Down Migration

drop trigger fence_policy_set on policy_sets;
drop function fence_policy_set, agreed_to;
drop table policy_agreements, policy_changes;
alter table decisions drop column permitted_by;
alter table policy_sets drop column authors, drop column change_id, drop column agreed_by;
