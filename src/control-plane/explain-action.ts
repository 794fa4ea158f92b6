import { ExequaturError } from '../domain/errors.js'
import type { DecisionResult, PolicyDecision, Requirements } from '../domain/policy.js'
import { type Admitted, pinnedContract } from '../evidence/admitted.js'
import { decideStep, noApprovals } from '../evidence/decide-steps.js'
import { standingOf, underStandings } from '../evidence/escrow.js'
import { loadAdmitted } from '../evidence/load-admitted.js'
import { presentRound } from '../evidence/looks.js'
import { type PlannedCall, plannedCalls } from '../evidence/planned-calls.js'
import type { DecisionRow } from '../ledger/action-record.js'
import { loadPolicySets, type PastPolicySet } from '../ledger/queries/load-policy-sets.js'
import { permitsOf } from '../policy/permits-of.js'
import { parsePolicySet } from '../policy/policy-set.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { findAction } from './get-action.js'
import { type PolicyView, tellEnough, viewPolicies } from './policy-view.js'

/** Why a decision was as it was. Agents see what policies say to them, people the policies. */
export interface DecisionExplanation {
  readonly step: string
  readonly tool: string
  readonly phase: string
  /** `policy`: before anything was done; `intent`: at the moment of effect. */
  readonly stage: 'policy' | 'intent'
  readonly round: number
  readonly result: DecisionResult
  readonly explanation: string
  readonly at: string
  /** What the deciding policies say (`@say`). */
  readonly says: readonly string[]
  readonly requirements: Requirements
  /** What would have been enough; null where it was allowed, and for agents. */
  readonly enough: string | null
  /** Empty for agents. */
  readonly policies: readonly PolicyView[]
  readonly permitted_by: readonly PolicyView[]
  /** The set it was decided under; null for agents, and where it was none. */
  readonly set: {
    readonly digest: string
    readonly revision: number
    readonly author: string
    readonly from: string
    readonly until: string | null
  } | null
  /** What the set in force says now, without approvals; null for agents, and of what was no decision on the plan. */
  readonly now: { readonly result: DecisionResult; readonly differs: boolean; readonly explanation: string } | null
}

export interface ActionExplanation {
  readonly action_id: string
  readonly decisions: readonly DecisionExplanation[]
}

/** Which policies decided on an action, and why. Throws `EXQ-6001`. */
export async function explainAction(
  plane: ControlPlane,
  caller: Caller,
  action_id: string,
): Promise<ActionExplanation> {
  const record = await findAction(plane, caller, action_id)
  const people = caller.principal.kind === 'person'
  const ref = { tenant: caller.tenant, action_id }
  const loaded = await loadAdmitted(plane, ref, true)
  if (!loaded) throw new ExequaturError('EXQ-6001', action_id)
  const admitted = underStandings(loaded, await standingOf(plane, plane.pool, loaded, callsNow(loaded)))
  const sets = await setsOf(plane, caller.tenant, record.decisions)
  return {
    action_id,
    decisions: record.decisions.map((row) => explain(plane, admitted, row, setAt(sets, row), people)),
  }
}

/** Calls that were made are counted already. */
function callsNow(admitted: Admitted): PlannedCall[] {
  const { intents } = admitted.record
  return plannedCalls(admitted, admitted.request.plan.steps, presentRound(admitted)).map((call) => {
    const made = intents.some(({ step, phase }) => step === call.step && phase === 'execute')
    return made ? { ...call, amount: { ...call.amount, calls: 0, writes: 0, spend_cents: 0 } } : call
  })
}

function explain(
  plane: ControlPlane,
  admitted: Admitted,
  row: DecisionRow,
  past: PastPolicySet | null,
  people: boolean,
): DecisionExplanation {
  const set = parsePolicySet(past?.policies ?? {})
  const authorOf = (id: string) => (past && Object.hasOwn(past.authors, id) ? (past.authors[id] ?? null) : null)
  const policies = viewPolicies(set, row.policy_ids, authorOf)
  const contract = admitted.authority.contractByDigest(row.contract_digest)?.contract
  const permits = contract ? viewPolicies(set, permitsOf(set, contract), authorOf) : []
  const { step, phase, stage, round, result, explanation, requirements } = row
  return {
    step,
    tool: row.tool ?? contract?.name ?? '',
    phase,
    stage,
    round,
    result,
    explanation,
    at: row.decided_at,
    says: policies.flatMap(({ say }) => (say === null ? [] : [say])),
    requirements,
    // Where no policy decided, something before it did: the explanation says what.
    enough: people && past && !isCoded(explanation) ? tellEnough({ result, requirements, policies, permits }) : null,
    policies: people ? policies : [],
    permitted_by: people ? viewPolicies(set, row.permitted_by, authorOf) : [],
    set: people && past ? viewSet(past) : null,
    now: people && stage === 'policy' ? presently(plane, admitted, row) : null,
  }
}

function isCoded(explanation: string): boolean {
  return /^(EXQ-\d{4}|Stopped) /.test(explanation)
}

function presently(plane: ControlPlane, admitted: Admitted, row: DecisionRow): DecisionExplanation['now'] {
  const step = admitted.request.plan.steps.find(({ id }) => id === row.step)
  if (!step || !pinnedContract(admitted, step.id)) return null
  const now = decideStep(admitted, step, presentRound(admitted), noApprovals(plane.groups))
  return { result: now.result, differs: tell(now) !== tell(row), explanation: now.explanation }
}

function tell({ result, policy_ids, requirements }: PolicyDecision): string {
  return JSON.stringify([result, [...policy_ids].sort(), Object.entries(requirements).sort()])
}

async function setsOf(plane: ControlPlane, tenant: string, rows: readonly DecisionRow[]): Promise<PastPolicySet[]> {
  const digests = [...new Set(rows.map(({ policy_digest }) => policy_digest).filter(Boolean))]
  const found = await Promise.all(digests.map((digest) => loadPolicySets(plane.pool, tenant, { digest, limit: 100 })))
  return found.flat()
}

/** The same policies may have been in force several times: the last time before the decision counts. */
function setAt(sets: readonly PastPolicySet[], row: DecisionRow): PastPolicySet | null {
  const same = sets.filter(({ digest }) => digest === row.policy_digest)
  const before = same.filter(({ activated_at }) => Date.parse(activated_at) <= Date.parse(row.decided_at))
  return before[0] ?? same.at(-1) ?? null
}

function viewSet({ digest, revision, author, activated_at, until }: PastPolicySet): DecisionExplanation['set'] {
  return { digest, revision, author, from: activated_at, until }
}
