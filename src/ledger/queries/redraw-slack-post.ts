import type { Db } from '../pool.js'
import type { SlackPost } from './record-slack-post.js'

/** Notes what a message shows now, and whether that is the last of it; false if it was noted otherwise meanwhile. */
export async function redrawSlackPost(
  db: Db,
  tenant: string,
  before: Pick<SlackPost, 'channel' | 'ts' | 'drawn'>,
  { drawn, closed }: { readonly drawn: string; readonly closed: boolean },
): Promise<boolean> {
  const { rowCount } = await db.of(tenant).query(
    `update slack_posts set drawn = $5, drawn_at = now(), refused_at = null, closed = $6
     where tenant = $1 and channel = $2 and ts = $3 and drawn = $4 and not closed`,
    [tenant, before.channel, before.ts, before.drawn, drawn, closed],
  )
  return rowCount === 1
}
