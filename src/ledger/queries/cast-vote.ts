import type { ActionRef } from '../../domain/activities.js'
import type { VoteStatement } from '../../domain/approval.js'
import type { Db } from '../pool.js'

export interface SignedVote extends VoteStatement {
  readonly statement: string
  readonly key_id: string
  readonly signature: string
}

/**
 * Records the next revision of one person's vote if the approval is still open by the ledger's clock and the voter's
 * authority still holds. Returns `cast`, or why not; `voted-before`: another vote of the person has taken the revision.
 */
export async function castVote(
  db: Db,
  ref: ActionRef,
  vote: SignedVote,
  authorityRevision: number,
): Promise<'cast' | 'voted-before' | 'closed' | 'moved'> {
  const { rows } = await db.of(ref.tenant).query<{ held: boolean; open: boolean; cast: boolean }>(
    // The action is locked as an intent locks it: whichever comes first is seen by the other.
    `with held as materialized (select hold_authority($1, $13) as ok),
     open as materialized (
       select e.id from envelopes e join actions a on a.tenant = e.tenant and a.id = e.action_id, held
       where ok and e.tenant = $1 and e.action_id = $2 and e.id = $3 and e.digest = $8 and e.expires_at > clock_timestamp()
         and a.outcome is null and a.stage = 'approval'
         and e.round = (select max(round) from envelopes where tenant = $1 and action_id = $2)
       for no key update of a),
     inserted as (
       insert into votes (tenant, action_id, approval_id, approver, vote, reason, method, envelope_digest, rendering_digest,
         statement, key_id, signature, account, revision, acknowledged, self_approved)
       select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $14, $15, $16, $17 from open
       where $15 = (select coalesce(max(revision), 0) + 1 from votes where tenant = $1 and approval_id = $3 and approver = $4)
       on conflict do nothing returning 1)
     select held.ok as held, exists (select from open) as open, exists (select from inserted) as cast from held`,
    [
      ref.tenant,
      ref.action_id,
      vote.approval_id,
      vote.approver,
      vote.vote,
      vote.reason,
      vote.method,
      vote.envelope_digest,
      vote.rendering_digest,
      vote.statement,
      vote.key_id,
      vote.signature,
      authorityRevision,
      vote.account,
      vote.revision,
      vote.acknowledged,
      vote.self_approved,
    ],
  )
  const answer = rows[0]
  if (!answer?.held) return 'moved'
  if (answer.cast) return 'cast'
  return answer.open ? 'voted-before' : 'closed'
}
