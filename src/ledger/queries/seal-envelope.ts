import type { ActionRef } from '../../domain/activities.js'
import type { EnvelopeRow } from '../action-record.js'
import type { Db } from '../pool.js'

export type SealedEnvelope = Omit<EnvelopeRow, 'sealed_at' | 'left_ms' | 'closed'>

/** Stores the envelope of a round, once, and moves the action to its approval. */
export async function sealEnvelope(db: Db, ref: ActionRef, sealed: SealedEnvelope): Promise<void> {
  await db.of(ref.tenant).query(
    `with sealed as (
       insert into envelopes (tenant, action_id, round, id, digest, envelope, rendering, rendering_digest, requirements, approver_groups, policy_digest, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
       on conflict do nothing returning 1)
     update actions set stage = 'approval' where tenant = $1 and id = $2 and outcome is null and exists (select from sealed)`,
    [
      ref.tenant,
      ref.action_id,
      sealed.round,
      sealed.id,
      sealed.digest,
      sealed.envelope,
      sealed.rendering,
      sealed.rendering_digest,
      JSON.stringify(sealed.requirements),
      sealed.approver_groups,
      sealed.policy_digest,
      sealed.expires_at,
    ],
  )
}
