import type { Db } from '../pool.js'
import type { SlackPost } from './record-slack-post.js'

/** The messages that may have to be drawn anew, oldest first, those about one action together: all, or those about one. */
export async function listSlackPosts(db: Db, tenant: string, actionId: string | null): Promise<SlackPost[]> {
  const { rows } = await db.of(tenant).query<SlackPost>(
    `select channel, ts, kind, about, action_id, delivery, drawn from slack_posts
     where tenant = $1 and not closed and ($2::text is null or action_id = $2) 
     order by min(posted_at) over (partition by action_id), action_id, posted_at, channel, ts`,
    [tenant, actionId],
  )
  return rows
}
