import { existsSync, readFileSync, statSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'

/** How often each ledger statement ran, by its name; those without one by their first words. */
export type Statements = ReadonlyMap<string, number>

const settleMs = 400

/**
 * The statements that `work` makes all processes send, as Postgres itself logs them: a statement is one round trip.
 * `logFile` is where the server writes. Null if it writes elsewhere.
 */
export async function statementsOf(
  ownerUrl: string,
  logFile: string,
  work: () => Promise<unknown>,
): Promise<Statements | null> {
  if (!existsSync(logFile)) return null
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    await owner.query(`alter system set log_statement = 'all'`)
    await owner.query('select pg_reload_conf()')
    await pause(settleMs)
    const from = statSync(logFile).size
    await work()
    await pause(settleMs)
    return parse(readFileSync(logFile).subarray(from).toString())
  } finally {
    await owner.query('alter system reset log_statement')
    await owner.query('select pg_reload_conf()')
    await owner.end()
  }
}

function parse(log: string): Statements {
  const counts = new Map<string, number>()
  for (const [, name, text] of log.matchAll(/LOG: {2}(?:execute (\S+)|statement): *\n?\s*(.*)/g)) {
    const key = name && name !== '<unnamed>' ? name : (text ?? '').split(/\s+/).slice(0, 3).join(' ')
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

export function total(statements: Statements): number {
  return [...statements.values()].reduce((sum, count) => sum + count, 0)
}
