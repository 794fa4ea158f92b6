-- Up Migration

-- What became of a thing when it was noted that it is closed: what is told of it later is that, however things stand by then.
-- Null where it was noted before.
alter table notices add column closed_as text, add constraint notices_closed_as check (closed_as is null or kind = 'closed');

-- Down Migration

alter table notices drop column closed_as;
