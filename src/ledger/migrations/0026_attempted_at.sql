-- Up Migration

-- An attempt counts from when it is written: not from when its transaction began, which may have waited for others. An
-- executor counts from before it asks for it, and so is past the deadline of its call before the ledger is.
alter table attempts alter column attempted_at set default clock_timestamp();

-- Down Migration

alter table attempts alter column attempted_at set default now();
