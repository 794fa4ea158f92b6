import { checkArgs } from '../contract/check-args.js'
import { canonical, digestBytes } from '../digest.js'
import { type ErrorCode, ExequaturError } from '../domain/errors.js'
import type { JsonObject } from '../domain/json.js'
import { planProblems } from '../domain/plan.js'
import { type DecisionResult, decidePlan, type PolicyDecision, type Requirements } from '../domain/policy.js'
import type { ActionRequest } from '../domain/request.js'
import type { SessionFacts } from '../domain/session.js'
import { type Admitted, pinnedContract } from '../evidence/admitted.js'
import { decideRemaining, noApprovals } from '../evidence/decide-steps.js'
import { withTotals } from '../evidence/escrow.js'
import { type Authority, underPolicies } from '../identity/authority.js'
import { loadSession } from '../ledger/queries/load-session.js'
import { permitsOf } from '../policy/permits-of.js'
import { type PolicyFiles, type PolicySet, parsePolicySet } from '../policy/policy-set.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { requireValid } from './judge-policy-change.js'
import { type PolicyView, tellEnough, viewPolicies } from './policy-view.js'
import { requirePerson } from './require-person.js'
import { aboutPlan, pinContracts, type Submission, toRequest } from './submit-action.js'

export interface SimulatedStep {
  readonly step: string
  readonly tool: string
  readonly result: DecisionResult
  readonly requirements: Requirements
  readonly explanation: string
  /** Those that decided. */
  readonly policies: readonly PolicyView[]
  readonly permitted_by: readonly string[]
  /** What would be enough; null where it is allowed. */
  readonly enough: string | null
}

interface Simulated {
  readonly policy_digest: string
  readonly result: DecisionResult
  readonly requirements: Requirements
  readonly explanation: string
  readonly steps: readonly SimulatedStep[]
}

export interface Simulation extends Simulated {
  /** Of the set in force; null for a draft. */
  readonly revision: number | null
  /** Why the request would not even be admitted; then nothing was put to the policy. */
  readonly problems: readonly { readonly code: ErrorCode; readonly pointer: string; readonly message: string }[]
  /** What it rests on, and where that comes from. */
  readonly facts: {
    readonly session: SessionFacts & { readonly from: 'ledger' }
    readonly approvals: { readonly counts: Readonly<Record<string, number>>; readonly from: 'given' | 'none' }
    readonly observed: { readonly by_step: Readonly<Record<string, JsonObject>>; readonly from: 'given' | 'none' }
  }
  /** Of a draft: what the set in force says, and which steps differ. */
  readonly present: (Simulated & { readonly differs: readonly string[] }) | null
}

export interface SimulationWish {
  readonly submission: Submission
  /** Without its kind: `support_refunds_v2`. */
  readonly agent: string
  readonly onBehalfOf: string | null
  readonly session: string | null
  readonly observed: Readonly<Record<string, JsonObject>>
  readonly approvals: Readonly<Record<string, number>>
  readonly draft: PolicyFiles | null
}

/**
 * What the policy would say of a request, by the same rules and the same code as of a real one; nothing is recorded.
 * Throws `EXQ-2002` for all but people, `EXQ-2004`, `EXQ-3002`.
 */
export async function simulatePolicies(plane: ControlPlane, caller: Caller, wish: SimulationWish): Promise<Simulation> {
  requirePerson(caller, 'look after policies')
  const { authority, tenant } = caller
  const agent = `agent:${wish.agent.replace(/^agent:/, '')}`
  if (authority.principal(agent)?.kind !== 'agent') throw new ExequaturError('EXQ-2004', agent)
  const draft = wish.draft && parsePolicySet(wish.draft)
  if (draft) requireValid(draft, authority, plane.groups)
  const { onBehalfOf, session } = wish
  const request = toRequest(
    { tenant, principal: { principal: agent }, onBehalfOf, actors: [], session },
    wish.submission,
  )
  const known = await loadSession(plane.pool, tenant, { agent, session, windowMs: plane.sessionWindowMs })
  const counts = { ...noApprovals(plane.groups), ...wish.approvals }
  const facts: Simulation['facts'] = {
    session: { ...known, from: 'ledger' },
    approvals: { counts, from: Object.keys(wish.approvals).length > 0 ? 'given' : 'none' },
    observed: { by_step: wish.observed, from: Object.keys(wish.observed).length > 0 ? 'given' : 'none' },
  }
  const problems = planProblems(request, (step) => authority.contractOf(step.tool, step.version), checkArgs)
  const revision = draft ? null : (authority.policySet?.revision ?? null)
  const policy_digest = draft?.digest ?? authority.policyDigest
  if (problems.length > 0) {
    const explanation = `It would not be admitted: ${problems.map(({ code, message }) => `${code} ${message}`).join('; ')}.`
    const refused = { policy_digest, result: 'deny' as const, requirements: {}, explanation, steps: [] }
    return { ...refused, revision, problems, facts, present: null }
  }
  const admitted = await withTotals(plane, asAdmitted(request, authority, known, wish.observed), 1)
  const inForce = () =>
    answer(admitted, parsePolicySet(authority.policySet?.policies ?? {}), authority.authorOf, counts)
  if (!draft) return { ...inForce(), revision, problems, facts, present: null }
  const drafted = await withTotals(plane, { ...admitted, authority: underPolicies(authority, draft, plane.groups) }, 1)
  const wanted = answer(drafted, draft, authorIn(draft, authority), counts)
  const present = inForce()
  return { ...wanted, revision, problems, facts, present: { ...present, differs: differences(wanted, present) } }
}

