import { randomBytes } from 'node:crypto'
import pg from 'pg'

type Ask = <Row = Record<string, unknown>>(sql: string, values?: readonly unknown[]) => Promise<Row[]>

/** Logins of attackers: one that got hold of the server's role in the database, and one that owns the database. */
export interface Intruders {
  readonly server: Ask
  readonly executor: Ask
  readonly owner: Ask
  readonly close: () => Promise<void>
}

/** Makes real logins, members of the roles that the processes have, and of nothing else. */
export async function openIntruders(ownerUrl: string): Promise<Intruders> {
  const owner = await login(ownerUrl)
  const made: string[] = []
  const intruder = async (role: string) => {
    const name = `intruder_${randomBytes(6).toString('hex')}`
    const password = randomBytes(12).toString('hex')
    await owner.query(`create role ${name} login password '${password}' in role ${role}`)
    made.push(name)
    const url = new URL(ownerUrl)
    url.username = name
    url.password = password
    // The rows of whatever tenant are a setting away for whoever is in the database.
    const client = await login(url.href)
    await client.query("set exequatur.tenant = 'acme'")
    return client
  }
  const clients = [owner, await intruder('exq_server'), await intruder('exq_executor')] as const
  const ask =
    (client: pg.Client): Ask =>
    async (sql, values = []) =>
      (await client.query(sql, [...values])).rows
  return {
    owner: ask(owner),
    server: ask(clients[1]),
    executor: ask(clients[2]),
    close: async () => {
      for (const client of clients.slice(1)) await client.end()
      for (const name of made) await owner.query(`drop role ${name}`)
      await owner.end()
    },
  }
}

async function login(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  return client
}

/** Did the database let it happen? */
export async function letHappen(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  )
}
