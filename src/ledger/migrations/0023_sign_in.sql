-- Up Migration

-- A person's way from a token to a browser: used once, soon. Of its code only the hash is known here. `credential` is what
-- whoever signs in with it then stands for: the hash of a token, or what a verified token of an issuer said.
create table sign_in_links (
  tenant text not null, code_hash text not null, principal text not null, credential jsonb not null,
  given_at timestamptz not null default now(), expires_at timestamptz not null,
  primary key (tenant, code_hash),
  check (expires_at > given_at)
);
select separate_tenants('sign_in_links');
create trigger append_only before update or delete or truncate on sign_in_links execute function refuse_change();

-- Who has signed in at the inbox. It is worth what its credential is worth at each request, and nothing once it has ended.
create table sign_ins (
  tenant text not null, id text not null, secret_hash text not null, principal text not null, credential jsonb not null,
  way text not null check (way in ('link', 'oidc')), link_hash text,
  signed_in_at timestamptz not null default now(), ends_at timestamptz not null,
  primary key (tenant, id),
  unique (tenant, secret_hash),
  unique (tenant, link_hash),
  foreign key (tenant, link_hash) references sign_in_links (tenant, code_hash),
  check ((way = 'link') = (link_hash is not null)),
  check (ends_at > signed_in_at)
);
select separate_tenants('sign_ins');
create trigger append_only before update or delete or truncate on sign_ins execute function refuse_change();

-- That it was used, now and then, and that its person ended it.
create table sign_in_events (
  tenant text not null, sign_in text not null, event text not null check (event in ('used', 'ended')),
  happened_at timestamptz not null default clock_timestamp(),
  primary key (tenant, sign_in, event, happened_at),
  foreign key (tenant, sign_in) references sign_ins (tenant, id)
);
select separate_tenants('sign_in_events');
create trigger append_only before update or delete or truncate on sign_in_events execute function refuse_change();

-- What a browser has to answer to register a passkey: given to one way in of one person, taken once.
create table passkey_challenges (
  tenant text not null, challenge text not null, event text not null check (event in ('given', 'taken')),
  principal text not null, way_in text not null, happened_at timestamptz not null default clock_timestamp(),
  primary key (tenant, challenge, event)
);
select separate_tenants('passkey_challenges');
create trigger append_only before update or delete or truncate on passkey_challenges execute function refuse_change();

-- Passkeys are keys too: with what it takes to check their signatures without knowing where the inbox is.
alter table keys
  add column kind text not null default 'ed25519' check (kind in ('ed25519', 'passkey')),
  add column credential_id text, add column rp_id text, add column origin text,
  add constraint keys_passkey_check check (
    (credential_id is null) = (rp_id is null) and (rp_id is null) = (origin is null)
    and (kind = 'passkey' or credential_id is null)
    and (kind = 'ed25519' or state = 'revoked' or credential_id is not null));
alter table keys alter column kind drop default;
create unique index keys_by_credential_id on keys (tenant, credential_id) where credential_id is not null;

create index votes_by_approver on votes (tenant, approver, voted_at);

alter table resolutions drop constraint resolutions_check1,
  add constraint resolutions_own_key_check check (
    (method in ('key', 'passkey')) = (own_key_id is not null and own_signature is not null)
    and (own_key_id is null) = (own_signature is null));

grant select, insert on sign_in_links, sign_ins, sign_in_events, passkey_challenges to exq_server;
alter table sign_in_links owner to exq_owner;
alter table sign_ins owner to exq_owner;
alter table sign_in_events owner to exq_owner;
alter table passkey_challenges owner to exq_owner;

-- Down Migration

alter table resolutions drop constraint resolutions_own_key_check,
  add constraint resolutions_check1 check (
    (method = 'key') = (own_key_id is not null and own_signature is not null)
    and (own_key_id is null) = (own_signature is null));
drop index votes_by_approver;
drop index keys_by_credential_id;
alter table keys drop constraint keys_passkey_check,
  drop column kind, drop column credential_id, drop column rp_id, drop column origin;
drop table passkey_challenges;
drop table sign_in_events;
drop table sign_ins;
drop table sign_in_links;
