import { Context } from '@temporalio/activity'
import { checkSide } from '../src/contract/check-args.js'
import { crashPoint } from '../src/crash-point.js'
import { digest } from '../src/digest.js'
import type { EffectReport, StepRef } from '../src/domain/activities.js'
import { resolveArgs } from '../src/domain/arguments.js'
import { nextMove, promiseFor } from '../src/domain/execution.js'
import { referencesOf } from '../src/domain/plan.js'
import { decidePlan, type PolicyDecision } from '../src/domain/policy.js'
import { kindsRead, readKinds } from '../src/domain/session.js'
import {
  type Admitted,
  type EvidenceDeps,
  observationOf,
  outputOf,
  pinnedContract,
  remainingSteps,
} from '../src/evidence/admitted.js'
import { overBounds } from '../src/evidence/bounds.js'
import { agentOf, decideCall, noApprovals, sessionOf } from '../src/evidence/decide-steps.js'
import { attemptsOf, effectReport, withheld } from '../src/evidence/effect.js'
import { approvalsFor, envelopeOf, isFresh, validVotes } from '../src/evidence/votes.js'
import { recordAttempt } from '../src/ledger/queries/record-attempt.js'
import { recordDecisions } from '../src/ledger/queries/record-decisions.js'
import { recordIntent } from '../src/ledger/queries/record-intent.js'
import { type Call, type ExecutorDeps, idempotencyKey } from './call.js'
import { identitiesOf } from './identities.js'
import { requireAdmitted, requireForDecision, stepOf } from './request.js'
import { requireTool, retryLater } from './retry.js'
import { callTool } from './tool-call.js'

// How soon a call that a stop holds is looked at again.
const whileStoppedMs = 2_000

/** Prepares a call from the present facts; null if there is nothing to call for. */
export type PrepareCall = (admitted: Admitted) => Call | null

/** Reads back what the ledger says of a call; a forged completion of an activity changes nothing here. */
export async function readEffect(deps: EvidenceDeps, ref: StepRef): Promise<EffectReport> {
  return effectReport(deps, await requireAdmitted(deps, ref), ref)
}

/** Runs a step of the plan as its agent. */
export function execute(deps: ExecutorDeps, ref: StepRef): Promise<EffectReport> {
  return settleCall(deps, ref, (admitted) => {
    const step = stepOf(admitted.request, ref.step)
    const contract = pinnedContract(admitted, ref.step)
    if (!contract) return null
    return {
      ref: { tenant: ref.tenant, action_id: ref.action_id, step: ref.step, phase: 'execute', generation: 0 },
      round: ref.round,
      contract,
      principal: agentOf(admitted),
      args: resolveArgs(step, contract.contract, observationOf(admitted, ref.step), (id) => outputOf(admitted, id)),
      undo: false,
      undoes: null,
    }
  })
}

/**
 * Brings one call to an answer in the ledger: the recorded one if there is one, else by intent, fenced attempt, call
 * and outcome. Safe to run again at any point, in any process.
 */
export async function settleCall(deps: ExecutorDeps, ref: StepRef, prepare: PrepareCall): Promise<EffectReport> {
  for (let called = false; ; ) {
    const startedAt = performance.now()
    const admitted = await requireForDecision(deps, ref)
    const call = prepare(admitted)
    const report = effectReport(deps, admitted, ref)
    if (report.state !== 'none') return report
    if (!call) throw retryLater('the ledger holds nothing to call for')
    Context.current().cancellationSignal.throwIfAborted()
    const waiting = outOfTurn(admitted, call)
    if (waiting) throw retryLater(waiting)
    requireTool(deps, call.contract)
    const attempts = attemptsOf(admitted, call.ref)
    const last = attempts.at(-1)?.attempt ?? 0
    if (called || nextMove(attempts, promiseFor(call.contract.contract, call.ref.phase)) === 'wait') {
      throw retryLater(
        called ? 'the outcome is unknown; the same key will be sent again' : 'an earlier attempt may still be answered',
      )
    }
    const held = withheld(admitted, call.contract, call.undo)
    if (held?.waits) throw retryLater(held.reason, whileStoppedMs)
    if (last > 0 && held) throw retryLater('held back; an earlier attempt may still be answered')
    const authorised = last === 0 ? await authorise(deps, admitted, call) : await fence(deps, admitted, call, last)
    if (!authorised) continue
    crashPoint(call.undo ? 'undo.claimed' : 'call.claimed')
    const outcome = await callTool(deps, call, { attempt: last + 1, startedAt, request: admitted.request })
    crashPoint(call.undo ? 'undo.recorded' : 'outcome.recorded')
    // A definite answer that we recorded is what the ledger now says; whoever acts on it reads the ledger.
    if (outcome && outcome.effect !== 'unknown')
      return { ...report, state: outcome.effect, output: outcome.output, error: outcome.error }
    called = true
  }
}

