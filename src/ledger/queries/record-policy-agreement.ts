import type { Db } from '../pool.js'

/** Records what a person says to a change of policies, once each way. */
export async function recordPolicyAgreement(
  db: Db,
  tenant: string,
  changeId: string,
  said: { readonly person: string; readonly vote: 'agree' | 'object'; readonly reason: string },
): Promise<void> {
  await db.of(tenant).query(
    `insert into policy_agreements (tenant, change_id, person, vote, reason) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [tenant, changeId, said.person, said.vote, said.reason],
  )
}
