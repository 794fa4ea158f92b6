-- Up Migration

-- Where a reservation stands, by everything that is recorded of its call: answers, findings, answers that came late, and
-- what people decided, against which only what was seen after it counts. What was seen to have happened counts, whatever
-- else was said; what nobody knows counts too. An undoing gives back what was spent once it was looked at, not before, and
-- never that something was done.
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
      and r.choice in ('happened', 'did-not-happen')
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
      select case r.choice when 'happened' then 'committed' end, r.resolved_at from resolutions r
        where (r.tenant, r.action_id, r.step, r.phase, r.generation) = (of_tenant, of_action, of_step, 'execute', of_generation)) known;
  if happened is null and nothing is null and denied is null then
    state := 'open'; settled_at := 'infinity';
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

create trigger settle_reservation after insert on resolutions for each row
  when (new.choice in ('happened', 'did-not-happen')) execute function settle_reservation();
create trigger settle_reservation after insert on late_results for each row
  when (new.phase = 'execute' and new.effect = 'committed') execute function settle_reservation();

-- Down Migration

drop trigger settle_reservation on late_results;
drop trigger settle_reservation on resolutions;
