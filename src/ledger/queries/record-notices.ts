import type { Db } from '../pool.js'

/** One thing that people are told about an approval request. */
export interface Notice {
  readonly kind: 'asked' | 'reminder' | 'escalation' | 'closed'
  readonly ordinal: number
  /** People, as `person:<name>`. */
  readonly recipients: readonly string[]
}

/** Notes notices; one that was noted before stands as it is. */
export async function recordNotices(
  db: Db,
  tenant: string,
  actionId: string,
  approvalId: string,
  notices: readonly Notice[],
): Promise<void> {
  await db.of(tenant).query(
    `insert into notices (tenant, action_id, approval_id, kind, ordinal, recipients)
     select $1, $2, $3, n.kind, n.ordinal, array(select jsonb_array_elements_text(n.recipients))
     from jsonb_to_recordset($4) as n (kind text, ordinal int, recipients jsonb)
     on conflict do nothing`,
    [tenant, actionId, approvalId, JSON.stringify(notices)],
  )
}
