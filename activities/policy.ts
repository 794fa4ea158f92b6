import { crashPoint } from '../src/crash-point.js'
import type { PolicyReport, RoundRef } from '../src/domain/activities.js'
import { decidePlan, type PolicyDecision } from '../src/domain/policy.js'
import { type Admitted, type EvidenceDeps, remainingSteps } from '../src/evidence/admitted.js'
import { decideRemaining, noApprovals, refused } from '../src/evidence/decide-steps.js'
import { type Standing, standingOf, underStandings } from '../src/evidence/escrow.js'
import { plannedCalls } from '../src/evidence/planned-calls.js'
import { type Db, inTransaction } from '../src/ledger/pool.js'
import { countPending } from '../src/ledger/queries/count-pending.js'
import { recordDecisions, type ToolDecision } from '../src/ledger/queries/record-decisions.js'
import { noteBudgetEvents } from './budget-events.js'
import { identitiesOf } from './identities.js'
import { requireAdmitted, requireForDecision } from './request.js'

/** What asking the policy takes. */
export type PolicyDeps = EvidenceDeps & {
  /** How many requests of one agent may wait for people; any number, if left out. */
  readonly pendingPerAgent?: number
}

/** Asks the policy about every step that is still to be done, and records what it said. */
export async function policy(deps: PolicyDeps, ref: RoundRef): Promise<PolicyReport> {
  const admitted = await requireForDecision(deps, ref)
  const known = decidedIn(admitted, ref.round)
  if (known.length > 0) return report(known)
  const standings = await standingOf(
    deps,
    deps.pool,
    admitted,
    plannedCalls(admitted, remainingSteps(admitted), ref.round),
  )
  const decided = decideRemaining(underStandings(admitted, standings), ref.round, noApprovals(deps.groups))
  crashPoint('policy.decided')
  const decisions = decided.map((decision) => withinBudgets(decision, standings.get(decision.step)))
  const settled = await recordInTurn(deps, admitted, ref.round, decisions)
  // Another evaluation of this round was faster: what it said is what the ledger has.
  if (!settled) return report(decidedIn(await requireAdmitted(deps, ref), ref.round))
  await noteReached(deps, admitted, ref.round, standings, settled)
  crashPoint('policy.recorded')
  return report(settled)
}

function decidedIn({ record }: Admitted, round: number): PolicyDecision[] {
  return record.decisions.filter((row) => row.stage === 'policy' && row.round === round)
}

/** What has no room is denied before people are asked about it; the intent decides again, with the room held. */
function withinBudgets(decision: ToolDecision, standing: Standing | undefined): ToolDecision {
  if (!standing?.refusal) return decision
  // Where the policy denies it anyway, that is what to say.
  return decision.result === 'deny' ? decision : { ...decision, ...refused, explanation: standing.refusal }
}

async function noteReached(
  deps: PolicyDeps,
  admitted: Admitted,
  round: number,
  standings: ReadonlyMap<string, Standing>,
  decisions: readonly ToolDecision[],
): Promise<void> {
  for (const [step, { events, refusal }] of standings) {
    if (!decisions.some((decision) => decision.step === step && decision.explanation === refusal)) continue
    const reached = events.filter(({ kind }) => kind === 'reached')
    await noteBudgetEvents(deps, deps.pool, admitted, { step, round }, reached)
  }
}

/**
 * Records what was decided. Where it is that people are asked, one action of an agent comes after the other: however
 * many were admitted at once, no more of them wait than may. Resolves to what was recorded; null where something else stands.
 */
async function recordInTurn(
  deps: PolicyDeps,
  admitted: Admitted,
  round: number,
  decisions: readonly ToolDecision[],
): Promise<readonly ToolDecision[] | null> {
  const { record } = admitted
  const under = identitiesOf(admitted)
  const key = { tenant: record.tenant, action_id: record.id, stage: 'policy', phase: 'execute', round, under } as const
  const note = (db: Db, all: readonly ToolDecision[]) => recordDecisions(db, key, all, under.run_id !== null)
  const asks = decidePlan(decisions).result === 'require-approval' && record.envelopes.length === 0
  if (!asks || deps.pendingPerAgent === undefined) {
    return (await note(deps.pool, decisions)) ? decisions : null
  }
  const limit = deps.pendingPerAgent
  return inTransaction(deps.pool, async (db) => {
    const full = (await countPending(db, key, record.agent)) >= limit
    const explanation = `EXQ-1111 ${limit} requests of ${record.agent} wait for people already.`
    const settled = full ? decisions.map((decision) => ({ ...decision, ...refused, explanation })) : decisions
    return (await note(db, settled)) ? settled : null
  })
}

function report(decisions: readonly PolicyDecision[]): PolicyReport {
  const plain = decisions.map(
    ({
      step,
      result,
      policy_ids,
      permitted_by,
      policy_digest,
      input_digest,
      contract_digest,
      requirements,
      explanation,
    }) => ({
      step,
      result,
      policy_ids,
      permitted_by,
      policy_digest,
      input_digest,
      contract_digest,
      requirements,
      explanation,
    }),
  )
  return { ...decidePlan(plain), decisions: plain }
}
