import { type ActionRecord, actionColumns } from '../action-record.js'
import type { Db } from '../pool.js'

/** Actions whose approval is open for votes, oldest first; at most `limit` of them, after the given approval time. */
export async function listWaiting(
  db: Db,
  filter: {
    readonly tenant: string
    readonly limit: number
    readonly after?: { readonly admitted_at: string; readonly id: string } | undefined
  },
): Promise<ActionRecord[]> {
  const { rows } = await db.of(filter.tenant).query<ActionRecord>(
    `select ${actionColumns} from actions a
     where a.tenant = $1 and a.outcome is null and a.stage = 'approval'
       and ($2::timestamptz is null or (a.admitted_at, a.id) > ($2, $3))
     order by a.admitted_at, a.id
     limit $4`,
    [filter.tenant, filter.after?.admitted_at ?? null, filter.after?.id ?? null, filter.limit],
  )
  return rows
}
