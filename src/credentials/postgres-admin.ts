import type pg from 'pg'
import type { CredentialReference } from '../contract/tool.js'
import { secretAt } from './secret-at.js'

/** A few connections of the login that makes roles, opened when they are first needed. */
export interface Admin {
  /** One or more statements without parameters, in one transaction; resolves to the rows of the last one. */
  readonly run: (sql: string) => Promise<readonly unknown[]>
  readonly query: <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[]) => Promise<Row[]>
  /** The same database for another login. */
  readonly urlFor: (login: string, password: string) => Promise<string>
  readonly close: () => Promise<void>
}

const patienceMs = 5_000

/** The secret is read when it is needed, and again when it has changed. */
export function openAdmin(reference: CredentialReference): Admin {
  let opened: { readonly url: string; readonly pool: pg.Pool } | undefined
  const ends = new Map<pg.Pool, NodeJS.Timeout>()
  // Whoever was just given a pool has not yet asked it for a connection.
  const retire = (old: pg.Pool) => {
    const end = () => ends.delete(old) && void old.end()
    ends.set(old, setTimeout(end, 2 * patienceMs).unref())
  }
  const pool = async () => {
    // A tool file is read by whoever defines tools: the driver is loaded by those who lease.
    const [{ default: driver }, url] = await Promise.all([import('pg'), secretAt(reference)])
    // From here on nothing is awaited: of several calls at once the first makes the pool, and the others find it.
    if (opened?.url === url) return opened.pool
    if (opened) retire(opened.pool)
    const fresh = new driver.Pool({
      connectionString: url,
      max: 4,
      application_name: 'exequatur',
      connectionTimeoutMillis: patienceMs,
      statement_timeout: patienceMs,
      query_timeout: patienceMs,
      idleTimeoutMillis: 60_000,
      allowExitOnIdle: true,
    })
    fresh.on('error', () => undefined)
    opened = { url, pool: fresh }
    return fresh
  }
  return {
    run: async (sql) => {
      const results = [await (await pool()).query(sql)].flat()
      return results.at(-1)?.rows ?? []
    },
    query: async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[]) =>
      (await (await pool()).query<Row>(sql, [...values])).rows,
    urlFor: async (login, password) => {
      const url = new URL(await secretAt(reference))
      for (const name of ['user', 'password']) url.searchParams.delete(name)
      url.username = login
      url.password = password
      return url.href
    },
    close: async () => {
      const open = [...ends.keys(), ...(opened ? [opened.pool] : [])]
      for (const timer of ends.values()) clearTimeout(timer)
      ends.clear()
      opened = undefined
      await Promise.all(open.map((each) => each.end()))
    },
  }
}
