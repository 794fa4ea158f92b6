import { Socket } from 'node:net'
import { type Effect, notCommitted, type ToolCall } from 'exequatur'
import pg from 'pg'

/** One recorded change of a flag. */
export interface FlagChange {
  readonly change_id: number
  readonly flag: string
  readonly enabled: boolean
  readonly previous_enabled: boolean
}

/** Sets a flag. The same idempotency key sets it once and gets the same answer for ever. */
export function setFlag(call: ToolCall, flag: string, enabled: boolean): Promise<FlagChange> {
  return inTransaction(call, async (client) => {
    const previous = await lockFlag(client, flag)
    if (!previous) throw notCommitted(`there is no flag ${flag}`)
    const known = await client.query<FlagChange>(
      'select change_id, flag, enabled, previous_enabled from flags.changes where idempotency_key = $1',
      [call.idempotencyKey],
    )
    return known.rows[0] ?? change(client, call, { flag, enabled, previous: previous.enabled, undoes: null })
  })
}

/** Gives a flag back the value from before a change, once; not if it was changed again since then. */
export function undoChange(call: ToolCall, { change_id, flag, enabled, previous_enabled }: FlagChange): Promise<void> {
  return inTransaction(call, async (client) => {
    const present = await lockFlag(client, flag)
    const undone = await client.query('select from flags.changes where undoes = $1', [change_id])
    if (undone.rowCount !== 0) return
    if (present?.set_by !== change_id) throw notCommitted(`${flag} was changed again since then; look at its value`)
    await change(client, call, { flag, enabled: previous_enabled, previous: enabled, undoes: change_id })
  })
}

/** What became of a change, named by its id or, where the answer was lost, by the key it was asked for with. */
export function effectOfChange(call: ToolCall, changeId: number | null): Promise<Effect> {
  return inTransaction(call, async (client) => {
    const found = await client.query<{ undone: boolean; in_place: boolean }>(
      `select exists (select from flags.changes undo where undo.undoes = c.change_id) as undone,
              f.set_by <> c.change_id or f.enabled = c.enabled as in_place
         from flags.changes c join flags.feature_flags f on f.name = c.flag
        where ${changeId === null ? 'c.idempotency_key' : 'c.change_id'} = $1`,
      [changeId ?? call.idempotencyKey],
    )
    const [row] = found.rows
    if (!row || row.undone) return 'not-committed'
    return row.in_place ? 'committed' : 'diverged'
  })
}

async function lockFlag(client: pg.Client, flag: string) {
  const { rows } = await client.query<{ enabled: boolean; set_by: number | null }>(
    'select enabled, set_by from flags.feature_flags where name = $1 for update',
    [flag],
  )
  return rows[0]
}

async function change(
  client: pg.Client,
  call: ToolCall,
  { flag, enabled, previous, undoes }: { flag: string; enabled: boolean; previous: boolean; undoes: number | null },
): Promise<FlagChange> {
  const { rows } = await client.query<FlagChange>(
    `with made as (
       insert into flags.changes (idempotency_key, flag, enabled, previous_enabled, undoes) values ($1, $2, $3, $4, $5)
       returning change_id, flag, enabled, previous_enabled
     ), changed as (
       update flags.feature_flags f set enabled = made.enabled, set_by = made.change_id from made where f.name = made.flag
     )
     select * from made`,
    [call.idempotencyKey, flag, enabled, previous, undoes],
  )
  return rows[0] as FlagChange
}

// Postgres rolled back: the request itself is wrong (bad data, broken constraint, no access, no such table).
const refusals = /^(22|23|28|3D|42)/

async function inTransaction<T>(call: ToolCall, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const socket = new Socket()
  const client = new pg.Client({
    connectionString: call.credentials.flags,
    stream: () => socket,
    connectionTimeoutMillis: 10_000,
    query_timeout: 5_000,
    application_name: 'refund-desk',
  })
  // A connection that breaks between two queries says so here; the next query fails with it.
  client.on('error', () => undefined)
  // Whatever it waits for ends with the connection, and Postgres rolls back what was not committed.
  const cut = () => void socket.destroy()
  call.signal.addEventListener('abort', cut, { once: true })
  try {
    call.signal.throwIfAborted()
    await client.connect()
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    if (error instanceof pg.DatabaseError && refusals.test(error.code ?? '')) {
      throw notCommitted(`Postgres refused: ${error.message}`)
    }
    throw error
  } finally {
    call.signal.removeEventListener('abort', cut)
    await client.end().catch(() => undefined)
  }
}
