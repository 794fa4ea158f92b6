import type { ResolutionStatement } from '../../domain/attention.js'
import type { Db } from '../pool.js'

export interface SignedResolution extends ResolutionStatement {
  /** How much was recorded of the call when it was decided on. */
  readonly facts: number
  readonly statement: string
  readonly key_id: string
  readonly signature: string
  readonly own_key_id: string | null
  readonly own_signature: string | null
}

/**
 * Records what a person decided on an attention, if nothing more is recorded of the call than they knew of, and their
 * authority still holds. `overtaken`: somebody else decided, or more is known; `moved`: the authority did.
 */
export async function recordResolution(
  db: Db,
  resolution: SignedResolution,
  authorityRevision: number,
): Promise<'recorded' | 'overtaken' | 'moved'> {
  const { rows } = await db.of(resolution.tenant).query<{ held: boolean; recorded: boolean }>(
    `with held as materialized (select hold_authority($1::jsonb->>'tenant', $2) as ok),
     recorded as (
       insert into resolutions (tenant, attention_id, revision, action_id, step, phase, generation, facts, choice, reason,
         evidence, output, state_digest, decided_by, account, method, self_decided, statement, key_id, signature, own_key_id,
         own_signature)
       select tenant, attention_id, revision, action_id, step, phase, generation, facts, choice, reason,
         evidence, output, state_digest, decided_by, account, method, self_decided, statement, key_id, signature,
         own_key_id, own_signature
       from jsonb_to_record($1::jsonb) as given (
         tenant text, attention_id text, revision int, action_id text, step text, phase text, generation int, facts int,
         choice text, reason text, evidence text, output jsonb, state_digest text, decided_by text, account text, method text,
         self_decided boolean, statement text, key_id text, signature text, own_key_id text, own_signature text), held
       where held.ok
       on conflict do nothing returning 1)
     select held.ok as held, exists (select from recorded) as recorded from held`,
    [JSON.stringify(resolution), authorityRevision],
  )
  const answer = rows[0]
  if (!answer?.held) return 'moved'
  return answer.recorded ? 'recorded' : 'overtaken'
}
