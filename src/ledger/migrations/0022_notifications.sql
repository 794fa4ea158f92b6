-- Up Migration

-- Tells whoever listens what kind of thing changed, so that they look again: nothing of what changed is in it. What runs
-- without people tells nobody before it ends, in the transaction that tells its ending anyway: telling takes a lock that
-- all who tell take in turn.
create function tell_change() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare of_action text;
begin
  if tg_table_name = 'actions' then of_action := new.id;
  elsif tg_table_name <> 'stops' then of_action := new.action_id;
  end if;
  perform pg_notify('exequatur_changes',
    json_build_object('tenant', new.tenant, 'topics', to_json(tg_argv::text[]), 'action_id', of_action)::text);
  return null;
end $$;
create trigger tell_change after insert on envelopes for each row execute function tell_change('approvals', 'actions');
create trigger tell_change after insert on votes for each row execute function tell_change('approvals');
create trigger tell_change after insert on attentions for each row execute function tell_change('attention');
create trigger tell_change after insert on resolutions for each row execute function tell_change('attention');
create trigger tell_change after insert on stops for each row execute function tell_change('stops');
create trigger tell_change after insert on reviews for each row execute function tell_change('reviews');
create trigger tell_approval_notice after insert on notices for each row when (new.approval_id is not null)
  execute function tell_change('approvals');
create trigger tell_attention_notice after insert on notices for each row when (new.attention_id is not null)
  execute function tell_change('attention');
create trigger tell_decided after update of stage on actions for each row
  when (old.stage = 'approval' and new.stage <> 'approval' and new.outcome is null)
  execute function tell_change('approvals', 'actions');
create trigger tell_end after update of outcome on actions for each row
  when (old.outcome is null and new.outcome is not null and new.review is null)
  execute function tell_change('actions');
create trigger tell_end_to_review after update of outcome on actions for each row
  when (old.outcome is null and new.outcome is not null and new.review is not null)
  execute function tell_change('actions', 'reviews');
create trigger tell_undecided after update of outcome on actions for each row
  when (old.stage = 'approval' and old.outcome is null and new.outcome is not null)
  execute function tell_change('approvals');

-- Notices for which nobody has found out yet whom to tell where: a row goes as its deliveries come.
create table unrouted_notices (
  tenant text not null, about text not null, kind text not null, ordinal int not null,
  primary key (tenant, about, kind, ordinal),
  foreign key (tenant, about, kind, ordinal) references notices (tenant, about, kind, ordinal)
);
create function await_routing() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into unrouted_notices (tenant, about, kind, ordinal) values (new.tenant, new.about, new.kind, new.ordinal);
  return null;
end $$;
create trigger await_routing after insert on notices for each row execute function await_routing();

-- One notice for one address of one channel. Only how far it got changes, and what was delivered or is moot stays so.
-- While it is being delivered, `next_at` is when somebody else takes it over.
create table deliveries (
  tenant text not null, id text not null, seq bigint generated always as identity,
  about text not null, kind text not null, ordinal int not null, action_id text not null,
  channel text not null, address text not null, recipients text[] not null,
  queued_at timestamptz not null default now(),
  state text not null default 'pending' check (state in ('pending', 'delivered', 'moot', 'given-up')),
  tries int not null default 0, next_at timestamptz not null default now(), claim text, last_error text,
  ended_at timestamptz,
  primary key (tenant, id),
  unique (tenant, about, kind, ordinal, channel, address),
  foreign key (tenant, about, kind, ordinal) references notices (tenant, about, kind, ordinal),
  check ((state = 'pending') = (ended_at is null))
);
create index deliveries_pending on deliveries (tenant, channel, address, seq) where state = 'pending';
create index deliveries_left on deliveries (tenant, seq) where state in ('pending', 'given-up');
create function keep_delivery() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' or old.state in ('delivered', 'moot')
      or (new.tenant, new.id, new.seq, new.about, new.kind, new.ordinal, new.action_id, new.channel, new.address, new.recipients, new.queued_at)
        is distinct from (old.tenant, old.id, old.seq, old.about, old.kind, old.ordinal, old.action_id, old.channel, old.address, old.recipients, old.queued_at) then
    raise exception 'what is delivered, and to whom, is never changed' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger kept before update or delete on deliveries for each row execute function keep_delivery();
create trigger kept_all before truncate on deliveries execute function refuse_change();

select separate_tenants('unrouted_notices');
select separate_tenants('deliveries');
revoke execute on function tell_change, await_routing from public;
grant select on unrouted_notices, deliveries to exq_server, exq_executor, exq_reader;
grant delete on unrouted_notices to exq_server;
grant insert on deliveries to exq_server;
grant update (state, tries, next_at, claim, last_error, ended_at) on deliveries to exq_server;
alter table unrouted_notices owner to exq_owner;
alter table deliveries owner to exq_owner;
alter function tell_change owner to exq_owner;
alter function await_routing owner to exq_owner;
alter function keep_delivery owner to exq_owner;

-- Down Migration

drop table deliveries;
drop function keep_delivery;
drop trigger await_routing on notices;
drop function await_routing;
drop table unrouted_notices;
drop trigger tell_undecided on actions;
drop trigger tell_end_to_review on actions;
drop trigger tell_end on actions;
drop trigger tell_decided on actions;
drop trigger tell_approval_notice on notices;
drop trigger tell_attention_notice on notices;
drop trigger tell_change on envelopes;
drop trigger tell_change on votes;
drop trigger tell_change on attentions;
drop trigger tell_change on resolutions;
drop trigger tell_change on stops;
drop trigger tell_change on reviews;
drop function tell_change;
