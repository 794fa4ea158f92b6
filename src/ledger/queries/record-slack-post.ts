import type { Db } from '../pool.js'

/** A message in Slack about something that people decide. */
export interface SlackPost {
  readonly channel: string
  /** Slack's id of the message in its channel. */
  readonly ts: string
  readonly kind: 'approval' | 'attention'
  readonly about: string
  readonly action_id: string
  /** The delivery it was posted for; null for a copy that was found later. */
  readonly delivery: string | null
  /** Digest of what it shows. */
  readonly drawn: string
}

/** Remembers a message; nothing if it is remembered already. */
export async function recordSlackPost(db: Db, tenant: string, post: SlackPost): Promise<void> {
  await db.of(tenant).query(
    `insert into slack_posts (tenant, channel, ts, kind, about, action_id, delivery, drawn)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    [tenant, post.channel, post.ts, post.kind, post.about, post.action_id, post.delivery, post.drawn],
  )
}
