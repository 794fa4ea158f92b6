-- Up Migration

-- What an agent did before. `agent` is who asked, whoever acts; `session` only where a credential confirms it.
alter table intents add column session text,
  add column reads text[] not null default '{}' check (reads <@ array['untrusted', 'sensitive']);
create index intents_by_agent on intents (tenant, agent, intended_at) where phase = 'execute';
create index intents_by_session on intents (tenant, session) where session is not null;
create index intents_that_read_untrusted on intents (tenant, agent, intended_at) where 'untrusted' = any (reads);
create index intents_that_read_sensitive on intents (tenant, agent, intended_at) where 'sensitive' = any (reads);

-- What was taken out of an output before it was recorded: {"fields": [pointers], "rows": {pointer: count}}.
alter table outcomes add column cut jsonb;

-- People look over what ran without them.
create table reviews (
  tenant text not null, action_id text not null, reviewer text not null,
  verdict text not null check (verdict in ('looked-at', 'objected')), reason text,
  reviewed_at timestamptz not null default now(),
  primary key (tenant, action_id, reviewer, verdict),
  check (verdict = 'looked-at' or reason is not null)
);
create trigger append_only before update or delete or truncate on reviews for each statement execute function refuse_change();

-- A projection, as the rest of where an action stands: `due` once it ended with an effect that nobody approved.
alter table actions add column review text check (review in ('due', 'looked-at', 'objected'));
create index actions_to_review on actions (tenant, review, ended_at, id) where review in ('due', 'objected');

-- An intent that no definite "not committed" answers may have had its effect.
create function mark_for_review() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
      select from intents i
        join contracts c on c.tenant = i.tenant and c.tool = i.tool and c.digest = i.contract_digest
      where i.tenant = new.tenant and i.action_id = new.id and i.phase = 'execute' and i.envelope_digest is null
        and c.contract->>'effect' <> 'none'
        and not exists (select from outcomes o
          where (o.tenant, o.action_id, o.step, o.phase, o.generation) = (i.tenant, i.action_id, i.step, i.phase, i.generation)
            and o.effect = 'not-committed')
        and not exists (select from verifications v
          where (v.tenant, v.action_id, v.step, v.phase, v.generation) = (i.tenant, i.action_id, i.step, i.phase, i.generation)
            and v.found = 'not-committed'
            and not exists (select from outcomes o
              where (o.tenant, o.action_id, o.step, o.phase, o.generation) = (i.tenant, i.action_id, i.step, i.phase, i.generation)
                and o.effect = 'committed'))) then
    new.review := 'due';
  end if;
  return new;
end $$;
create trigger mark_for_review before update of outcome on actions for each row
  when (old.outcome is null and new.outcome is not null and new.risk <> 'low') execute function mark_for_review();

-- An objection stays, whoever looks afterwards.
create function note_review() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update actions set review = new.verdict where tenant = new.tenant and id = new.action_id and review is distinct from 'objected';
  return null;
end $$;
create trigger note_review after insert on reviews for each row execute function note_review();

revoke execute on function mark_for_review, note_review from public;
grant select on reviews to exq_server, exq_executor, exq_reader;
grant insert on reviews to exq_server;
alter table reviews owner to exq_owner;
alter function mark_for_review owner to exq_owner;
alter function note_review owner to exq_owner;

-- Down Migration

drop trigger mark_for_review on actions;
drop table reviews;
drop function mark_for_review, note_review;
alter table actions drop column review;
alter table outcomes drop column cut;
alter table intents drop column session, drop column reads;
drop index if exists intents_by_agent;
