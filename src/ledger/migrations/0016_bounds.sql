-- Up Migration

-- Whom a call counts for, and what it takes: written with the intent, so that no crash can part the two.
alter table intents add column owner text, add column target text, add column writes boolean,
  add column spend_cents bigint check (spend_cents >= 0), add column currency text;

-- What every call of a plan takes, and where that stands: a projection of intents and of what they came to, so that a sum
-- over a stretch of time is one range of one index. `settled_at` is when it was known to have happened: infinity while
-- nobody knows (it counts however old it is), -infinity once it surely did not. Rebuilt by rebuild_reservations.
create table reservations (
  tenant text not null, action_id text not null, step text not null, generation int not null,
  owner text not null, agent text not null, tool text not null, target text not null,
  writes int not null, spend_cents bigint not null, currency text,
  state text not null check (state in ('open', 'posted', 'released', 'undone')),
  reserved_at timestamptz not null, settled_at timestamptz not null,
  primary key (tenant, action_id, step, generation)
);
create index reservations_of_tenant on reservations (tenant, settled_at);
create index reservations_of_owner on reservations (tenant, owner, settled_at);
create index reservations_of_agent on reservations (tenant, agent, settled_at);
create index reservations_of_target on reservations (tenant, target, settled_at);
select separate_tenants('reservations');

-- One row per scope that something is counted per, for one intent after the other to hold.
create table budget_scopes (
  tenant text not null, scope text not null,
  primary key (tenant, scope)
);
select separate_tenants('budget_scopes');

-- That a budget came near its limit, or was reached, and by what; that calls went in a loop.
create table budget_events (
  tenant text not null, action_id text not null, step text not null, round int not null, budget text not null,
  kind text not null check (kind in ('near', 'reached', 'loop')),
  scope jsonb not null, used bigint not null, amount bigint not null, most bigint not null, window_ms bigint not null,
  agent text not null, tool text not null,
  happened_at timestamptz not null default now(),
  primary key (tenant, action_id, step, round, budget, kind)
);
create index budget_events_by_time on budget_events (tenant, happened_at desc);
select separate_tenants('budget_events');
create trigger append_only before update or delete or truncate on budget_events execute function refuse_change();

-- Where a reservation stands, by everything that is recorded of its call. What is known to have happened never comes
-- back; nor does what nobody knows. An undo that was confirmed gives back what was spent, not that something was done.
create function reservation_standing(of_tenant text, of_action text, of_step text, of_generation int, is_write boolean, since timestamptz,
  out state text, out settled_at timestamptz)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare happened timestamptz; nothing timestamptz;
begin
  if not is_write then
    state := 'posted'; settled_at := since;
    return;
  end if;
  select min(known.at) filter (where known.effect in ('committed', 'diverged')), min(known.at) filter (where known.effect = 'not-committed')
    into happened, nothing
    from (select o.effect, o.recorded_at as at from outcomes o
        where (o.tenant, o.action_id, o.step, o.phase, o.generation) = (of_tenant, of_action, of_step, 'execute', of_generation)
      union all
      select v.found, v.verified_at from verifications v
        where (v.tenant, v.action_id, v.step, v.phase, v.generation) = (of_tenant, of_action, of_step, 'execute', of_generation)) known;
  if happened is null and nothing is null then
    state := 'open'; settled_at := 'infinity';
  elsif happened is null then
    state := 'released'; settled_at := '-infinity';
  else
    settled_at := happened;
    state := case when exists (select from outcomes o
        where (o.tenant, o.action_id, o.step, o.phase, o.effect) = (of_tenant, of_action, of_step, 'compensate', 'committed'))
      and not exists (select from verifications v
        where (v.tenant, v.action_id, v.step, v.phase) = (of_tenant, of_action, of_step, 'compensate') and v.found <> 'committed')
      then 'undone' else 'posted' end;
  end if;
end $$;

create function reserve() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into reservations (tenant, action_id, step, generation, owner, agent, tool, target, writes, spend_cents, currency,
    state, reserved_at, settled_at)
  values (new.tenant, new.action_id, new.step, new.generation, new.owner, new.agent, new.tool, new.target, new.writes::int,
    new.spend_cents, new.currency, case when new.writes then 'open' else 'posted' end, new.intended_at,
    case when new.writes then 'infinity' else new.intended_at end);
  return null;
end $$;
create trigger reserve after insert on intents for each row
  when (new.phase = 'execute' and new.writes is not null) execute function reserve();

create function settle_reservation() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update reservations r set state = s.state, settled_at = s.settled_at
  from reservations known, reservation_standing(known.tenant, known.action_id, known.step, known.generation, known.writes > 0, known.reserved_at) s
  where (r.tenant, r.action_id, r.step, r.generation) = (known.tenant, known.action_id, known.step, known.generation)
    and (known.tenant, known.action_id, known.step) = (new.tenant, new.action_id, new.step) and known.writes > 0
    and (new.phase = 'compensate' or known.generation = new.generation)
    and (r.state, r.settled_at) is distinct from (s.state, s.settled_at);
  return null;
end $$;
create trigger settle_reservation after insert on outcomes for each row
  when (new.phase <> 'observe' and new.effect <> 'unknown') execute function settle_reservation();
