-- Up Migration

-- Whoever looks at a request learns at once that it was amended or cancelled, and not only what the workflow makes of it.
create trigger tell_change after insert on amendments for each row execute function tell_change('approvals', 'actions');
create trigger tell_change after insert on cancellations for each row execute function tell_change('approvals', 'actions');

-- Down Migration

drop trigger tell_change on amendments;
drop trigger tell_change on cancellations;
