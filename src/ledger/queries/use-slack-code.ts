import type { Db } from '../pool.js'

/** Uses a code up; false if somebody did already. */
export async function useSlackCode(db: Db, tenant: string, codeHash: string, person: string): Promise<boolean> {
  const { rowCount } = await db.of(tenant).query(
    `insert into slack_code_uses (tenant, code_hash, used_by)
     select tenant, code_hash, $3 from slack_codes where tenant = $1 and code_hash = $2 and expires_at > clock_timestamp()
     on conflict do nothing`,
    [tenant, codeHash, person],
  )
  return rowCount === 1
}
