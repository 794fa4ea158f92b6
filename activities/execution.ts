import { Context } from '@temporalio/activity'
import { crashPoint } from '../src/crash-point.js'
import { digest } from '../src/digest.js'
import type { EffectReport, StepRef } from '../src/domain/activities.js'
import { resolveArgs } from '../src/domain/arguments.js'
import { nextMove, promiseFor } from '../src/domain/execution.js'
import { isRechecked, objectsAt } from '../src/domain/looks.js'
import type { PolicyDecision } from '../src/domain/policy.js'
import { kindsRead, readKinds } from '../src/domain/session.js'
import { type Admitted, type EvidenceDeps, outputOf, pinnedContract } from '../src/evidence/admitted.js'
import { overBounds } from '../src/evidence/bounds.js'
import { attemptsOf, looksOf } from '../src/evidence/call-rows.js'
import { agentOf, decideCall, noApprovals, sessionOf } from '../src/evidence/decide-steps.js'
import { effectReport, withheld } from '../src/evidence/effect.js'
import { generationOf, ofPresent } from '../src/evidence/generation.js'
import { newestLook, observationOf, presentRound } from '../src/evidence/looks.js'
import { movedSince, outOfRange } from '../src/evidence/moved.js'
import { outOfTurn, undecided } from '../src/evidence/turn.js'
import { approvalsFor, envelopeOf, isFresh, validVotes } from '../src/evidence/votes.js'
import { recordAttempt } from '../src/ledger/queries/record-attempt.js'
import { recordDecisions, type ToolDecision } from '../src/ledger/queries/record-decisions.js'
import { recordIntent } from '../src/ledger/queries/record-intent.js'
import { type Call, type ExecutorDeps, idempotencyKey } from './call.js'
import { identitiesOf } from './identities.js'
import { misfitOf, unresolvedReference } from './misfit.js'
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
    // What is tried again under an intent is what the intent is for.
    const intent = admitted.record.intents.find(ofPresent(admitted, ref))
    const observed = observationOf(admitted, ref.step, intent?.round ?? ref.round)
    const args = intent?.args ?? resolveArgs(step, contract.contract, observed, (id) => outputOf(admitted, id))
    const { touches } = contract.contract
    const atMost = touches ? objectsAt({ observed }, touches.observed) : null
    return {
      ref: {
        tenant: ref.tenant,
        action_id: ref.action_id,
        step: ref.step,
        phase: 'execute',
        generation: generationOf(admitted, ref.step, 'execute'),
      },
      round: ref.round,
      contract,
      principal: agentOf(admitted),
      args,
      undo: false,
      undoes: null,
      ...(atMost !== null && { atMost }),
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
    const waiting = outOfTurn(admitted, call.ref)
    if (waiting) throw retryLater(waiting)
    requireTool(deps, call.contract)
    const attempts = attemptsOf(admitted, call.ref)
    const last = attempts.at(-1)?.attempt ?? 0
    if (
      called ||
      nextMove(attempts, promiseFor(call.contract.contract, call.ref.phase), looksOf(admitted, call.ref)) === 'wait'
    ) {
      throw retryLater(
        called ? 'the outcome is unknown; the same key will be sent again' : 'an earlier attempt may still be answered',
      )
    }
    const held = withheld(admitted, call.contract, call.undo)
    if (held?.waits) throw retryLater(held.reason, whileStoppedMs)
    if (last > 0 && held) throw retryLater('held back; an earlier attempt may still be answered')
    if (last === 0 && !held && report.look !== undefined) return report
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
  const newest = call.ref.phase === 'execute' ? newestLook(admitted, call.ref.step) : undefined
  const decision: Omit<ToolDecision, 'tool'> =
    refusalOf(deps, admitted, call) ??
    heldByFacts(admitted, call) ??
    decideCall(admitted, stepOf(admitted.request, call.ref.step), {
      ...call,
      // What the round rests on is settled; the policy sees what is so now.
      observed: newest?.output ?? null,
      approvals: approval.counts,
    })
  const under = identitiesOf(admitted)
  const tool = call.contract.contract.name
  const rechecked = call.ref.phase === 'execute' && isRechecked(call.contract.contract)
  if (decision.result !== 'allow' || rechecked) {
    const waiting = undecided(admitted, { ...call.ref, round: call.round })
    if (waiting) throw retryLater(waiting)
  }
  if (decision.result !== 'allow') {
    await recordDecisions(deps.pool, { ...call.ref, stage: 'intent', round: call.round, under }, [
      { ...decision, tool, ...(newest && { look: newest.look }) },
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
    look: rechecked ? (newest?.look ?? null) : null,
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
  const bound = call.undo
    ? null
    : overBounds(admitted, call.ref.phase === 'execute' ? call.round : presentRound(admitted))
  const explanation =
    withheld(admitted, call.contract, call.undo)?.reason ??
    (rejection && `EXQ-4006 Rejected by ${rejection.approver}: ${rejection.reason}`) ??
    (misfit && `EXQ-1102 ${misfit.slice(0, longestExplanation)}`) ??
    (bound && `EXQ-1106 ${bound}`)
  return explanation ? refusedCall(admitted, call, explanation) : null
}

/** A denial before the policy was asked. */
function refusedCall({ authority }: Admitted, call: Call, explanation: string): PolicyDecision {
  return {
    step: call.ref.step,
    result: 'deny',
    policy_ids: [],
    permitted_by: [],
    policy_digest: authority.policyDigest,
    input_digest: digest(call.args),
    contract_digest: call.contract.digest,
    requirements: {},
    explanation,
  }
}

/** What moved since the round was decided, or came out of its range: it is shown, and asked about, before it is used. */
function heldByFacts(admitted: Admitted, call: Call): Omit<ToolDecision, 'tool'> | null {
  if (call.ref.phase !== 'execute') return null
  const { step } = call.ref
  const moved = movedSince(admitted, step, call.round)
  const late = outOfRange(admitted, stepOf(admitted.request, step), call)
  if (moved.length + late.length === 0) return null
  const names = [...moved, ...late].map(({ pointer }) => pointer).join(', ')
  const explanation =
    moved.length > 0
      ? `EXQ-5050 ${names} is not what it was when this was decided.`
      : `EXQ-5051 ${names} came to a value outside of what the contract lets a reference give.`
  return { ...refusedCall(admitted, call, explanation), result: 'require-approval', moved: [...moved, ...late] }
}
