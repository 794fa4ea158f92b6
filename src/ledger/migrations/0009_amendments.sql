-- Up Migration

-- What a person changed in a request before it was approved. The admitted bytes stay as they are: `args` are laid over
-- those of the step. Only what the server has signed counts, whoever may write here.
create table amendments (
  tenant text not null, action_id text not null, revision int not null check (revision >= 1),
  approval_id text not null, round int not null, step text not null, args jsonb not null,
  previous_digest text not null, amended_by text not null, account text not null, reason text not null,
  statement text not null, key_id text not null, signature text not null,
  amended_at timestamptz not null default now(),
  primary key (tenant, action_id, revision),
  -- The envelope is sealed anew after each.
  unique (tenant, approval_id),
  foreign key (tenant, approval_id) references envelopes (tenant, id)
);
select separate_tenants('amendments');
create trigger append_only before update or delete or truncate on amendments execute function refuse_change();
create trigger raise_action after insert on amendments for each row execute function raise_action();

-- An intent of the step and an amendment wait for each other: whichever commits first, the other does not happen.
create function fence_amendment() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform 1 from actions where tenant = new.tenant and id = new.action_id for no key update;
  if exists (select from actions where tenant = new.tenant and id = new.action_id and (outcome is not null or stage <> 'approval'))
      or exists (select from intents where tenant = new.tenant and action_id = new.action_id and step = new.step and phase = 'execute')
      or not exists (select from envelopes e where e.tenant = new.tenant and e.action_id = new.action_id and e.id = new.approval_id
        and e.round = new.round and e.digest = new.previous_digest and e.expires_at > clock_timestamp()
        and e.round = (select max(round) from envelopes where tenant = new.tenant and action_id = new.action_id)) then
    return null;
  end if;
  return new;
end $$;
revoke execute on function fence_amendment from public;
create trigger fence_amendment before insert on amendments for each row execute function fence_amendment();

grant select on amendments to exq_server, exq_executor, exq_reader;
grant insert on amendments to exq_server;
alter table amendments owner to exq_owner;
alter function fence_amendment owner to exq_owner;

-- Down Migration

drop table amendments;
drop function fence_amendment;
