import { type ActionRecord, actionColumns } from '../action-record.js'
import type { Db } from '../pool.js'

/** Ended actions that are to be looked over, or that somebody objected to, in the order of their ending. */
export async function listReviews(
  db: Db,
  filter: {
    readonly tenant: string
    readonly standing: 'due' | 'objected'
    readonly limit: number
    readonly after?: { readonly ended_at: string; readonly id: string } | undefined
  },
): Promise<ActionRecord[]> {
  const { rows } = await db.of(filter.tenant).query<ActionRecord>(
    `select ${actionColumns} from actions a
     where a.tenant = $1 and a.review = $2 and a.review in ('due', 'objected')
       and ($3::timestamptz is null or (a.ended_at, a.id) > ($3, $4))
     order by a.ended_at, a.id
     limit $5`,
    [filter.tenant, filter.standing, filter.after?.ended_at ?? null, filter.after?.id ?? null, filter.limit],
  )
  return rows
}