/** Writes the intent and its first attempt, or why there is none. False: look at the ledger again. */
async function authorise(deps: ExecutorDeps, admitted: Admitted, call: Call): Promise<boolean> {
  const { record, request, authority } = admitted
  const approval = approvalOf(deps, admitted, call)
  const decision =
    refusalOf(deps, admitted, call) ??
    decideCall(admitted, stepOf(admitted.request, call.ref.step), {
      ...call,
      observed: call.undo ? null : observationOf(admitted, call.ref.step),
      approvals: approval.counts,
    })
  const under = identitiesOf(admitted)
  const tool = call.contract.contract.name
  if (decision.result !== 'allow') {
    const waiting = undecided(admitted, call)
    if (waiting) throw retryLater(waiting)
    await recordDecisions(deps.pool, { ...call.ref, stage: 'intent', round: call.round, under }, [
      { ...decision, tool },
    ])
    return false
  }
  crashPoint('intent.decided')
  const written = await recordIntent(deps.pool, {
    ...call.ref,
    round: call.round,
    principal: call.principal.id,
    tool,
    session: request.session ?? null,
    session_window_ms: deps.sessionWindowMs,
    // An undo goes on whatever was read meanwhile.
    known_reads: call.undo ? readKinds : kindsRead(sessionOf(admitted, call.ref.step)),
    reads: call.undo ? [] : (call.contract.contract.reads ?? []),
    args: call.args,
    args_digest: digest(call.args),
    idempotency_key: idempotencyKey(deps.deployment, call.ref),
    decision,
    request_digest: record.request_digest,
    authority_revision: authority.revision,
    action_revision: record.revision,
    envelope_digest: approval.used,
    of_attempt: call.undoes?.attempt ?? null,
    executor: deps.executor,
    under,
    counts: null,
  })
  return written === 'written'
}

/** Writes the next attempt of a standing intent, if nobody else did and neither authority nor action moved. */
function fence(deps: ExecutorDeps, admitted: Admitted, call: Call, last: number): Promise<boolean> {
  const under = { authority_revision: admitted.authority.revision, action_revision: admitted.record.revision }
  return recordAttempt(deps.pool, call.ref, last, under, deps.executor)
}

/** What the approvals on this round's envelope are worth, and which envelope they use up. */
function approvalOf(
  deps: ExecutorDeps,
  admitted: Admitted,
  call: Call,
): { counts: Record<string, number>; used: string | null } {
  const row = call.ref.phase === 'execute' ? envelopeOf(admitted, call.round) : undefined
  if (!row || row.left_ms <= 0 || !isFresh(admitted, row)) return { counts: noApprovals(deps.groups), used: null }
  return { counts: approvalsFor(deps, admitted, call.ref.step, row, validVotes(deps, admitted, row)), used: row.digest }
}

const longestExplanation = 1_000

/** Why a call may not even be put to the policy. */
function refusalOf(deps: ExecutorDeps, admitted: Admitted, call: Call): PolicyDecision | null {
  const row = call.ref.phase === 'execute' ? envelopeOf(admitted, call.round) : undefined
  const rejection = row && validVotes(deps, admitted, row).find(({ vote }) => vote === 'reject')
  const misfit = unresolvedReference(admitted, call) ?? misfitOf(deps, call)
  const bound = call.undo ? null : overBounds(admitted)
  const explanation =
    withheld(admitted, call.contract, call.undo)?.reason ??
    (rejection && `EXQ-4006 Rejected by ${rejection.approver}: ${rejection.reason}`) ??
    (misfit && `EXQ-1102 ${misfit.slice(0, longestExplanation)}`) ??
    (bound && `EXQ-1106 ${bound}`)
  if (!explanation) return null
  return {
    step: call.ref.step,
    result: 'deny',
    policy_ids: [],
    permitted_by: [],
    policy_digest: admitted.authority.policyDigest,
    input_digest: digest(call.args),
    contract_digest: call.contract.digest,
    requirements: {},
    explanation,
  }
}

/**
 * Why it is not this call's turn; null if it is. Anybody with write access to the namespace can schedule an activity, so
 * the order of a plan is kept here too: forward step by step, and undone only once the plan has halted.
 */
function outOfTurn(admitted: Admitted, call: Call): string | null {
  const { record } = admitted
  if (call.ref.phase === 'compensate') return record.halt ? null : 'the plan has not halted: nothing is to be undone'
  if (call.ref.phase === 'observe') return null
  if (record.halt) return 'the plan has halted: nothing more is executed'
  const [next] = remainingSteps(admitted)
  return !next || next.id === call.ref.step ? null : `${next.id} comes first`
}

/**
 * Why the round of a call is not decided yet; null if it is. The workflow comes here once the server has seen the policy's
 * answer and, where people are asked, theirs. A refusal recorded for whoever comes sooner would void their votes.
 */
function undecided({ record }: Admitted, { ref, round }: Call): string | null {
  if (ref.phase !== 'execute') return null
  const asked = record.decisions.filter((row) => row.stage === 'policy' && row.round === round)
  if (asked.length === 0) return `the policy has not decided on round ${round}`
  if (decidePlan(asked).result !== 'require-approval') return null
  const closed = record.envelopes.some((envelope) => envelope.round === round && envelope.closed)
  return closed ? null : `round ${round} waits for approval`
}

/** A reference of the step that came to nothing: the call would not be what was asked for. */
function unresolvedReference({ request }: Admitted, call: Call): string | null {
  if (call.ref.phase !== 'execute') return null
  const open = Object.entries(referencesOf(stepOf(request, call.ref.step))).find(([field]) => !(field in call.args))
  return open ? `${open[0]} refers to ${open[1].step}.${open[1].field}, which ${open[1].step} did not give` : null
}

/** How complete arguments fail the contract, or the tool's own schema; null if they fit both. */
function misfitOf(deps: ExecutorDeps, call: Call): string | null {
  const [problem] = checkSide(call.contract, 'input', call.args)
  if (problem) return `${problem.pointer} ${problem.message}`
  try {
    deps.tools.get(call.contract.digest)?.parseArgs(call.args)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
