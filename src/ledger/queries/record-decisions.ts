import type { Phase } from '../../domain/lifecycle.js'
import type { PolicyDecision } from '../../domain/policy.js'
import type { Db } from '../pool.js'

export interface DecisionKey {
  readonly tenant: string
  readonly action_id: string
  readonly stage: 'policy' | 'intent'
  readonly phase: Phase
  readonly round: number
}

/** Records what the policy said; a decision recorded before stands. `runId` moves the action to its policy stage. */
export async function recordDecisions(
  db: Db,
  key: DecisionKey,
  decisions: readonly PolicyDecision[],
  runId: string | null = null,
): Promise<void> {
  // Only the server may write a run id, and an executor is refused a statement that so much as mentions it.
  const moved = `with moved as (
    update actions set stage = 'policy', run_id = $7 where tenant = $1 and id = $2 and outcome is null)`
  await db.of(key.tenant).query({
    name: runId === null ? 'record-decisions' : 'record-decisions-of-run',
    text: `${runId === null ? '' : moved}
      insert into decisions (tenant, action_id, stage, phase, step, round, result, policy_ids, policy_digest, input_digest, contract_digest, requirements, explanation)
      select $1, $2, $3, $4, d.step, $5, d.result, array(select jsonb_array_elements_text(d.policy_ids)), d.policy_digest, d.input_digest, d.contract_digest, d.requirements, d.explanation
      from jsonb_to_recordset($6) as d (step text, result text, policy_ids jsonb, policy_digest text, input_digest text, contract_digest text, requirements jsonb, explanation text)
      on conflict do nothing`,
    values: [
      key.tenant,
      key.action_id,
      key.stage,
      key.phase,
      key.round,
      JSON.stringify(decisions),
      ...(runId === null ? [] : [runId]),
    ],
  })
}
