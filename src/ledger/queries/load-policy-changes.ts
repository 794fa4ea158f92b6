import type { Db } from '../pool.js'
import type { NewPolicyChange } from './record-policy-change.js'

export interface PolicyAgreementRow {
  readonly person: string
  readonly vote: 'agree' | 'object'
  readonly reason: string
  readonly agreed_at: string
  /** An agreement counts while its person is live and in the group. */
  readonly counts: boolean
}

export interface PolicyChangeRow extends NewPolicyChange {
  readonly proposed_at: string
  readonly agreements: readonly PolicyAgreementRow[]
  /** The revision it came into force as; null if it did not. */
  readonly in_force_as: number | null
  /** The set it changes is still in force. */
  readonly base_in_force: boolean
}

/** Changes of a tenant's policies, newest first; one of them if `changeId` is given. */
export async function loadPolicyChanges(
  db: Db,
  tenant: string,
  only: { readonly changeId?: string; readonly author?: string; readonly limit: number },
): Promise<PolicyChangeRow[]> {
  const { rows } = await db.of(tenant).query<{ change: PolicyChangeRow }>(
    `select to_jsonb(c) || jsonb_build_object(
       'agreements', coalesce((select jsonb_agg(jsonb_build_object('person', a.person, 'vote', a.vote, 'reason', a.reason,
           'agreed_at', a.agreed_at, 'counts', a.vote = 'object' or a.person = any (agreed_to(c.tenant, c.change_id)))
           order by a.agreed_at, a.person)
         from policy_agreements a where a.tenant = c.tenant and a.change_id = c.change_id), '[]'),
       'in_force_as', (select revision from policy_sets p where p.tenant = c.tenant and p.change_id = c.change_id),
       'base_in_force', c.base_revision = (select max(revision) from policy_sets p where p.tenant = c.tenant)) as change
     from policy_changes c
     where c.tenant = $1 and ($2::text is null or c.change_id = $2) and ($3::text is null or c.author = $3)
     order by c.proposed_at desc, c.change_id limit $4`,
    [tenant, only.changeId ?? null, only.author ?? null, only.limit],
  )
  return rows.map(({ change }) => change)
}
