import type { Db } from '../pool.js'

/** What somebody in Slack did that decides. */
export interface SlackClick {
  readonly team: string
  readonly slack_user: string
  /** Slack's own id of it: the same where Slack tells of it again. */
  readonly click: string
}

/** Takes a click; false if it was taken before. */
export async function takeSlackClick(
  db: Db,
  tenant: string,
  { team, slack_user, click }: SlackClick,
): Promise<boolean> {
  const { rowCount } = await db
    .of(tenant)
    .query(
      `insert into slack_clicks (tenant, team, slack_user, click) values ($1, $2, $3, $4) on conflict do nothing`,
      [tenant, team, slack_user, click],
    )
  return rowCount === 1
}
