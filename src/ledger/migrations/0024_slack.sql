-- Up Migration

-- Who in Slack wants to be known as a person: a code, of which only the hash is kept. It is good once, and for a while.
create table slack_codes (
  tenant text not null, code_hash text not null, team text not null, slack_user text not null, shown_name text,
  issued_at timestamptz not null default now(), expires_at timestamptz not null,
  primary key (tenant, code_hash)
);
create table slack_code_uses (
  tenant text not null, code_hash text not null, used_by text not null, used_at timestamptz not null default now(),
  primary key (tenant, code_hash),
  foreign key (tenant, code_hash) references slack_codes (tenant, code_hash)
);
create trigger append_only before update or delete or truncate on slack_codes execute function refuse_change();
create trigger append_only before update or delete or truncate on slack_code_uses execute function refuse_change();

-- Messages in Slack, each with the digest of what it shows. Only that changes; what is closed is never drawn again.
create table slack_posts (
  tenant text not null, channel text not null, ts text not null,
  kind text not null check (kind in ('approval', 'attention')), about text not null, action_id text not null,
  delivery text, posted_at timestamptz not null default now(),
  drawn text not null, drawn_at timestamptz not null default now(), closed boolean not null default false,
  primary key (tenant, channel, ts),
  unique (tenant, delivery)
);
create index slack_posts_open on slack_posts (tenant, action_id) where not closed;
create function keep_slack_post() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' or old.closed
      or (new.tenant, new.channel, new.ts, new.kind, new.about, new.action_id, new.delivery, new.posted_at)
        is distinct from (old.tenant, old.channel, old.ts, old.kind, old.about, old.action_id, old.delivery, old.posted_at) then
    raise exception 'what was posted where is never changed' using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger kept before update or delete on slack_posts for each row execute function keep_slack_post();
create trigger kept_all before truncate on slack_posts execute function refuse_change();

select separate_tenants('slack_codes');
select separate_tenants('slack_code_uses');
select separate_tenants('slack_posts');
grant select on slack_codes, slack_code_uses, slack_posts to exq_server, exq_reader;
grant insert on slack_codes, slack_code_uses, slack_posts to exq_server;
grant update (drawn, drawn_at, closed) on slack_posts to exq_server;
alter table slack_codes owner to exq_owner;
alter table slack_code_uses owner to exq_owner;
alter table slack_posts owner to exq_owner;
alter function keep_slack_post owner to exq_owner;

-- Down Migration

drop table slack_posts;
drop function keep_slack_post;
drop table slack_code_uses;
drop table slack_codes;
