-- Up Migration

-- Of a cancellation and an ending the one that is recorded first counts: what has ended is not cancelled any more, and
-- what was cancelled does not end as if nobody had said so.
create function fence_cancellation() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from actions where tenant = new.tenant and id = new.action_id for no key update;
  if exists (select from actions where tenant = new.tenant and id = new.action_id and outcome is not null) then
    return null;
  end if;
  return new;
end $$;
create trigger fence_cancellation before insert on cancellations for each row execute function fence_cancellation();

create function honour_cancellation() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from cancellations where tenant = new.tenant and action_id = new.id) then
    return null;
  end if;
  return new;
end $$;
create trigger honour_cancellation before update of outcome on actions for each row
  when (old.outcome is null and new.outcome = 'succeeded') execute function honour_cancellation();

-- Whether a call of a step got no definite answer, and may still be applied by whoever was asked.
create function may_be_applied(of_tenant text, of_action text, of_step text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select from attempts t
      left join outcomes o using (tenant, action_id, step, phase, generation, attempt)
      cross join lateral (select promise_of(t.tenant, t.action_id, t.step, t.phase, t.generation) as promise) p
    where t.tenant = of_tenant and t.action_id = of_action and t.step = of_step and t.phase <> 'observe'
      and coalesce(o.effect, 'unknown') = 'unknown'
      and coalesce(o.recorded_at, t.attempted_at + milliseconds(promise, 'call_timeout_ms', 10000))
        + milliseconds(promise, 'settling_ms', coalesce(2 * (promise ->> 'call_timeout_ms')::bigint, 20000)) > clock_timestamp())
$$;

-- What is undone is known to have happened: by an answer that no finding contradicts, by a finding, or by somebody who
-- decided so. And forward calls and undoing do not meet: nothing is executed once the plan has halted, and nothing undone
-- before it has, nor while a call of the same step may still be applied.
create function fence_undo() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  forward int;
begin
  if new.phase = 'observe' then
    return new;
  end if;
  perform 1 from actions where tenant = new.tenant and id = new.action_id for no key update;
  if (new.phase = 'compensate') <> exists (select from halts where tenant = new.tenant and action_id = new.action_id) then
    return null;
  end if;
  if tg_table_name = 'attempts' or new.phase = 'execute' then
    return new;
  end if;
  select max(generation) into forward from intents
    where tenant = new.tenant and action_id = new.action_id and step = new.step and phase = 'execute';
  if forward is null
      or not exists (
        select from outcomes o
        where (o.tenant, o.action_id, o.step, o.phase, o.generation) = (new.tenant, new.action_id, new.step, 'execute', forward)
          and o.effect = 'committed' and not exists (
            select from verifications v
            where (v.tenant, v.action_id, v.step, v.phase, v.generation) = (o.tenant, o.action_id, o.step, o.phase, o.generation)
              and v.found <> 'committed')
        union all
        select from verifications v
        where (v.tenant, v.action_id, v.step, v.phase, v.generation) = (new.tenant, new.action_id, new.step, 'execute', forward)
          and v.found = 'committed'
        union all
        select from resolutions r
        where (r.tenant, r.action_id, r.step, r.phase, r.generation) = (new.tenant, new.action_id, new.step, 'execute', forward)
          and r.choice in ('happened', 'compensate'))
      or may_be_applied(new.tenant, new.action_id, new.step) then
    return null;
  end if;
  return new;
end $$;
create trigger fence_undo before insert on intents for each row execute function fence_undo();
create trigger fence_undo before insert on attempts for each row execute function fence_undo();

revoke execute on function fence_cancellation, honour_cancellation, may_be_applied, fence_undo from public;
alter function fence_cancellation owner to exq_owner;
alter function honour_cancellation owner to exq_owner;
alter function may_be_applied owner to exq_owner;
alter function fence_undo owner to exq_owner;

-- Down Migration

drop trigger fence_undo on attempts;
drop trigger fence_undo on intents;
drop trigger honour_cancellation on actions;
drop trigger fence_cancellation on cancellations;
drop function fence_undo, may_be_applied, honour_cancellation, fence_cancellation;
