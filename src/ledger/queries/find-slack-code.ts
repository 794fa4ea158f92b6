import type { Db } from '../pool.js'
import type { SlackCode } from './record-slack-code.js'

/** A code that is still good; null if there is none, it has ended, or was used. */
export async function findSlackCode(db: Db, tenant: string, codeHash: string): Promise<SlackCode | null> {
  const { rows } = await db.of(tenant).query<SlackCode>(
    `select code_hash, team, slack_user, shown_name from slack_codes c
     where tenant = $1 and code_hash = $2 and expires_at > clock_timestamp()
       and not exists (select from slack_code_uses u where (u.tenant, u.code_hash) = (c.tenant, c.code_hash))`,
    [tenant, codeHash],
  )
  return rows[0] ?? null
}
