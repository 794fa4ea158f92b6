-- One login for each process, a member of that process's role and of no other. Run by an owner, after the migrations;
-- running it again changes the passwords. They come as settings of the session (`-c logins.server=...`), so that no
-- statement log shows them.
do $$
declare login record;
begin
  for login in select * from (values
    ('exequatur_server', 'exq_server', 'logins.server'),
    ('exequatur_executor', 'exq_executor', 'logins.executor')) as wanted (name, role, setting)
  loop
    if not exists (select from pg_roles where rolname = login.name) then
      execute format('create role %I', login.name);
    end if;
    execute format('alter role %I login password %L', login.name, current_setting(login.setting));
    execute format('grant %I to %I', login.role, login.name);
  end loop;

  -- Temporal keeps its own databases on this server, and has no business in the ledger's.
  if not exists (select from pg_roles where rolname = 'temporal') then
    create role temporal;
  end if;
  execute format('alter role temporal login createdb password %L', current_setting('logins.temporal'));
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to exq_server, exq_executor, exq_reader', current_database());
end $$;
