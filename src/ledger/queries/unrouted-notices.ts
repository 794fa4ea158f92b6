import type { Db } from '../pool.js'
import type { Notice } from './record-notices.js'

/** A notice as it is recorded; it is about one of the two. */
export interface NoticeRow extends Notice {
  readonly about: string
  readonly approval_id: string | null
  readonly attention_id: string | null
  readonly action_id: string
}

/** Notices of a tenant for which nobody has found out whom to tell where, in the order they were noted. */
export async function unroutedNotices(db: Db, tenant: string, limit = 200): Promise<NoticeRow[]> {
  const { rows } = await db.of(tenant).query<NoticeRow>({
    name: 'unrouted-notices',
    text: `
      select n.about, n.kind, n.ordinal, n.approval_id, n.attention_id, n.action_id, n.recipients
      from unrouted_notices join notices n using (tenant, about, kind, ordinal)
      where tenant = $1 order by n.noticed_at, n.about, n.kind, n.ordinal limit $2`,
    values: [tenant, limit],
  })
  return rows
}
