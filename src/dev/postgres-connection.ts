import pg from 'pg'
import { superuser } from './postgres-cluster.js'

/** The superuser's URL of a database on 127.0.0.1. */
export function postgresUrl(port: number, password: string, database: string): string {
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`
}

/** Whether a server lets the URL's user in. Throws when it answers but refuses the password. */
export async function postgresAnswers(url: string): Promise<boolean> {
  try {
    await withClient(url, async () => {})
    return true
  } catch (error) {
    if ((error as { code?: string }).code !== '28P01') return false
    throw new Error('Postgres refuses the password kept in postgres.password in the data folder')
  }
}

/** Makes the database if there is none of that name. */
export async function ensureDatabase(url: string, database: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`)
  })
}

/** Runs the work on one connection, which is closed afterwards. */
export async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  // A lost connection also fails the query at hand; without a listener it would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}
