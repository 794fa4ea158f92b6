import type { AmendmentStatement } from '../../domain/amendment.js'
import type { Db } from '../pool.js'

export interface SignedAmendment extends AmendmentStatement {
  readonly statement: string
  readonly key_id: string
  readonly signature: string
}

/**
 * Records that a person changed the arguments of a step, if its approval is open by the ledger's clock, nothing of the
 * step has begun, and the person's authority still holds. Else why not: `closed`, or `moved` for the authority.
 */
export async function recordAmendment(
  db: Db,
  amendment: SignedAmendment,
  authorityRevision: number,
): Promise<'recorded' | 'closed' | 'moved'> {
  const { rows } = await db.of(amendment.tenant).query<{ held: boolean; recorded: boolean }>(
    `with held as materialized (select hold_authority($1, $14) as ok),
     recorded as (
       insert into amendments (tenant, action_id, revision, approval_id, round, step, args, previous_digest, amended_by,
         account, reason, statement, key_id, signature)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $15 from held where ok
       on conflict do nothing returning 1)
     select held.ok as held, exists (select from recorded) as recorded from held`,
    [
      amendment.tenant,
      amendment.action_id,
      amendment.revision,
      amendment.approval_id,
      amendment.round,
      amendment.step,
      JSON.stringify(amendment.args),
      amendment.previous_digest,
      amendment.amended_by,
      amendment.account,
      amendment.reason,
      amendment.statement,
      amendment.key_id,
      authorityRevision,
      amendment.signature,
    ],
  )
  const answer = rows[0]
  if (!answer?.held) return 'moved'
  return answer.recorded ? 'recorded' : 'closed'
}