/** A request as the ledger would have it once it is admitted and its observations are made. */
function asAdmitted(
  request: ActionRequest,
  authority: Authority,
  session: SessionFacts,
  observed: Readonly<Record<string, JsonObject>>,
): Admitted {
  const bytes = canonical(request)
  const contracts = pinContracts(request, authority)
  const observations = Object.entries(observed).map(([step, output]) => ({
    step,
    look: 0,
    tool: contracts[`${step}/observe`]?.tool ?? '',
    output,
    observed_at: '',
    age_ms: 0,
    output_digest: digestBytes(canonical(output)),
  }))
  return {
    request,
    amendments: [],
    authority,
    record: {
      tenant: request.tenant,
      id: 'act_simulated',
      agent: request.agent,
      request_id: request.context.request_id,
      request: bytes,
      request_digest: digestBytes(bytes),
      contracts,
      ...aboutPlan(request, authority),
      subject: null,
      admitted_at: '',
      revision: 0,
      run_id: null,
      stage: 'policy',
      outcome: null,
      explanation: null,
      ended_at: null,
      authority_revision: authority.revision,
      session,
      cancellation: null,
      halt: null,
      decisions: [],
      amendments: [],
      envelopes: [],
      votes: [],
      intents: [],
      attempts: [],
      outcomes: [],
      observations,
      verifications: [],
      attentions: [],
      resolutions: [],
      looks: [],
      late_results: [],
      review: null,
      reviews: [],
    },
  }
}

function answer(
  admitted: Admitted,
  set: PolicySet,
  authorOf: (id: string) => string | null,
  approvals: Readonly<Record<string, number>>,
): Simulated {
  const decisions = decideRemaining(admitted, 1, approvals)
  const { policy_digest, result, requirements, explanation } = decidePlan(decisions)
  const steps = decisions.map((decision) => viewStep(admitted, decision, set, authorOf))
  return { policy_digest, result, requirements, explanation, steps }
}

function viewStep(
  admitted: Admitted,
  decision: PolicyDecision,
  set: PolicySet,
  authorOf: (id: string) => string | null,
): SimulatedStep {
  const { step, result, requirements, explanation, permitted_by } = decision
  const contract = pinnedContract(admitted, step)?.contract
  const policies = viewPolicies(set, decision.policy_ids, authorOf)
  const permits = contract ? viewPolicies(set, permitsOf(set, contract), authorOf) : []
  return {
    step,
    tool: contract?.name ?? '',
    result,
    requirements,
    explanation,
    policies,
    permitted_by,
    enough: tellEnough({ result, requirements, policies, permits }),
  }
}

/** In a draft what is as it is keeps its author; what is new has none yet. */
function authorIn(draft: PolicySet, authority: Authority): (id: string) => string | null {
  const present = parsePolicySet(authority.policySet?.policies ?? {}).policies
  return (id) => (present.get(id)?.digest === draft.policies.get(id)?.digest ? authority.authorOf(id) : null)
}

function differences(wanted: Simulated, present: Simulated): string[] {
  const tell = ({ result, requirements, policies }: SimulatedStep) =>
    canonical({ result, requirements, policies: policies.map(({ id }) => id) })
  return wanted.steps
    .filter((step, index) => tell(step) !== tell(present.steps[index] ?? step) || !present.steps[index])
    .map(({ step }) => step)
}
