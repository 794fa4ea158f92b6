import type { Db } from '../pool.js'

/** The ledger's clock, moved by `plusMs`, as ISO 8601. Expiry is never measured by a process's own clock. */
export async function ledgerTime(db: Db, plusMs = 0): Promise<string> {
  const { rows } = await db.ofNobody.query<{ at: string }>(
    `select to_char(now() at time zone 'utc' + $1 * interval '1 millisecond', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`,
    [plusMs],
  )
  return rows[0]?.at as string
}
