import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { withClient } from './postgres-connection.js'

/** URLs with fresh passwords: of the server's login user and of the executor's. */
export type DatabaseUsers = { readonly serverUrl: string; readonly executorUrl: string }

/**
 * Makes the login users of a development database, `<database>_server` and `<database>_executor`, members of the roles the
 * migrations make. Their passwords are random and set anew at each start, so nothing needs to keep them.
 */
export async function createDatabaseUsers(ownerUrl: string): Promise<DatabaseUsers> {
  const database = decodeURIComponent(new URL(ownerUrl).pathname.slice(1))
  return withClient(ownerUrl, async (client) => {
    const logIn = async (part: 'server' | 'executor'): Promise<string> => {
      const name = `${database.slice(0, 50)}_${part}`
      const user = client.escapeIdentifier(name)
      const password = randomBytes(24).toString('hex')
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name])
      if (rowCount === 0) await client.query(`create role ${user}`)
      await client.query(`alter role ${user} login password ${client.escapeLiteral(scramVerifier(password))}`)
      await client.query(`grant exq_${part} to ${user}`)
      return withUser(ownerUrl, name, password)
    }
    return { serverUrl: await logIn('server'), executorUrl: await logIn('executor') }
  })
}

function withUser(url: string, name: string, password: string): string {
  const changed = new URL(url)
  changed.username = encodeURIComponent(name)
  changed.password = password
  return changed.href
}

// What Postgres itself would keep of the password (RFC 5802). Sent instead of it, so that no statement log can show it.
function scramVerifier(password: string): string {
  const iterations = 4096
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const keyFor = (label: string) => createHmac('sha256', salted).update(label).digest()
  const storedKey = createHash('sha256').update(keyFor('Client Key')).digest('base64')
  const serverKey = keyFor('Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
