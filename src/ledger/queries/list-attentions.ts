import type { AttentionReason } from '../../domain/attention.js'
import { type ActionRecord, actionColumns } from '../action-record.js'
import type { Db } from '../pool.js'

export type WithAttention = ActionRecord & { readonly attention_id: string; readonly opened_at: string }

/** Attentions that were not noted as closed, each with its action, oldest first, after the given place. */
export async function listAttentions(
  db: Db,
  filter: {
    readonly tenant: string
    readonly limit: number
    readonly after?: { readonly opened_at: string; readonly id: string } | undefined
    readonly reason?: AttentionReason | undefined
    readonly tool?: string | undefined
    readonly olderThanMs?: number | undefined
  },
): Promise<WithAttention[]> {
  const { rows } = await db.of(filter.tenant).query<WithAttention>(
    `select ${actionColumns}, t.id as attention_id, to_json(t.opened_at)#>>'{}' as opened_at
     from attentions t join actions a on a.tenant = t.tenant and a.id = t.action_id
     where t.tenant = $1 and ($2::timestamptz is null or (t.opened_at, t.id) > ($2, $3))
       and ($4::text is null or t.reason = $4) and ($5::text is null or a.contracts->t.step->>'tool' = $5)
       and ($6::bigint is null or t.opened_at <= now() - $6 * interval '1 millisecond')
       and not exists (select from notices n where n.tenant = t.tenant and n.about = t.id and n.kind = 'closed')
     order by t.opened_at, t.id
     limit $7`,
    [
      filter.tenant,
      filter.after?.opened_at ?? null,
      filter.after?.id ?? null,
      filter.reason ?? null,
      filter.tool ?? null,
      filter.olderThanMs ?? null,
      filter.limit,
    ],
  )
  return rows
}
