-- Up Migration

-- Group roles; processes log in as members of exactly one of them.
do $$
declare role_name text;
begin
  foreach role_name in array array['exq_owner', 'exq_server', 'exq_executor', 'exq_reader'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      begin
        execute format('create role %I nologin', role_name);
      exception when duplicate_object or unique_violation then null; -- another database of this cluster was faster
      end;
    end if;
  end loop;
end $$;

-- What may be done, by whom, under which policy. Facts are only ever added: the highest revision is the present one.
create table contracts (
  tenant text not null, tool text not null, version int not null, revision int not null,
  digest text not null, contract jsonb not null,
  status text not null check (status in ('live', 'deprecated', 'withdrawn')), note text,
  published_at timestamptz not null default now(),
  primary key (tenant, tool, version, revision)
);
create table policy_sets (
  tenant text not null, revision int not null,
  digest text not null, policies jsonb not null, author text not null,
  activated_at timestamptz not null default now(),
  primary key (tenant, revision)
);
create table principals (
  tenant text not null, principal text not null, revision int not null,
  kind text not null check (kind in ('agent', 'person')),
  state text not null check (state in ('live', 'revoked')),
  owner text, environment text, recorded_by text not null,
  recorded_at timestamptz not null default now(),
  primary key (tenant, principal, revision)
);
create table groups (
  tenant text not null, name text not null, member text not null, revision int not null,
  state text not null check (state in ('member', 'removed')), recorded_by text not null,
  recorded_at timestamptz not null default now(),
  primary key (tenant, name, member, revision)
);
create table credentials (
  tenant text not null, credential_id text not null, revision int not null,
  principal text not null, token_hash text not null,
  state text not null check (state in ('live', 'revoked')), recorded_by text not null,
  recorded_at timestamptz not null default now(),
  primary key (tenant, credential_id, revision)
);
create table stops (
  tenant text not null, scope text not null, revision int not null,
  state text not null check (state in ('stopped', 'resumed')), reason text not null, recorded_by text not null,
  recorded_at timestamptz not null default now(),
  primary key (tenant, scope, revision)
);

-- The admitted request (never changed) with the projection of where it stands (rebuilt from the tables below).
create table actions (
  tenant text not null, id text not null,
  agent text not null, request_id text not null,
  request text not null, request_digest text not null, contracts jsonb not null,
  tools text[] not null, risk text not null, subject text,
  admitted_at timestamptz not null default now(),
  revision int not null default 0,
  run_id text, closed_runs text[] not null default '{}', sealed_runs int not null default 0, stage text not null default 'request', outcome text, explanation text, ended_at timestamptz,
  primary key (tenant, id),
  unique (tenant, agent, request_id)
);
create index actions_by_time on actions (tenant, admitted_at desc, id);
create index actions_open on actions (admitted_at) where outcome is null;
create index actions_unsealed on actions (ended_at) where cardinality(closed_runs) > sealed_runs;
create table cancellations (
  tenant text not null, action_id text not null, cancelled_by text not null, reason text not null,
  cancelled_at timestamptz not null default now(),
  primary key (tenant, action_id)
);
-- That an action goes no further and is being undone: written before the first undo.
create table halts (
  tenant text not null, action_id text not null, halt text not null,
  halted_at timestamptz not null default now(),
  primary key (tenant, action_id)
);
create table refusals (
  tenant text not null, seq bigint generated always as identity,
  principal text not null, code text not null, request_digest text not null,
  refused_at timestamptz not null default now(),
  primary key (tenant, seq)
);

-- Stages policy and approval.
create table decisions (
  tenant text not null, action_id text not null, stage text not null check (stage in ('policy', 'intent')),
  phase text not null, step text not null, round int not null,
  result text not null check (result in ('allow', 'deny', 'require-approval')),
  policy_ids text[] not null, policy_digest text not null, input_digest text not null, contract_digest text not null,
  requirements jsonb not null, explanation text not null,
  decided_at timestamptz not null default now(),
  primary key (tenant, action_id, stage, phase, step, round)
);
create table envelopes (
  tenant text not null, action_id text not null, round int not null,
  id text not null, digest text not null, envelope text not null,
  rendering text not null, rendering_digest text not null,
  requirements jsonb not null, approver_groups text[] not null, policy_digest text not null,
  sealed_at timestamptz not null default now(), expires_at timestamptz not null,
  primary key (tenant, action_id, round),
  unique (tenant, id)
);
create table votes (
  tenant text not null, approval_id text not null, approver text not null,
  action_id text not null, vote text not null check (vote in ('approve', 'reject')),
  reason text not null, method text not null, envelope_digest text not null, rendering_digest text not null,
  statement text not null, key_id text not null, signature text not null,
  voted_at timestamptz not null default now(),
  primary key (tenant, approval_id, approver),
  foreign key (tenant, approval_id) references envelopes (tenant, id)
);
create index votes_by_action on votes (tenant, action_id);

-- Stages execution, verification and compensation.
create table intents (
  tenant text not null, action_id text not null, step text not null,
  phase text not null check (phase in ('observe', 'execute', 'compensate')), generation int not null,
  round int not null, principal text not null, tool text not null, contract_digest text not null,
  args jsonb not null, args_digest text not null, idempotency_key text not null,
  policy_ids text[] not null, policy_digest text not null,
  authority_revision bigint not null, action_revision int not null,
  envelope_digest text, of_attempt int,
  intended_at timestamptz not null default now(),
  primary key (tenant, action_id, step, phase, generation)
);
create table consumptions (
  tenant text not null, envelope_digest text not null, step text not null, generation int not null,
  action_id text not null, consumed_at timestamptz not null default now(),
  primary key (tenant, envelope_digest, step, generation)
);
create table attempts (
  tenant text not null, action_id text not null, step text not null, phase text not null, generation int not null,
  attempt int not null, executor text not null,
  attempted_at timestamptz not null default now(),
  primary key (tenant, action_id, step, phase, generation, attempt),
  foreign key (tenant, action_id, step, phase, generation) references intents
);
create table outcomes (
  tenant text not null, action_id text not null, step text not null, phase text not null, generation int not null,
  attempt int not null, effect text not null check (effect in ('committed', 'not-committed', 'unknown')),
  output jsonb, error jsonb,
  recorded_at timestamptz not null default now(),
  primary key (tenant, action_id, step, phase, generation, attempt),
  foreign key (tenant, action_id, step, phase, generation, attempt) references attempts
);
create unique index one_definite_outcome on outcomes (tenant, action_id, step, phase, generation)
  where effect in ('committed', 'not-committed');
create table observations (
  tenant text not null, action_id text not null, step text not null,
  tool text not null, output jsonb not null, output_digest text not null,
  observed_at timestamptz not null default now(),
  primary key (tenant, action_id, step)
);
create table verifications (
  tenant text not null, action_id text not null, step text not null, phase text not null, generation int not null,
  found text not null check (found in ('committed', 'not-committed', 'unknown', 'diverged')), detail text,
  verified_at timestamptz not null default now(),
  primary key (tenant, action_id, step, phase, generation)
);

-- Messages owed to a workflow: a `hint` until a `delivered` row names it in `of`.
create table outbox (
  tenant text not null, seq bigint generated always as identity,
  kind text not null check (kind in ('hint', 'delivered')), action_id text not null, of bigint,
  recorded_at timestamptz not null default now(),
  primary key (tenant, seq)
);
create index outbox_by_action on outbox (tenant, action_id);
-- Exported histories, chained per tenant by digest.
create table trails (
  tenant text not null, seq bigint not null, action_id text not null, run_id text not null,
  history text not null, history_digest text not null, previous text not null, digest text not null,
  sealed_at timestamptz not null default now(),
  primary key (tenant, seq),
  unique (tenant, action_id, run_id)
);
-- Derived numbers. `authority` is raised by every change of what authority depends on.
create table counters (
  tenant text not null, name text not null, value bigint not null default 0,
  primary key (tenant, name)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
end $$;
do $$
declare table_name text;
begin
  foreach table_name in array array['contracts', 'policy_sets', 'principals', 'groups', 'credentials', 'stops',
    'cancellations', 'halts', 'refusals', 'decisions', 'envelopes', 'votes', 'intents', 'consumptions', 'attempts', 'outcomes',
    'observations', 'verifications', 'outbox', 'trails'] loop
    execute format('create trigger append_only before update or delete or truncate on %I execute function refuse_change()', table_name);
  end loop;
end $$;

-- The admitted part of an action is as fixed as any other fact.
create function refuse_readmission() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' or (new.tenant, new.id, new.agent, new.request_id, new.request, new.request_digest, new.contracts, new.tools, new.risk, new.subject, new.admitted_at)
      is distinct from (old.tenant, old.id, old.agent, old.request_id, old.request, old.request_digest, old.contracts, old.tools, old.risk, old.subject, old.admitted_at)
      or (old.outcome is not null and new.outcome is distinct from old.outcome) then
    raise exception 'an admitted request is never changed' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger admitted before update or delete on actions for each row execute function refuse_readmission();
create trigger admitted_all before truncate on actions execute function refuse_change();

-- Whoever changes authority takes the row that every intent holds, so that no intent outruns an acknowledged change.
-- `pg_temp` comes last in the search path, or anybody's temporary table could stand in for the real one.
create function raise_authority() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into counters (tenant, name, value) values (new.tenant, 'authority', 1)
    on conflict (tenant, name) do update set value = counters.value + 1;
  return null;
end $$;
do $$
declare table_name text;
begin
  foreach table_name in array array['contracts', 'policy_sets', 'principals', 'groups', 'credentials', 'stops'] loop
    execute format('create trigger raise_authority after insert on %I for each row execute function raise_authority()', table_name);
  end loop;
end $$;

-- True while the authority still is what was decided on; held until the end of the transaction.
create function hold_authority(of_tenant text, at_revision bigint) returns boolean
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  perform 1 from counters where tenant = of_tenant and name = 'authority' and value = at_revision for share;
  return found;
end $$;

-- A vote or a cancellation changes what an action may do next.
create function raise_action() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update actions set revision = revision + 1 where tenant = new.tenant and id = new.action_id;
  insert into outbox (tenant, kind, action_id) values (new.tenant, 'hint', new.action_id);
  return null;
end $$;
create trigger raise_action after insert on votes for each row execute function raise_action();
create trigger raise_action after insert on cancellations for each row execute function raise_action();
create trigger raise_action after insert on halts for each row execute function raise_action();

-- What the intent's own statement cannot see, as its snapshot is older than the locks it waited for.
create function fence_intent() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.envelope_digest is not null and not exists (
      select from envelopes where tenant = new.tenant and action_id = new.action_id and digest = new.envelope_digest
        and expires_at > clock_timestamp()) then
    return null;
  end if;
  return new;
end $$;
create trigger fence_intent before insert on intents for each row execute function fence_intent();

-- Attempts and outcomes of one action wait for each other. No attempt follows an ending or a definite outcome; and a
-- refusal of one attempt says nothing while another one may have been applied.
create function fence_call() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from actions where tenant = new.tenant and id = new.action_id for no key update;
  if tg_table_name = 'attempts' then
    if exists (select from actions where tenant = new.tenant and id = new.action_id and outcome is not null)
        or exists (select from outcomes o where o.tenant = new.tenant and o.action_id = new.action_id and o.step = new.step
          and o.phase = new.phase and o.generation = new.generation and o.effect <> 'unknown') then
      return null;
    end if;
  elsif new.effect = 'not-committed' and exists (
      select from attempts t where t.tenant = new.tenant and t.action_id = new.action_id and t.step = new.step
        and t.phase = new.phase and t.generation = new.generation and t.attempt <> new.attempt) then
    new.effect := 'unknown';
  end if;
  return new;
end $$;
create trigger fence_call before insert on attempts for each row execute function fence_call();
create trigger fence_call before insert on outcomes for each row execute function fence_call();

create function tell_ending() returns trigger language plpgsql as $$
begin
  perform pg_notify('exequatur_endings', new.tenant || '/' || new.id);
  return null;
end $$;
create trigger tell_ending after update of outcome on actions for each row
  when (old.outcome is null and new.outcome is not null) execute function tell_ending();

-- They act as the owner: a reader could hold a row that a stop waits for.
revoke execute on function hold_authority, raise_authority, raise_action, fence_intent, fence_call from public;
grant execute on function hold_authority to exq_server, exq_executor;
grant select on all tables in schema public to exq_server, exq_executor, exq_reader;
grant insert on policy_sets, principals, groups, credentials, stops, actions, cancellations, halts, refusals, decisions,
  envelopes, votes, outbox, trails, counters to exq_server;
grant update (run_id, closed_runs, sealed_runs, stage, outcome, explanation, ended_at) on actions to exq_server;
grant insert on contracts, decisions, intents, consumptions, attempts, outcomes, observations, verifications to exq_executor;
grant update (stage) on actions to exq_executor;

-- Everything belongs to the owner's role, whoever migrates.
grant usage, create on schema public to exq_owner;
do $$
declare thing record;
begin
  if not pg_has_role(current_user, 'exq_owner', 'member') then
    execute format('grant exq_owner to %I', current_user);
  end if;
  for thing in select format('table %I', tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'exq_migrations'
      union all
      select 'function ' || p.oid::regprocedure from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
        and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e') loop
    execute format('alter %s owner to exq_owner', thing.name);
  end loop;
end $$;

-- Down Migration

drop table trails, outbox, verifications, observations, outcomes, attempts, consumptions, intents, votes, envelopes,
  decisions, refusals, halts, cancellations, actions, stops, credentials, groups, principals, policy_sets, contracts, counters;
drop function refuse_change, refuse_readmission, raise_authority, hold_authority, raise_action, fence_intent, fence_call, tell_ending;
