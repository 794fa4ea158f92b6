import type { ActionRef } from '../../domain/activities.js'
import type { Db } from '../pool.js'

/** One thing that people are told about an approval request, or about what needs attention. */
export interface Notice {
  readonly kind: 'asked' | 'reminder' | 'escalation' | 'closed'
  readonly ordinal: number
  /** People, as `person:<name>`. */
  readonly recipients: readonly string[]
  /** Where it stands, of a closed one. */
  readonly closed_as?: string
}

export type NoticedThing = { readonly approval_id: string } | { readonly attention_id: string }

/** Notes notices; one that was noted before stands as it is. Resolves to those that were not. */
export async function recordNotices(
  db: Db,
  { tenant, action_id }: ActionRef,
  about: NoticedThing,
  notices: readonly Notice[],
): Promise<Pick<Notice, 'kind' | 'ordinal'>[]> {
  const { rows } = await db.of(tenant).query<Pick<Notice, 'kind' | 'ordinal'>>(
    `insert into notices (tenant, action_id, approval_id, attention_id, kind, ordinal, recipients, closed_as)
     select $1, $2, $3, $4, n.kind, n.ordinal, array(select jsonb_array_elements_text(n.recipients)), n.closed_as
     from jsonb_to_recordset($5) as n (kind text, ordinal int, recipients jsonb, closed_as text)
     on conflict do nothing returning kind, ordinal`,
    [
      tenant,
      action_id,
      'approval_id' in about ? about.approval_id : null,
      'attention_id' in about ? about.attention_id : null,
      JSON.stringify(notices),
    ],
  )
  return rows
}
