import type { Db, Pool, Queries } from '../../src/ledger/pool.js'

/**
 * The pool, but something happens right before the first statement whose text matches: what an attacker hopes to do in
 * the gap between a look at the facts and the act.
 */
export function interpose(pool: Pool, before: RegExp, happens: () => Promise<unknown>): Pool {
  let done = false
  const queries = (real: Queries): Queries => ({
    query: async (statement, values) => {
      const text = typeof statement === 'string' ? statement : statement.text
      if (!done && before.test(text)) {
        done = true
        await happens()
      }
      return real.query(statement, values)
    },
  })
  const db = (real: Db): Db => ({ of: (tenant) => queries(real.of(tenant)), ofNobody: queries(real.ofNobody) })
  return {
    ...db(pool),
    begin: async () => {
      const transaction = await pool.begin()
      return { ...transaction, ...db(transaction) }
    },
    end: () => pool.end(),
  }
}
