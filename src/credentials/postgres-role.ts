import { randomBytes } from 'node:crypto'
import type { CredentialSource } from '../contract/credential-source.js'
import { durationMs } from '../contract/duration.js'
import type { CredentialReference, Duration } from '../contract/tool.js'
import { ExequaturError } from '../domain/errors.js'
import { type Admin, openAdmin } from './postgres-admin.js'
import { scramVerifier } from './scram-verifier.js'

export interface PostgresRoleOptions {
  /** URL of a login with CREATEROLE that may grant `memberOf` to others; in Postgres 16 and later it needs no more. */
  readonly admin: CredentialReference
  /** The role whose rights the leased one has; by scope where looking needs less than writing. */
  readonly memberOf: string | { readonly read: string; readonly write: string }
  /** How long a login may begin at most; the deadline of the call if that is sooner. 60 seconds if left out. */
  readonly ttl?: Duration
  /** Connections at a time; 5 if left out. */
  readonly connections?: number
}

/** Leased roles are named so, and nothing else is. */
const prefix = 'exq_lease_'

/**
 * A Postgres role of its own for each call: random name and password, a member of one role, refused at login once its
 * time is up. The secret is a connection string. After the call its sessions are ended and it is dropped; those that a
 * process left behind when it died are dropped when an executor starts.
 */
export function postgresRole(options: PostgresRoleOptions): CredentialSource {
  const { memberOf, connections = 5 } = options
  const ttl = durationMs(options.ttl ?? '60s')
  const groups = typeof memberOf === 'string' ? { read: memberOf, write: memberOf } : memberOf
  if (!ttl) throw new ExequaturError('EXQ-7005', 'postgresRole: ttl is a duration such as 60s')
  if (!Number.isInteger(connections) || connections < 1)
    throw new ExequaturError('EXQ-7005', 'postgresRole: connections is a whole number from 1')
  for (const group of Object.values(groups)) {
    if (!/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(group))
      throw new ExequaturError('EXQ-7005', 'postgresRole: memberOf names a role')
  }
  const admin = openAdmin(options.admin)

  return {
    kind: 'postgres-role',
    lease: async (request) => {
      const role = { name: `${prefix}${randomBytes(8).toString('hex')}`, group: groups[request.scope] }
      const password = randomBytes(24).toString('hex')
      const until = await create(admin, role, await scramVerifier(password), Math.min(ttl, request.ttl_ms), connections)
      return {
        lease_id: role.name,
        secret: await admin.urlFor(role.name, password),
        hide: [password],
        expires_at: until,
        revoke: () => end(admin, role),
      }
    },
    sweep: async () => {
      const expired = await admin.query<Role>(expiredRoles, [prefix, [...new Set(Object.values(groups))]])
      for (const role of expired) await end(admin, role)
      return expired.length
    },
    close: () => admin.close(),
  }
}

interface Role {
  readonly name: string
  readonly group: string
}

/** All that is put into the statement is made or checked here. The admin becomes a member, so as to end its sessions. */
async function create(
  admin: Admin,
  { name, group }: Role,
  verifier: string,
  ttlMs: number,
  connections: number,
): Promise<Date> {
  const [role] = await admin.run(`do $lease$ begin
    execute format('create role %I login password %L valid until %L connection limit ${connections} in role %I role current_user',
      '${name}', '${verifier}', clock_timestamp() + interval '${ttlMs} milliseconds', '${group}');
  end $lease$;
  select rolvaliduntil as until from pg_roles where rolname = '${name}'`)
  return (role as { until: Date }).until
}

/** No new login, no session, no role; in this order, as each step is seen by others only once it is done. */
async function end(admin: Admin, { name, group }: Role): Promise<void> {
  try {
    await admin.run(`alter role ${name} nologin`)
    await admin.query('select pg_terminate_backend(pid, 1000) from pg_stat_activity where usename = $1', [name])
    await admin.run(`reassign owned by ${name} to "${group}"; drop owned by ${name}; drop role ${name}`)
  } catch (error) {
    // Somebody else removed it.
    if (!(error instanceof Error && 'code' in error && error.code === undefinedObject)) throw error
  }
}

const undefinedObject = '42704'

const expiredRoles = `
  select r.rolname as name, g.rolname as group from pg_roles r
  join pg_auth_members m on m.member = r.oid join pg_roles g on g.oid = m.roleid
  where starts_with(r.rolname, $1) and r.rolvaliduntil < now() - interval '1 minute' and g.rolname = any($2)`
