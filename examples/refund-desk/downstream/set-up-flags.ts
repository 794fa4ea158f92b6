import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import pg from 'pg'

/**
 * Makes the tables of the feature flags, the flags that are not there yet (off), and a login that may use these tables
 * and nothing else. Safe to run again. Resolves to that login's URL, for FLAGS_DATABASE_URL.
 */
export async function setUpFlags(
  adminUrl: string,
  flags: readonly string[],
  login = 'refund_desk_flags',
): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query(await readFile(new URL('./feature-flags.sql', import.meta.url), 'utf8'))
    for (const flag of flags) {
      await client.query('insert into flags.feature_flags (name) values ($1) on conflict do nothing', [flag])
    }
    const password = randomBytes(24).toString('hex')
    const name = client.escapeIdentifier(login)
    const known = await client.query('select from pg_roles where rolname = $1', [login])
    const verb = known.rowCount === 0 ? 'create' : 'alter'
    await client.query(`${verb} role ${name} login password ${client.escapeLiteral(password)}`)
    await client.query(`
      grant usage on schema flags to ${name};
      grant select, update on flags.feature_flags to ${name};
      grant select, insert on flags.changes to ${name};
    `)
    const url = new URL(adminUrl)
    url.username = login
    url.password = password
    return url.href
  } finally {
    await client.end()
  }
}
