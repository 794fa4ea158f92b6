-- Up Migration

-- One question to the real system each, and what it showed. `verifications` has the findings that settle a call; these
-- are all of them, so that people see what was tried, and an absence counts only where it was looked for late enough.
create table looks (
  tenant text not null, action_id text not null, step text not null, phase text not null, generation int not null,
  look bigint generated always as identity,
  found text not null check (found in ('committed', 'not-committed', 'unknown', 'diverged')), detail text,
  claimed jsonb, observed jsonb, output jsonb,
  began_at timestamptz not null, looked_at timestamptz not null default clock_timestamp(), check (began_at <= looked_at),
  primary key (tenant, action_id, step, phase, generation, look),
  foreign key (tenant, action_id, step, phase, generation) references intents
);
-- What was claimed, beside what was observed; and an output that got lost, as the look gave it back.
alter table verifications add column claimed jsonb, add column observed jsonb, add column output jsonb,
  add column began_at timestamptz;

-- Answers that came when something else was recorded already: after the deadline, or after the call was settled.
create table late_results (
  tenant text not null, action_id text not null, step text not null, phase text not null, generation int not null,
  attempt int not null, effect text not null check (effect in ('committed', 'not-committed', 'unknown')),
  output jsonb, cut jsonb, error jsonb,
  arrived_at timestamptz not null default now(),
  primary key (tenant, action_id, step, phase, generation, attempt),
  foreign key (tenant, action_id, step, phase, generation, attempt) references attempts
);

select separate_tenants('looks');
select separate_tenants('late_results');
create trigger append_only before update or delete or truncate on looks execute function refuse_change();
create trigger append_only before update or delete or truncate on late_results execute function refuse_change();

-- What the pinned contract promises of the system that a call goes to; null where no such contract is known.
create function promise_of(call_tenant text, call_action text, call_step text, call_phase text, call_generation int)
returns jsonb language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(case when i.phase = 'compensate' then c.contract -> 'undo' end, c.contract -> 'downstream')
  from intents i join contracts c on c.tenant = i.tenant and c.tool = i.tool and c.digest = i.contract_digest
  where (i.tenant, i.action_id, i.step, i.phase, i.generation)
    = (call_tenant, call_action, call_step, call_phase, call_generation)
  limit 1
$$;
create function milliseconds(promise jsonb, name text, otherwise bigint) returns interval
language sql immutable set search_path = public, pg_temp as $$
  select coalesce((promise ->> name)::bigint, otherwise) * interval '1 millisecond'
$$;

-- From when on a look that finds nothing means that nothing happened: no request of the call can still be applied, nor
-- be applied and not show. A request was sent before its answer was recorded, or before the deadline of its call.
create function absence_counts_from(promise jsonb, call_tenant text, call_action text, call_step text, call_phase text,
  call_generation int)
returns timestamptz language sql stable security definer set search_path = public, pg_temp as $$
  select max(coalesce(o.recorded_at, t.attempted_at + milliseconds(promise, 'call_timeout_ms', 0)))
    + milliseconds(promise, 'settling_ms', 2 * (promise ->> 'call_timeout_ms')::bigint)
    + milliseconds(promise, 'read_after_write_ms', 0)
  from attempts t left join outcomes o using (tenant, action_id, step, phase, generation, attempt)
  where (t.tenant, t.action_id, t.step, t.phase, t.generation)
    = (call_tenant, call_action, call_step, call_phase, call_generation)
$$;

-- What the class of a downstream forbids is not attempted, whatever asks for it. The first attempt rests on the intent.
create function fence_class() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  promise jsonb;
  first_at timestamptz;
