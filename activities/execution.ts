import { Context } from '@temporalio/activity'
import { crashPoint } from '../src/crash-point.js'
import type { EffectReport, StepRef } from '../src/domain/activities.js'
import { resolveArgs } from '../src/domain/arguments.js'
import { nextMove, promiseFor } from '../src/domain/execution.js'
import { objectsAt } from '../src/domain/looks.js'
import { type Admitted, type EvidenceDeps, outputOf, pinnedContract } from '../src/evidence/admitted.js'
import { attemptsOf, looksOf } from '../src/evidence/call-rows.js'
import { agentOf } from '../src/evidence/decide-steps.js'
import { effectReport, withheld } from '../src/evidence/effect.js'
import { generationOf, ofPresent } from '../src/evidence/generation.js'
import { observationOf } from '../src/evidence/looks.js'
import { stepOutOfTurn } from '../src/evidence/step-turn.js'
import { outOfTurn } from '../src/evidence/turn.js'
import { undoOutOfTurn } from '../src/evidence/undo-turn.js'
import { recordAttempt } from '../src/ledger/queries/record-attempt.js'
import { heardFrom } from './attempt-call.js'
import { authorise } from './authorise.js'
import { type Call, type ExecutorDeps, keyOf } from './call.js'
import { type Moment, presentMoment } from './elapsed.js'
import { requireAdmitted, requireForDecision, stepOf } from './request.js'
import { requireTool, retryLater } from './retry.js'
import { awaitSlot, noteHeard } from './slot.js'
import { callTool } from './tool-call.js'

// Facts that moved are read anew at once, so often; then it is left for later.
const mostRefusals = 20

// How soon a call that a stop holds is looked at again.
const whileStoppedMs = 2_000

/** Prepares a call from the present facts, all but its key; null if there is nothing to call for. */
export type PrepareCall = (admitted: Admitted) => Omit<Call, 'key'> | null

/** Reads back what the ledger says of a call; a forged completion of an activity changes nothing here. */
export async function readEffect(deps: EvidenceDeps, ref: StepRef): Promise<EffectReport> {
  return told(effectReport(deps, await requireAdmitted(deps, ref), ref))
}

/** What is not settled is read again and again: its output comes once, when it is, and does not fill the history. */
export function told(report: EffectReport): EffectReport {
  return report.waits ? { ...report, output: null } : report
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
  let inSlot = false
  for (let called = false, refused = 0; ; ) {
    const admitted = await requireForDecision(deps, ref)
    const prepared = prepare(admitted)
    const report = effectReport(deps, admitted, ref)
    if (report.state !== 'none') return report
    if (!prepared) throw retryLater('the ledger holds nothing to call for')
    const call: Call = { ...prepared, key: keyOf(deps, admitted, prepared.ref) }
    Context.current().cancellationSignal.throwIfAborted()
    const waiting =
      outOfTurn(admitted, call.ref) ??
      (call.undo ? undoOutOfTurn(deps, admitted, call.ref) : stepOutOfTurn(deps, admitted, call.ref))
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
    if (!held && !inSlot) {
      await awaitSlot(deps, admitted, { ref: call.ref, contract: call.contract, purpose: 'call' })
      inSlot = true
    }
    const startedAt = last === 0 ? await authorise(deps, admitted, call) : await fence(deps, admitted, call, last)
    if (startedAt === null) {
      refused += 1
      if (refused > mostRefusals) throw retryLater('the facts move faster than the ledger takes an intent')
      continue
    }
    crashPoint(call.undo ? 'undo.claimed' : 'call.claimed')
    const outcome = await callTool(deps, call, { attempt: last + 1, startedAt, request: admitted.request })
    crashPoint(call.undo ? 'undo.recorded' : 'outcome.recorded')
    await noteHeard(deps, admitted, { ref: call.ref, contract: call.contract, purpose: 'call' }, heardFrom(outcome))
    // A definite answer that we recorded is what the ledger now says; whoever acts on it reads the ledger.
    if (outcome && outcome.effect !== 'unknown')
      return { ...report, state: outcome.effect, output: outcome.output, error: outcome.error }
    called = true
  }
}

/**
 * Writes the next attempt of a standing intent; resolves to when that began. Null if somebody else wrote it, or authority or
 * action moved.
 */
async function fence(deps: ExecutorDeps, admitted: Admitted, call: Call, last: number): Promise<Moment | null> {
  const under = { authority_revision: admitted.authority.revision, action_revision: admitted.record.revision }
  const startedAt = presentMoment()
  return (await recordAttempt(deps.pool, call.ref, last, under, deps.executor)) ? startedAt : null
}
