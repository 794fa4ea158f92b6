import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { Pool, Transaction } from '../../src/ledger/pool.js'

/** A transaction that stays open until it is told to commit, or until the test is over. */
export async function openTransaction(pool: Pool): Promise<Transaction> {
  const transaction = await pool.begin()
  onTestFinished(transaction.undo)
  // However long it takes until somebody waits for it.
  await transaction.ofNobody.query('set local idle_in_transaction_session_timeout = 0')
  return transaction
}

/** Resolves once somebody in this database waits for a lock that another one holds. */
export async function untilSomebodyWaits(pool: Pool): Promise<void> {
  const deadline = performance.now() + 30_000
  while (performance.now() < deadline) {
    const { rows } = await pool.ofNobody.query<{ waiting: number }>(
      `select count(*)::int as waiting from pg_stat_activity
       where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
    )
    if (rows[0]?.waiting) return
    await sleep(10)
  }
  throw new Error('nobody waits for a lock')
}
