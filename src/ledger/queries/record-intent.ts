import type { JsonObject } from '../../domain/json.js'
import type { Phase, Stage } from '../../domain/lifecycle.js'
import type { PolicyDecision } from '../../domain/policy.js'
import type { Db } from '../pool.js'

export interface CallRef {
  readonly tenant: string
  readonly action_id: string
  readonly step: string
  readonly phase: Phase
  readonly generation: number
}

export interface Intent extends CallRef {
  readonly round: number
  readonly principal: string
  readonly tool: string
  readonly args: JsonObject
  readonly args_digest: string
  readonly idempotency_key: string
  /** The `allow` this intent rests on. */
  readonly decision: PolicyDecision
  /** The facts the policy was evaluated on; the intent is written only while they still hold. */
  readonly request_digest: string
  readonly authority_revision: number
  readonly action_revision: number
  /** The envelope whose approvals this uses up; null if none were needed. */
  readonly envelope_digest: string | null
  /** For an undo: the committed attempt it undoes. */
  readonly of_attempt: number | null
  readonly executor: string
}

const stageOf: Readonly<Record<Phase, Stage>> = { observe: 'plan', execute: 'execution', compensate: 'compensation' }

/**
 * The one door to an effect: writes decision, intent, consumption and first attempt in a single statement, only if
 * exactly the facts that the policy saw still hold. `moved`: evaluate again. `exists`: somebody else was faster.
 */
export async function recordIntent(db: Db, intent: Intent): Promise<'written' | 'moved' | 'exists'> {
  const { rows } = await db.query<{ held: boolean; written: boolean; exists: boolean }>({
    name: 'record-intent',
    text: `
      with held as materialized (select hold_authority($1, $18) as ok),
      act as (
        update actions set stage = $22 from held
        where ok and tenant = $1 and id = $2 and request_digest = $17 and revision = $19 and outcome is null
        returning actions.id),
      intent as (
        insert into intents (tenant, action_id, step, phase, generation, round, principal, tool, contract_digest, args, args_digest, idempotency_key,
          policy_ids, policy_digest, authority_revision, action_revision, envelope_digest, of_attempt)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $18, $19, $15, $16 from act
        on conflict do nothing returning 1),
      decided as (
        insert into decisions (tenant, action_id, stage, phase, step, round, result, policy_ids, policy_digest, input_digest, contract_digest, requirements, explanation)
        select $1, $2, 'intent', $4, $3, $6, 'allow', $13, $14, $21, $9, '{}', $23 from intent
        on conflict do nothing),
      consumed as (
        insert into consumptions (tenant, envelope_digest, step, generation, action_id)
        select $1, $15, $3, $5, $2 from intent where $15::text is not null),
      attempted as (
        insert into attempts (tenant, action_id, step, phase, generation, attempt, executor)
        select $1, $2, $3, $4, $5, 1, $20 from intent)
      select held.ok and exists (select from act) as held, exists (select from intent) as written,
        exists (select from intents where tenant = $1 and action_id = $2 and step = $3 and phase = $4 and generation = $5) as exists
      from held`,
    values: [
      intent.tenant,
      intent.action_id,
      intent.step,
      intent.phase,
      intent.generation,
      intent.round,
      intent.principal,
      intent.tool,
      intent.decision.contract_digest,
      JSON.stringify(intent.args),
      intent.args_digest,
      intent.idempotency_key,
      intent.decision.policy_ids,
      intent.decision.policy_digest,
      intent.envelope_digest,
      intent.of_attempt,
      intent.request_digest,
      intent.authority_revision,
      intent.action_revision,
      intent.executor,
      intent.decision.input_digest,
      stageOf[intent.phase],
      intent.decision.explanation,
    ],
  })
  const answer = rows[0]
  if (answer?.written) return 'written'
  return answer?.exists || answer?.held ? 'exists' : 'moved'
}
