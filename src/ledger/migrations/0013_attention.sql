-- Up Migration

-- What a machine may not settle about one call, and what was known when people were first asked. More than one of a call,
-- where something new came to light after the one before was decided.
create table attentions (
  tenant text not null, id text not null,
  action_id text not null, step text not null, phase text not null check (phase in ('execute', 'compensate')),
  generation int not null check (generation >= 0), ordinal int not null check (ordinal >= 1),
  reason text not null check (reason in ('unknown', 'diverged', 'not-undone', 'late')), known jsonb not null,
  opened_at timestamptz not null default now(),
  primary key (tenant, action_id, step, phase, generation, ordinal),
  unique (tenant, id)
);
create index attentions_by_age on attentions (tenant, opened_at, id);
select separate_tenants('attentions');
create trigger append_only before update or delete or truncate on attentions execute function refuse_change();

-- What people decided about them. The server signs each, as it has seen who decided; where the method is `key`, so has the
-- person. Only what is signed counts, whoever may write here. `facts` is how much was recorded of the call when it was read.
create table resolutions (
  tenant text not null, attention_id text not null, revision int not null check (revision >= 1),
  action_id text not null, step text not null, phase text not null, generation int not null, facts int not null,
  choice text not null check (choice in ('happened', 'did-not-happen', 'attempt-again', 'compensate', 'leave')),
  reason text not null check (reason <> ''), evidence text check (evidence <> ''), output jsonb, state_digest text not null,
  decided_by text not null, account text not null, method text not null, self_decided boolean not null,
  statement text not null, key_id text not null, signature text not null, own_key_id text, own_signature text,
  resolved_at timestamptz not null default now(),
  primary key (tenant, attention_id, revision),
  foreign key (tenant, attention_id) references attentions (tenant, id),
  check (choice not in ('happened', 'did-not-happen') or evidence is not null),
  check ((method = 'key') = (own_key_id is not null and own_signature is not null) and (own_key_id is null) = (own_signature is null))
);
create index resolutions_by_action on resolutions (tenant, action_id);
select separate_tenants('resolutions');
create trigger append_only before update or delete or truncate on resolutions execute function refuse_change();
create trigger raise_action after insert on resolutions for each row execute function raise_action();

-- How much is recorded of one phase of a step; it only grows.
create function facts_of(of_tenant text, of_action text, of_step text, of_phase text) returns int
language sql stable security definer set search_path = public, pg_temp as $$
  select (select count(*) from attempts where (tenant, action_id, step, phase) = (of_tenant, of_action, of_step, of_phase))::int
    + (select count(*) from outcomes where (tenant, action_id, step, phase) = (of_tenant, of_action, of_step, of_phase))::int
    + (select count(*) from verifications where (tenant, action_id, step, phase) = (of_tenant, of_action, of_step, of_phase))::int
$$;

-- What is recorded of a call and what is decided about it wait for each other: nobody decides on what is out of date.
-- What has ended can be explained, and goes no further.
create function fence_resolution() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from actions where tenant = new.tenant and id = new.action_id for no key update;
  if not exists (select from attentions t where (t.tenant, t.id, t.action_id, t.step, t.phase, t.generation)
        = (new.tenant, new.attention_id, new.action_id, new.step, new.phase, new.generation))
      or facts_of(new.tenant, new.action_id, new.step, new.phase) <> new.facts
      or (new.choice in ('attempt-again', 'compensate')
        and exists (select from actions where tenant = new.tenant and id = new.action_id and outcome is not null)) then
    return null;
  end if;
  return new;
end $$;
create trigger fence_resolution before insert on resolutions for each row execute function fence_resolution();
create function fence_finding() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from actions where tenant = new.tenant and id = new.action_id for no key update;
  return new;
end $$;
create trigger fence_finding before insert on verifications for each row execute function fence_finding();

-- A call is made under a new key only where people decided so about the one before, and never once that one was seen to
-- have happened after all.
create function fence_generation() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from actions where tenant = new.tenant and id = new.action_id for no key update;
  if not exists (select from resolutions r where (r.tenant, r.action_id, r.step, r.phase) = (new.tenant, new.action_id, new.step, new.phase)
        and r.generation = new.generation - 1 and r.choice = 'attempt-again')
      or exists (select from verifications v where (v.tenant, v.action_id, v.step, v.phase) = (new.tenant, new.action_id, new.step, new.phase)
        and v.generation < new.generation and v.found = 'committed')
      or exists (select from outcomes o where (o.tenant, o.action_id, o.step, o.phase) = (new.tenant, new.action_id, new.step, new.phase)
        and o.generation < new.generation and o.effect = 'committed' and not exists (select from verifications v
          where (v.tenant, v.action_id, v.step, v.phase, v.generation) = (o.tenant, o.action_id, o.step, o.phase, o.generation)
            and v.found in ('not-committed', 'diverged'))) then
    return null;
  end if;
  return new;
end $$;
create trigger fence_generation before insert on intents for each row when (new.generation > 0) execute function fence_generation();

-- People are told about these as they are about approval requests.
alter table notices
  drop constraint notices_pkey, alter column approval_id drop not null,
  add column attention_id text,
  add column about text generated always as (coalesce(approval_id, attention_id)) stored,
  add constraint notices_check check ((approval_id is null) <> (attention_id is null)),
  add constraint notices_attention_fkey foreign key (tenant, attention_id) references attentions (tenant, id),
  add primary key (tenant, about, kind, ordinal);

revoke execute on function facts_of, fence_resolution, fence_finding, fence_generation from public;
grant select on attentions, resolutions to exq_server, exq_executor, exq_reader;
grant insert on attentions, resolutions to exq_server;
alter table attentions owner to exq_owner;
alter table resolutions owner to exq_owner;
alter function facts_of owner to exq_owner;
alter function fence_resolution owner to exq_owner;
alter function fence_finding owner to exq_owner;
alter function fence_generation owner to exq_owner;

-- Down Migration

alter table notices disable trigger append_only;
delete from notices where attention_id is not null;
alter table notices
  drop constraint notices_pkey, drop constraint notices_check, drop column about, drop column attention_id,
  alter column approval_id set not null, add primary key (tenant, approval_id, kind, ordinal);
alter table notices enable trigger append_only;
drop trigger fence_generation on intents;
drop trigger fence_finding on verifications;
drop table resolutions, attentions;
drop function facts_of, fence_resolution, fence_finding, fence_generation;
