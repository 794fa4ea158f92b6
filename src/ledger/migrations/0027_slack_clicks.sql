-- Up Migration

-- Clicks in Slack that decide, each taken once: one that comes again, however late, decides nothing. `click` is Slack's own
-- id of what somebody did.
create table slack_clicks (
  tenant text not null, team text not null, slack_user text not null, click text not null,
  taken_at timestamptz not null default now(),
  primary key (tenant, team, slack_user, click)
);
create trigger append_only before update or delete or truncate on slack_clicks execute function refuse_change();
select separate_tenants('slack_clicks');
grant select on slack_clicks to exq_server, exq_reader;
grant insert on slack_clicks to exq_server;
alter table slack_clicks owner to exq_owner;

-- Down Migration

drop table slack_clicks;
