-- Up Migration

-- What an address gets about one thing comes in order, and it gets one thing at a time: both are looked up at each claim.
drop index deliveries_pending;
create index deliveries_pending on deliveries (tenant, channel, address, about, seq) where state = 'pending';
create index deliveries_claimed on deliveries (tenant, channel, address) where state = 'pending' and claim is not null;

-- Down Migration

drop index deliveries_claimed;
drop index deliveries_pending;
create index deliveries_pending on deliveries (tenant, channel, address, seq) where state = 'pending';