begin
  select min(attempted_at) into first_at from attempts t
    where (t.tenant, t.action_id, t.step, t.phase, t.generation)
      = (new.tenant, new.action_id, new.step, new.phase, new.generation);
  if first_at is null then
    return new;
  end if;
  -- Settled by a look, or left behind by a later order.
  if exists (select from verifications v where (v.tenant, v.action_id, v.step, v.phase, v.generation)
        = (new.tenant, new.action_id, new.step, new.phase, new.generation))
      or exists (select from intents i where (i.tenant, i.action_id, i.step, i.phase)
        = (new.tenant, new.action_id, new.step, new.phase) and i.generation > new.generation) then
    return null;
  end if;
  promise := promise_of(new.tenant, new.action_id, new.step, new.phase, new.generation);
  case promise ->> 'class'
    when 'read' then
      return new;
    when 'idempotent-by-key' then
      -- The key has to be honoured for as long as this call may take, and its request may be on its way.
      if clock_timestamp() < first_at + milliseconds(promise, 'key_lifetime_ms', 0)
          - 2 * milliseconds(promise, 'call_timeout_ms', 0) then
        return new;
      end if;
    when 'queryable' then
      if exists (select from looks l where (l.tenant, l.action_id, l.step, l.phase, l.generation)
            = (new.tenant, new.action_id, new.step, new.phase, new.generation)
          and l.found = 'not-committed'
          and l.began_at >= absence_counts_from(promise, new.tenant, new.action_id, new.step, new.phase, new.generation)) then
        return new;
      end if;
    else
      null;
  end case;
  return null;
end $$;
create trigger fence_class before insert on attempts for each row execute function fence_class();

-- An absence settles a call only where its look was late enough, and never where the downstream cannot be asked.
create function fence_absence() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  promise jsonb;
begin
  perform 1 from actions where tenant = new.tenant and id = new.action_id for no key update;
  if new.found <> 'not-committed' or exists (select from outcomes o
      where (o.tenant, o.action_id, o.step, o.phase, o.generation)
        = (new.tenant, new.action_id, new.step, new.phase, new.generation) and o.effect = 'committed') then
    return new;
  end if;
  promise := promise_of(new.tenant, new.action_id, new.step, new.phase, new.generation);
  if promise ->> 'class' in ('idempotent-by-key', 'queryable')
      and new.began_at <= clock_timestamp()
      and new.began_at >= absence_counts_from(promise, new.tenant, new.action_id, new.step, new.phase, new.generation) then
    return new;
  end if;
  return null;
end $$;
create trigger fence_absence before insert on verifications for each row execute function fence_absence();

-- An answer to a call that a look, a person or a later order has settled is kept beside what is known, not in its place.
-- After `fence_call`, which waits for whoever settles it now.
create function fence_late() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from verifications v where (v.tenant, v.action_id, v.step, v.phase, v.generation)
        = (new.tenant, new.action_id, new.step, new.phase, new.generation))
      or exists (select from intents i where (i.tenant, i.action_id, i.step, i.phase)
        = (new.tenant, new.action_id, new.step, new.phase) and i.generation > new.generation)
      or exists (select from resolutions r where (r.tenant, r.action_id, r.step, r.phase, r.generation)
        = (new.tenant, new.action_id, new.step, new.phase, new.generation) and r.choice <> 'attempt-again') then
    insert into late_results (tenant, action_id, step, phase, generation, attempt, effect, output, cut, error)
      values (new.tenant, new.action_id, new.step, new.phase, new.generation, new.attempt, new.effect, new.output, new.cut, new.error)
      on conflict do nothing;
    return null;
  end if;
  return new;
end $$;
create trigger fence_late before insert on outcomes for each row when (new.effect <> 'unknown') execute function fence_late();

-- Whoever waits for the call looks again.
create function hint_action() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into outbox (tenant, kind, action_id) values (new.tenant, 'hint', new.action_id);
  return null;
end $$;
create trigger hint_action after insert on late_results for each row execute function hint_action();

revoke execute on function promise_of, milliseconds, absence_counts_from, fence_class, fence_absence, fence_late, hint_action from public;
grant select on looks, late_results to exq_server, exq_executor, exq_reader;
grant insert on late_results to exq_executor;
grant insert (tenant, action_id, step, phase, generation, found, detail, claimed, observed, output, began_at) on looks to exq_executor;
alter table looks owner to exq_owner;
alter table late_results owner to exq_owner;
alter function promise_of owner to exq_owner;
alter function milliseconds owner to exq_owner;
alter function absence_counts_from owner to exq_owner;
alter function fence_class owner to exq_owner;
alter function fence_absence owner to exq_owner;
alter function fence_late owner to exq_owner;
alter function hint_action owner to exq_owner;

-- Down Migration

drop trigger fence_class on attempts;
drop trigger fence_late on outcomes;
drop trigger fence_absence on verifications;
drop table late_results, looks;
drop function fence_class, fence_absence, fence_late, hint_action, absence_counts_from, milliseconds, promise_of;
alter table verifications drop column claimed, drop column observed, drop column output, drop column began_at;
