-- Up Migration

-- A call is made under a new key only where people decided so about the one before; never once that one was answered, late
-- too, or seen to have happened after all, and never while it may still be applied.
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
      or may_be_applied(new.tenant, new.action_id, new.step) then
    return null;
  end if;
  return new;
end $$;

-- Down Migration

-- The function of before is that of 0020: nothing else was changed.
