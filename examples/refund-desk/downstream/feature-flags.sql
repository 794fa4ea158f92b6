create schema if not exists flags;

create table if not exists flags.feature_flags (
  name text primary key,
  enabled boolean not null default false,
  -- The change that gave it this value; null as long as nobody changed it.
  set_by integer
);

-- Every change, under the idempotency key it was asked for with, written in one transaction with the flag itself.
create table if not exists flags.changes (
  change_id integer generated always as identity primary key,
  idempotency_key text not null unique,
  flag text not null references flags.feature_flags,
  enabled boolean not null,
  previous_enabled boolean not null,
  undoes integer unique references flags.changes,
  made_at timestamptz not null default now()
);
