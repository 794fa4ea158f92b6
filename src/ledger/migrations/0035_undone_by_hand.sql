-- Up Migration

-- As before; what people undid by hand gives its money back also where no undo was begun, and what a later order has left
-- behind is not undone with what came after it.
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
  state := 'posted';
  -- One undo takes back one effect: the newest.
  if of_generation < (select max(i.generation) from intents i
      where (i.tenant, i.action_id, i.step, i.phase) = (of_tenant, of_action, of_step, 'execute')) then
    return;
  end if;
  -- What people undid by hand before an undo was begun is said of the first.
  select coalesce(max(i.generation), 0) into undoing from intents i
    where (i.tenant, i.action_id, i.step, i.phase) = (of_tenant, of_action, of_step, 'compensate');
  if exists (select from verifications v
        where (v.tenant, v.action_id, v.step, v.phase, v.generation) = (of_tenant, of_action, of_step, 'compensate', undoing)
          and v.found = 'committed')
      or (select r.choice from resolutions r
        where (r.tenant, r.action_id, r.step, r.phase, r.generation) = (of_tenant, of_action, of_step, 'compensate', undoing)
          and r.choice in ('happened', 'did-not-happen')
        order by r.resolved_at desc, r.revision desc limit 1) = 'happened' then
    state := 'undone';
  end if;
end $$;

-- Down Migration

-- The function of before is that of 0020: nothing else was changed.
