-- Up Migration

-- As before; and nobody decides that a call did not happen while it may still be applied.
create or replace function fence_resolution() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from actions where tenant = new.tenant and id = new.action_id for no key update;
  if not exists (select from attentions t where (t.tenant, t.id, t.action_id, t.step, t.phase, t.generation)
        = (new.tenant, new.attention_id, new.action_id, new.step, new.phase, new.generation))
      or facts_of(new.tenant, new.action_id, new.step, new.phase) <> new.facts
      or (new.choice = 'did-not-happen' and may_be_applied(new.tenant, new.action_id, new.step))
      or (new.choice in ('attempt-again', 'compensate')
        and exists (select from actions where tenant = new.tenant and id = new.action_id and outcome is not null)) then
    return null;
  end if;
  return new;
end $$;

-- Down Migration

-- The function of before is that of 0013: nothing else was changed.
