import type { Db } from '../pool.js'

/** Somebody in Slack who wants to be known as a person. */
export interface SlackCode {
  readonly code_hash: string
  readonly team: string
  readonly slack_user: string
  /** As Slack shows them; they chose it themselves. */
  readonly shown_name: string | null
}

/** Adds a code that is good for so long. Resolves to when it ends. */
export async function recordSlackCode(db: Db, tenant: string, code: SlackCode, ttlMs: number): Promise<string> {
  const { rows } = await db.of(tenant).query<{ expires_at: string }>(
    `insert into slack_codes (tenant, code_hash, team, slack_user, shown_name, expires_at)
     values ($1, $2, $3, $4, $5, now() + $6 * interval '1 millisecond')
     returning to_char(expires_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as expires_at`,
    [tenant, code.code_hash, code.team, code.slack_user, code.shown_name, ttlMs],
  )
  return rows[0]?.expires_at ?? ''
}
