import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { flagsRole } from './flags-role.js'

/**
 * Makes the tables of the feature flags, the flags that are not there yet (off), a role that may use these tables and
 * nothing else, and a login that can do nothing but hand that role to others. Safe to run again. Resolves to that
 * login's URL, for FLAGS_ADMIN_URL.
 */
export async function setUpFlags(adminUrl: string, flags: readonly string[], role = flagsRole): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query(await readFile(new URL('./feature-flags.sql', import.meta.url), 'utf8'))
    for (const flag of flags) {
      await client.query('insert into flags.feature_flags (name) values ($1) on conflict do nothing', [flag])
    }
    const password = randomBytes(24).toString('hex')
    const login = `${role}_admin`
    const [writer, admin] = [client.escapeIdentifier(role), client.escapeIdentifier(login)]
    const known = await client.query<{ rolname: string }>('select rolname from pg_roles where rolname = any($1)', [
      [role, login],
    ])
    const verb = (name: string) => (known.rows.some(({ rolname }) => rolname === name) ? 'alter' : 'create')
    await client.query(`
      ${verb(role)} role ${writer} nologin;
      grant usage on schema flags to ${writer};
      grant select, update on flags.feature_flags to ${writer};
      grant select, insert on flags.changes to ${writer};
      ${verb(login)} role ${admin} login createrole password ${client.escapeLiteral(password)};
      grant ${writer} to ${admin} with admin option;
    `)
    const url = new URL(adminUrl)
    url.username = login
    url.password = password
    return url.href
  } finally {
    await client.end()
  }
}
