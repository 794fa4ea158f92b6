import pg from 'pg'

export type Pool = pg.Pool
/** A pool or one of its clients inside a transaction. */
export type Db = Pick<pg.Pool, 'query'>

export type LedgerRole = 'exq_server' | 'exq_executor' | 'exq_reader'

const int8 = 20

/** Connections that act as one of the ledger's roles, whoever logs in. */
export function createPool(url: string, role: LedgerRole, max = 20): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    options: `-c role=${role}`,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    // Requests come now and then: to log in anew for each would cost it more than all its statements.
    idleTimeoutMillis: 10 * 60_000,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === int8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
    },
  })
  // An idle connection that breaks is replaced; the next query reports what matters.
  pool.on('error', () => undefined)
  return pool
}

/** Runs `work` in one transaction; any error undoes all of it. */
export async function inTransaction<T>(pool: Pool, work: (db: Db) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
}
