-- Up Migration

-- What was answered late is known of a call as well: nobody decides on it without having been shown it.
create or replace function facts_of(of_tenant text, of_action text, of_step text, of_phase text) returns int
language sql stable security definer set search_path = public, pg_temp as $$
  select (select count(*) from attempts where (tenant, action_id, step, phase) = (of_tenant, of_action, of_step, of_phase))::int
    + (select count(*) from outcomes where (tenant, action_id, step, phase) = (of_tenant, of_action, of_step, of_phase))::int
    + (select count(*) from verifications where (tenant, action_id, step, phase) = (of_tenant, of_action, of_step, of_phase))::int
    + (select count(*) from late_results where (tenant, action_id, step, phase) = (of_tenant, of_action, of_step, of_phase))::int
$$;
create function fence_late_result() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from actions where tenant = new.tenant and id = new.action_id for no key update;
  return new;
end $$;
create trigger fence_late_result before insert on late_results for each row execute function fence_late_result();

-- A call is made under a new key only where people decided so about the one before; never once that one was answered, late
-- too, or seen to have happened after all, and never while it may still be on its way.
create or replace function fence_generation() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from actions where tenant = new.tenant and id = new.action_id for no key update;
  if not exists (select from resolutions r where (r.tenant, r.action_id, r.step, r.phase) = (new.tenant, new.action_id, new.step, new.phase)
        and r.generation = new.generation - 1 and r.choice = 'attempt-again')
      or exists (select from verifications v where (v.tenant, v.action_id, v.step, v.phase) = (new.tenant, new.action_id, new.step, new.phase)
        and v.generation < new.generation and v.found = 'committed')
      or exists (
        select from (select * from (select tenant, action_id, step, phase, generation, effect from outcomes
            union all select tenant, action_id, step, phase, generation, effect from late_results) every) o
        where (o.tenant, o.action_id, o.step, o.phase) = (new.tenant, new.action_id, new.step, new.phase)
          and o.generation < new.generation and o.effect = 'committed' and not exists (select from verifications v
            where (v.tenant, v.action_id, v.step, v.phase, v.generation) = (o.tenant, o.action_id, o.step, o.phase, o.generation)
              and v.found in ('not-committed', 'diverged')))
      or exists (
        select from attempts t left join outcomes o using (tenant, action_id, step, phase, generation, attempt)
        where (t.tenant, t.action_id, t.step, t.phase) = (new.tenant, new.action_id, new.step, new.phase)
          and t.generation < new.generation and o.effect is null
          and t.attempted_at + milliseconds(promise_of(t.tenant, t.action_id, t.step, t.phase, t.generation), 'call_timeout_ms', 10000)
            > clock_timestamp()) then
    return null;
  end if;
  return new;
end $$;

-- What people have settled is not tried again.
create function fence_resolved() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from resolutions r where (r.tenant, r.action_id, r.step, r.phase, r.generation)
        = (new.tenant, new.action_id, new.step, new.phase, new.generation)
      and r.choice in ('happened', 'did-not-happen', 'compensate')) then
    return null;
  end if;
  return new;
end $$;
create trigger fence_resolved before insert on attempts for each row execute function fence_resolved();

-- As before; and who decides that a call is to be undone says that it happened. What a later order has left behind
-- counts from then on, for nobody will know more of it.
create or replace function reservation_standing(of_tenant text, of_action text, of_step text, of_generation int, is_write boolean,
  since timestamptz, out state text, out settled_at timestamptz)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare happened timestamptz; nothing timestamptz; denied timestamptz; undoing int;
begin
  if not is_write then
    state := 'posted'; settled_at := since;
    return;
  end if;
  select case when r.choice = 'did-not-happen' then r.resolved_at end into denied
    from resolutions r
    where (r.tenant, r.action_id, r.step, r.phase, r.generation) = (of_tenant, of_action, of_step, 'execute', of_generation)
      and r.choice in ('happened', 'did-not-happen', 'compensate')
    order by r.resolved_at desc, r.revision desc limit 1;
  select min(known.at) filter (where known.effect in ('committed', 'diverged') and (denied is null or known.at > denied)),
      min(known.at) filter (where known.effect = 'not-committed')
    into happened, nothing
    from (select o.effect, o.recorded_at as at from outcomes o
        where (o.tenant, o.action_id, o.step, o.phase, o.generation) = (of_tenant, of_action, of_step, 'execute', of_generation)
      union all
      select v.found, v.verified_at from verifications v
        where (v.tenant, v.action_id, v.step, v.phase, v.generation) = (of_tenant, of_action, of_step, 'execute', of_generation)
      union all
      select l.effect, l.arrived_at from late_results l
        where (l.tenant, l.action_id, l.step, l.phase, l.generation) = (of_tenant, of_action, of_step, 'execute', of_generation)
          and l.effect = 'committed'
      union all
      select 'committed', r.resolved_at from resolutions r
        where (r.tenant, r.action_id, r.step, r.phase, r.generation) = (of_tenant, of_action, of_step, 'execute', of_generation)
          and r.choice in ('happened', 'compensate')) known;
  if happened is null and nothing is null and denied is null then
    select i.intended_at into happened from intents i
      where (i.tenant, i.action_id, i.step, i.phase, i.generation) = (of_tenant, of_action, of_step, 'execute', of_generation + 1);
    state := case when happened is null then 'open' else 'posted' end;
    settled_at := coalesce(happened, 'infinity');
    return;
  end if;
  if happened is null then
    state := 'released'; settled_at := '-infinity';
    return;
  end if;
  settled_at := happened;
  select max(i.generation) into undoing from intents i
    where (i.tenant, i.action_id, i.step, i.phase) = (of_tenant, of_action, of_step, 'compensate');
  state := case when (exists (select from verifications v
        where (v.tenant, v.action_id, v.step, v.phase, v.generation) = (of_tenant, of_action, of_step, 'compensate', undoing)
          and v.found = 'committed')
      or (select r.choice from resolutions r
        where (r.tenant, r.action_id, r.step, r.phase, r.generation) = (of_tenant, of_action, of_step, 'compensate', undoing)
          and r.choice in ('happened', 'did-not-happen')
        order by r.resolved_at desc, r.revision desc limit 1) = 'happened')
    then 'undone' else 'posted' end;
end $$;
drop trigger settle_reservation on resolutions;
create trigger settle_reservation after insert on resolutions for each row
  when (new.choice in ('happened', 'did-not-happen', 'compensate')) execute function settle_reservation();
create function settle_left_behind() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update reservations r set state = s.state, settled_at = s.settled_at
  from reservation_standing(new.tenant, new.action_id, new.step, new.generation - 1, true, null) s
  where (r.tenant, r.action_id, r.step, r.generation) = (new.tenant, new.action_id, new.step, new.generation - 1) and r.writes > 0;
  return null;
end $$;
create trigger settle_left_behind after insert on intents for each row
  when (new.phase = 'execute' and new.generation > 0) execute function settle_left_behind();

revoke execute on function fence_late_result, fence_resolved, settle_left_behind from public;
alter function fence_late_result owner to exq_owner;
alter function fence_resolved owner to exq_owner;
alter function settle_left_behind owner to exq_owner;

-- Down Migration

drop trigger settle_left_behind on intents;
drop trigger fence_resolved on attempts;
drop trigger fence_late_result on late_results;
drop function settle_left_behind, fence_resolved, fence_late_result;
