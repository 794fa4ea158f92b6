-- Up Migration

-- What a decision rests on is looked at more than once: look 0 before the policy, further ones right before an intent.
alter table observations add column look int not null default 0 check (look >= 0);
alter table observations drop constraint observations_pkey;
alter table observations add primary key (tenant, action_id, step, look);

-- The look that a round was decided on, and what had moved where an intent was refused for it; the look of an intent.
alter table decisions add column look int, add column moved jsonb;
alter table intents add column look int;

-- How many objects a look found at `/observed/...`: a whole number, or a list that is counted. Null where neither is.
create function objects_at(output jsonb, pointer text) returns numeric language sql immutable as $$
  select case jsonb_typeof(found) when 'number' then found::numeric when 'array' then jsonb_array_length(found) end
  from (select output #> (string_to_array(pointer, '/'))[3:] as found) there
$$;

-- Each look follows the one before it. A call whose contract names preconditions, or how many objects it touches, rests on
-- the newest look, which is seconds old and later than what people were shown. The preconditions are in it as they were
-- when the round was decided, and there are no more objects in it.
create function fence_look() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  preconditions jsonb; touched text; newest observations; decided jsonb; pointer text;
begin
  if new.phase = 'observe' then
    if not exists (select from observations o where (o.tenant, o.action_id, o.step, o.look)
        = (new.tenant, new.action_id, new.step, new.generation - 1)) then
      return null;
    end if;
    return new;
  end if;
  select c.contract -> 'preconditions', c.contract #>> '{touches,observed}' into preconditions, touched
    from actions a cross join lateral (select a.contracts -> new.step as pin) p
      join contracts c on c.tenant = a.tenant and c.tool = pin ->> 'tool' and c.version = (pin ->> 'version')::int and c.digest = pin ->> 'digest'
    where a.tenant = new.tenant and a.id = new.action_id limit 1;
  if preconditions is null and touched is null then
    return new;
  end if;
  select * into newest from observations o
    where o.tenant = new.tenant and o.action_id = new.action_id and o.step = new.step order by o.look desc limit 1;
  select o.output into decided from decisions d join observations o
      on o.tenant = d.tenant and o.action_id = d.action_id and o.step = d.step and o.look = coalesce(d.look, 0)
    where d.tenant = new.tenant and d.action_id = new.action_id and d.step = new.step and d.round = new.round
      and d.stage = 'policy' and d.phase = 'execute';
  if decided is null or newest.look is null or new.look is distinct from newest.look
      or newest.observed_at < clock_timestamp() - interval '5 seconds'
      or exists (select from envelopes e where e.tenant = new.tenant and e.action_id = new.action_id and e.round = new.round
        and e.sealed_at >= newest.observed_at) then
    return null;
  end if;
  for pointer in select jsonb_array_elements_text(coalesce(preconditions, '[]')) loop
    if (newest.output #> (string_to_array(pointer, '/'))[3:]) is distinct from (decided #> (string_to_array(pointer, '/'))[3:]) then
      return null;
    end if;
  end loop;
  if touched is not null and (objects_at(newest.output, touched) <= objects_at(decided, touched)) is not true then
    return null;
  end if;
  return new;
end $$;
create trigger fence_look before insert on intents for each row
  when (new.phase = 'execute' or (new.phase = 'observe' and new.generation > 0)) execute function fence_look();
-- The generation of an observation counts its looks: people order none of them.
drop trigger fence_generation on intents;
create trigger fence_generation before insert on intents for each row
  when (new.generation > 0 and new.phase <> 'observe') execute function fence_generation();
revoke execute on function fence_look, objects_at from public;
alter function fence_look owner to exq_owner;
alter function objects_at owner to exq_owner;

-- Down Migration

drop trigger fence_generation on intents;
create trigger fence_generation before insert on intents for each row when (new.generation > 0) execute function fence_generation();
drop trigger fence_look on intents;
drop function fence_look, objects_at;
alter table intents drop column look;
alter table decisions drop column look, drop column moved;
alter table observations drop constraint observations_pkey;
alter table observations disable trigger append_only;
delete from observations where look > 0;
alter table observations enable trigger append_only;
alter table observations add primary key (tenant, action_id, step);
alter table observations drop column look;
