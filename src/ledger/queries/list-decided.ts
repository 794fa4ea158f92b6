import { type ActionRecord, actionColumns } from '../action-record.js'
import type { Db } from '../pool.js'

/** An approval request that somebody voted on, with its action, and when they last did. */
export interface DecidedRow {
  readonly approval_id: string
  /** ISO 8601. */
  readonly decided_at: string
  readonly record: ActionRecord
}

/** What one person voted on, newest first; at most `limit` of it, before the given position. */
export async function listDecided(
  db: Db,
  filter: {
    readonly tenant: string
    readonly approver: string
    readonly limit: number
    readonly after?: { readonly decided_at: string; readonly approval_id: string } | undefined
  },
): Promise<DecidedRow[]> {
  const { rows } = await db.of(filter.tenant).query<ActionRecord & Omit<DecidedRow, 'record'>>(
    `with decided as materialized (
       select approval_id, action_id, max(voted_at) as decided_at from votes
       where tenant = $1 and approver = $2 group by approval_id, action_id),
     page as materialized (
       select * from decided where $3::timestamptz is null or (decided_at, approval_id) < ($3, $4)
       order by decided_at desc, approval_id desc limit $5)
     select p.approval_id, to_json(p.decided_at)#>>'{}' as decided_at, ${actionColumns}
     from page p join actions a on a.tenant = $1 and a.id = p.action_id
     order by p.decided_at desc, p.approval_id desc`,
    [filter.tenant, filter.approver, filter.after?.decided_at ?? null, filter.after?.approval_id ?? null, filter.limit],
  )
  return rows.map(({ approval_id, decided_at, ...record }) => ({ approval_id, decided_at, record }))
}
