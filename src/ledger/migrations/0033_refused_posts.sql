-- Up Migration

-- Since when Slack does not let a message be drawn anew; null where it does.
alter table slack_posts add column refused_at timestamptz;
grant update (refused_at) on slack_posts to exq_server;

-- Down Migration

alter table slack_posts drop column refused_at;
