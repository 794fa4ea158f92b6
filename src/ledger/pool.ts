import pg from 'pg'

/** Runs statements. Rows that it sees and writes are those of one tenant only. */
export interface Queries {
  // biome-ignore lint/suspicious/noExplicitAny: as pg has it; each query names its row
  query<Row extends pg.QueryResultRow = any>(
    statement: string | pg.QueryConfig,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>
}

/** The ledger, through a pool or inside a transaction. There is no statement without saying for whom. */
export interface Db {
  readonly of: (tenant: string) => Queries
  /** For what belongs to no tenant, as the clock: no tenant's rows are seen. */
  readonly ofNobody: Queries
}

export interface Pool extends Db {
  readonly begin: () => Promise<Transaction>
  readonly end: () => Promise<void>
}

export interface Transaction extends Db {
  readonly commit: () => Promise<void>
  readonly undo: () => Promise<void>
}

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
    // Who stands still in the middle of a transaction holds up whoever shares what it has locked.
    idle_in_transaction_session_timeout: 5_000,
    // Requests come now and then: to log in anew for each would cost it more than all its statements.
    idleTimeoutMillis: 10 * 60_000,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === int8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
    },
  })
  // An idle connection that breaks is replaced; the next query reports what matters.
  pool.on('error', () => undefined)
  const tenants = rememberTenants()
  const as = (tenant: string): Queries => ({
    query: async (statement, values) => {
      const client = await pool.connect()
      try {
        await tenants.turn(client, tenant)
        const result = await client.query(statement as string, values && [...values])
        client.release()
        return result
      } catch (error) {
        // Whatever it is set to now, nobody gets this connection again.
        client.release(true)
        throw error
      }
    },
  })
  return {
    of: (tenant) => as(named(tenant)),
    ofNobody: as(nobody),
    begin: () => begin(pool, tenants),
    end: () => pool.end(),
  }
}

/** Runs `work` in one transaction; any error undoes all of it. */
export async function inTransaction<T>(pool: Pool, work: (db: Db) => Promise<T>): Promise<T> {
  const transaction = await pool.begin()
  try {
    const result = await work(transaction)
    await transaction.commit()
    return result
  } catch (error) {
    await transaction.undo()
    throw error
  }
}

const nobody = ''

function named(tenant: string): string {
  // An empty name would be a connection that is set to nobody.
  if (tenant === nobody) throw new Error('a tenant has a name')
  return tenant
}

/** A connection stays set to the tenant it last worked for, so that the next statement for the same one costs nothing more. */
function rememberTenants() {
  const known = new WeakMap<pg.PoolClient, string>()
  return {
    turn: async (client: pg.PoolClient, tenant: string): Promise<void> => {
      if (known.get(client) === tenant) return
      await client.query(`select set_config('exequatur.tenant', $1, false)`, [tenant])
      known.set(client, tenant)
    },
  }
}

async function begin(pool: pg.Pool, tenants: ReturnType<typeof rememberTenants>): Promise<Transaction> {
  const client = await pool.connect()
  // A connection may break between two statements, while nobody waits for it: the next statement says so.
  const ignore = () => undefined
  client.on('error', ignore)
  let open = true
  const end = async (how: 'commit' | 'undo') => {
    if (!open) return
    open = false
    try {
      // A transaction in which a statement failed answers a commit by undoing everything.
      const { command } = await (how === 'commit' ? client.query('commit') : client.query('rollback'))
      if (how === 'commit' && command !== 'COMMIT') throw new Error('the transaction was undone, not committed')
    } catch (error) {
      client.release(true)
      if (how === 'commit') throw error
      return
    } finally {
      client.off('error', ignore)
    }
    // Undone with everything else is whom the connection was set to: it is not used again.
    client.release(how === 'undo')
  }
  const as = (tenant: string): Queries => ({
    query: async (statement, values) => {
      await tenants.turn(client, tenant)
      return client.query(statement as string, values && [...values])
    },
  })
  try {
    await client.query('begin')
  } catch (error) {
    client.off('error', ignore)
    client.release(true)
    throw error
  }
  return {
    of: (tenant) => as(named(tenant)),
    ofNobody: as(nobody),
    commit: () => end('commit'),
    undo: () => end('undo'),
  }
}
