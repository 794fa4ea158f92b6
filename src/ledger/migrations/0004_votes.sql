-- Up Migration

-- A person may change a vote until it is used: the newest revision is the present one.
alter table votes
  drop constraint votes_pkey, drop constraint votes_vote_check,
  add column revision int not null default 1 check (revision >= 1),
  add column account text not null default '',
  add column acknowledged text[] not null default '{}',
  add column self_approved boolean not null default false,
  add constraint votes_vote_check check (vote in ('approve', 'reject', 'withdraw')),
  add primary key (tenant, approval_id, approver, revision);
alter table votes alter column revision drop default, alter column account drop default;

-- The keys that people sign votes with. The server signs that it registered one; a revoked one never lives again.
create table keys (
  tenant text not null, key_id text not null, revision int not null,
  principal text not null, public_key text not null,
  state text not null check (state in ('live', 'revoked')), recorded_by text not null, account text not null,
  statement text, signed_by text, signature text,
  recorded_at timestamptz not null default now(),
  primary key (tenant, key_id, revision),
  check (revision >= 1 and (state = 'live') = (revision = 1)),
  check (state = 'revoked' or (statement is not null and signed_by is not null and signature is not null))
);
create trigger append_only before update or delete or truncate on keys execute function refuse_change();
create trigger raise_authority after insert on keys for each row execute function raise_authority();
alter table keys owner to exq_owner;
grant select on keys to exq_server, exq_executor, exq_reader;
grant insert on keys to exq_server;

-- Down Migration

drop table keys;
alter table votes
  drop constraint votes_pkey, drop constraint votes_vote_check,
  drop column revision, drop column account, drop column acknowledged, drop column self_approved,
  add constraint votes_vote_check check (vote in ('approve', 'reject')),
  add primary key (tenant, approval_id, approver);