create trigger settle_reservation after insert on verifications for each row
  when (new.phase <> 'observe') execute function settle_reservation();

-- The bounds that a plan sets itself hold for what its intents really take, late values and further tries included.
create function fence_bounds() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare bounds jsonb; steps bigint; calls bigint; writes bigint; spend numeric;
begin
  select request::jsonb->'plan'->'bounds' into bounds from actions where tenant = new.tenant and id = new.action_id;
  if bounds is null then
    return new;
  end if;
  select count(distinct r.step) filter (where r.step <> new.step) + 1, count(*) + 1, coalesce(sum(r.writes), 0) + new.writes::int,
      coalesce(sum(r.spend_cents) filter (where r.state <> 'undone'), 0) + new.spend_cents
    into steps, calls, writes, spend
    from reservations r where r.tenant = new.tenant and r.action_id = new.action_id and r.state <> 'released';
  if steps > (bounds->>'steps')::bigint or calls > (bounds->>'calls')::bigint or writes > (bounds->>'writes')::bigint
      or spend > (bounds->>'spend_cents')::bigint then
    return null;
  end if;
  return new;
end $$;
create trigger fence_bounds before insert on intents for each row
  when (new.phase = 'execute' and new.writes is not null) execute function fence_bounds();

-- For the owner: makes the projection anew from what it is a projection of.
create function rebuild_reservations(of_tenant text) returns bigint
language plpgsql volatile set search_path = public, pg_temp as $$
declare made bigint;
begin
  delete from reservations where tenant = of_tenant;
  insert into reservations (tenant, action_id, step, generation, owner, agent, tool, target, writes, spend_cents, currency,
    state, reserved_at, settled_at)
  select i.tenant, i.action_id, i.step, i.generation, i.owner, i.agent, i.tool, i.target, i.writes::int, i.spend_cents, i.currency,
    s.state, i.intended_at, s.settled_at
  from intents i, reservation_standing(i.tenant, i.action_id, i.step, i.generation, i.writes, i.intended_at) s
  where i.tenant = of_tenant and i.phase = 'execute' and i.writes is not null;
  get diagnostics made = row_count;
  return made;
end $$;

-- Holds the scopes of a call until the end of the transaction, one after the other in one order for all, so that no two
-- transactions wait for each other. What is read after this is changed by no other intent of these scopes.
create function take_budget_scopes(of_tenant text, scopes text[]) returns void
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare each text;
begin
  if of_tenant is distinct from current_setting('exequatur.tenant', true) then
    raise exception 'the connection is of another tenant' using errcode = 'insufficient_privilege';
  end if;
  for each in select distinct s collate "C" from unnest(scopes) s order by 1 loop
    perform 1 from budget_scopes where tenant = of_tenant and scope = each for no key update;
    if not found then
      insert into budget_scopes (tenant, scope) values (of_tenant, each) on conflict do nothing;
      perform 1 from budget_scopes where tenant = of_tenant and scope = each for no key update;
    end if;
  end loop;
end $$;

-- What a caller reports that its model took, once per action. Nobody vouches for it.
create table reported_usage (
  tenant text not null, action_id text not null, agent text not null, owner text not null,
  model_calls bigint not null check (model_calls >= 0), tokens bigint not null check (tokens >= 0),
  cost_cents bigint not null check (cost_cents >= 0),
  reported_at timestamptz not null default now(),
  primary key (tenant, action_id)
);
create index reported_usage_by_time on reported_usage (tenant, reported_at);
select separate_tenants('reported_usage');
create trigger append_only before update or delete or truncate on reported_usage execute function refuse_change();

-- The same call again: at the door, and at the intent.
create index actions_repeated on actions (tenant, agent, fingerprint, admitted_at);
create index intents_repeated on intents (tenant, agent, args_digest, intended_at) where phase = 'execute';

revoke execute on function reservation_standing, fence_bounds, reserve, settle_reservation, rebuild_reservations, take_budget_scopes from public;
grant execute on function take_budget_scopes to exq_executor;
grant select on reservations, budget_scopes, budget_events, reported_usage to exq_server, exq_executor, exq_reader;
grant insert on budget_events to exq_server, exq_executor;
grant insert on reported_usage to exq_server;
do $$
declare name text;
begin
  foreach name in array array['reservations', 'budget_scopes', 'budget_events', 'reported_usage'] loop
    execute format('alter table %I owner to exq_owner', name);
  end loop;
  foreach name in array array['reservation_standing', 'fence_bounds', 'reserve', 'settle_reservation', 'rebuild_reservations', 'take_budget_scopes'] loop
    execute format('alter function %I owner to exq_owner', name);
  end loop;
end $$;

-- Down Migration

drop trigger reserve on intents;
drop trigger fence_bounds on intents;
drop trigger settle_reservation on outcomes;
drop trigger settle_reservation on verifications;
drop table reported_usage, budget_events, budget_scopes, reservations;
drop function fence_bounds, reserve, settle_reservation, rebuild_reservations, reservation_standing, take_budget_scopes;
drop index actions_repeated, intents_repeated;
alter table intents drop column owner, drop column target, drop column writes, drop column spend_cents, drop column currency;
