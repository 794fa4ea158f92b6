-- Up Migration

-- No intent is written where the ledger says that its call was refused in this round: whoever evaluated the policy at the
-- same time, and was allowed, looks again.
create function fence_refused() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from decisions d where (d.tenant, d.action_id, d.stage, d.phase, d.step, d.round)
        = (new.tenant, new.action_id, 'intent', new.phase, new.step, new.round) and d.result <> 'allow') then
    return null;
  end if;
  return new;
end $$;
create trigger fence_refused before insert on intents for each row execute function fence_refused();

-- And a refusal waits for an intent of its action that is being written, as the intent does for the refusal.
create function fence_refusal() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from actions where tenant = new.tenant and id = new.action_id for no key update;
  return new;
end $$;
create trigger fence_refusal before insert on decisions for each row
  when (new.stage = 'intent' and new.result <> 'allow') execute function fence_refusal();

-- How many intents an action has: looked up anew by whoever has waited for its row.
create function intents_of(of_tenant text, of_action text) returns int
language plpgsql volatile set search_path = public, pg_temp as $$
begin
  return (select count(*) from intents where tenant = of_tenant and action_id = of_action);
end $$;

revoke execute on function fence_refused, fence_refusal, intents_of from public;
grant execute on function intents_of to exq_server;
alter function fence_refused owner to exq_owner;
alter function fence_refusal owner to exq_owner;
alter function intents_of owner to exq_owner;

-- Down Migration

drop trigger fence_refused on intents;
drop trigger fence_refusal on decisions;
drop function fence_refused, fence_refusal, intents_of;
