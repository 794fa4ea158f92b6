import type { Change } from '../../domain/amendment.js'
import type { Phase } from '../../domain/lifecycle.js'
import type { PolicyDecision } from '../../domain/policy.js'
import type { Db } from '../pool.js'
import type { Identities } from './record-intent.js'

export interface DecisionKey {
  readonly tenant: string
  readonly action_id: string
  readonly stage: 'policy' | 'intent'
  readonly phase: Phase
  readonly round: number
  readonly under: Identities
}

/** A decision, the tool it is about, and the look it rests on; `moved` says what keeps an intent from being written. */
export type ToolDecision = PolicyDecision & {
  readonly tool: string
  readonly look?: number
  readonly moved?: readonly Change[]
}

/**
 * Records what the policy said; a decision recorded before stands, and then this resolves to false. `toPolicy` moves the action
 * to its policy stage, in this run.
 */
export async function recordDecisions(
  db: Db,
  key: DecisionKey,
  decisions: readonly ToolDecision[],
  toPolicy = false,
): Promise<boolean> {
  const { under } = key
  // Only the server may write a run id, and an executor is refused a statement that so much as mentions it.
  const moved = `with moved as (
    update actions set stage = 'policy', run_id = $11 where tenant = $1 and id = $2 and outcome is null)`
  const { rowCount } = await db.of(key.tenant).query({
    name: toPolicy ? 'record-decisions-of-run' : 'record-decisions',
    text: `${toPolicy ? moved : ''}
      insert into decisions (tenant, action_id, stage, phase, step, round, result, policy_ids, permitted_by, policy_digest, input_digest, contract_digest, requirements, explanation, tool, look, moved, agent, on_behalf_of, actors, workflow_id, run_id)
      select $1, $2, $3, $4, d.step, $5, d.result, array(select jsonb_array_elements_text(d.policy_ids)), array(select jsonb_array_elements_text(d.permitted_by)), d.policy_digest, d.input_digest, d.contract_digest, d.requirements, d.explanation, d.tool, d.look, d.moved, $7, $8, $9::text[], $10, $11
      from jsonb_to_recordset($6) as d (step text, result text, policy_ids jsonb, permitted_by jsonb, policy_digest text, input_digest text, contract_digest text, requirements jsonb, explanation text, tool text, look int, moved jsonb)
      on conflict do nothing`,
    values: [
      key.tenant,
      key.action_id,
      key.stage,
      key.phase,
      key.round,
      JSON.stringify(decisions),
      under.agent,
      under.on_behalf_of,
      under.actors,
      under.workflow_id,
      under.run_id,
    ],
  })
  return rowCount === decisions.length
}
