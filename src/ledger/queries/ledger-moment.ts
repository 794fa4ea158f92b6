import type { Db } from '../pool.js'

/** This very moment by the ledger's clock, to the microsecond, as ISO 8601: later than all that committed before. */
export async function ledgerMoment(db: Db): Promise<string> {
  const { rows } = await db.ofNobody.query<{ at: string }>(
    `select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`,
  )
  return rows[0]?.at as string
}
