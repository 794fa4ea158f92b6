import type { Db } from '../pool.js'
import type { SlackPost } from './record-slack-post.js'

/** What came of a message that could not be drawn anew. */
export interface RefusedPost {
  /** It is the first time since it was drawn. */
  readonly first: boolean
  readonly closed: boolean
}

/**
 * Notes that Slack does not let a message be drawn anew, and the word it says; once that has been so for `giveUpMs` it is the
 * last of it. Null if it was drawn or closed meanwhile.
 */
export async function refuseSlackPost(
  db: Db,
  tenant: string,
  before: Pick<SlackPost, 'channel' | 'ts' | 'drawn'>,
  { word, giveUpMs }: { readonly word: string; readonly giveUpMs: number },
): Promise<RefusedPost | null> {
  const { rows } = await db.of(tenant).query<RefusedPost>(
    `update slack_posts p set refused_at = coalesce(p.refused_at, now()), closed = o.over,
       drawn = case when o.over then $5 else p.drawn end
     from (select channel, ts, coalesce(refused_at < now() - $6 * interval '1 millisecond', false) as over,
         refused_at is null as first
       from slack_posts where tenant = $1 and channel = $2 and ts = $3) o
     where p.tenant = $1 and (p.channel, p.ts) = (o.channel, o.ts) and p.drawn = $4 and not p.closed
     returning o.first, p.closed`,
    [tenant, before.channel, before.ts, before.drawn, word, giveUpMs],
  )
  return rows[0] ?? null
}
