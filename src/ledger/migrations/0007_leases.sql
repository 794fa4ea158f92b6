-- Up Migration

-- Credentials that were handed out for one attempt, or for a look at what it came to, and how they ended. No secret.
create table leases (
  tenant text not null, action_id text not null, step text not null, phase text not null, generation int not null,
  attempt int not null, name text not null, lease_id text not null,
  state text not null check (state in ('leased', 'revoked', 'revoke-failed')),
  purpose text not null check (purpose in ('call', 'verify')), source text not null, expires_at timestamptz,
  recorded_at timestamptz not null default now(),
  primary key (tenant, action_id, step, phase, generation, attempt, name, lease_id, state),
  foreign key (tenant, action_id, step, phase, generation, attempt) references attempts
);
create trigger append_only before update or delete or truncate on leases execute function refuse_change();
grant select on leases to exq_server, exq_executor, exq_reader;
grant insert on leases to exq_executor;
alter table leases owner to exq_owner;

-- Down Migration

drop table leases;
