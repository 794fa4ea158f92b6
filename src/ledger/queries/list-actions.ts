import type { Outcome, Stage } from '../../domain/lifecycle.js'
import { type ActionRecord, actionColumns } from '../action-record.js'
import type { Db } from '../pool.js'

export interface ActionFilter {
  readonly tenant: string
  readonly agent?: string | undefined
  readonly tool?: string | undefined
  readonly stage?: Stage | undefined
  readonly outcome?: Outcome | undefined
  readonly request_id?: string | undefined
  /** Newest first; only actions admitted before this one. */
  readonly after?: { readonly admitted_at: string; readonly id: string } | undefined
  readonly limit: number
}

export async function listActions(db: Db, filter: ActionFilter): Promise<ActionRecord[]> {
  const { rows } = await db.of(filter.tenant).query<ActionRecord>(
    `select ${actionColumns} from actions a
     where a.tenant = $1
       and ($2::text is null or a.agent = $2)
       and ($3::text is null or $3 = any (a.tools))
       and ($4::text is null or a.stage = $4)
       and ($5::text is null or a.outcome = $5)
       and ($6::text is null or a.request_id = $6)
       and ($7::timestamptz is null or (a.admitted_at, a.id) < ($7, $8))
     order by a.admitted_at desc, a.id desc
     limit $9`,
    [
      filter.tenant,
      filter.agent ?? null,
      filter.tool ?? null,
      filter.stage ?? null,
      filter.outcome ?? null,
      filter.request_id ?? null,
      filter.after?.admitted_at ?? null,
      filter.after?.id ?? null,
      filter.limit,
    ],
  )
  return rows
}
