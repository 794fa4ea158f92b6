import { isLeaseRefused } from '../src/contract/lease-refused.js'
import type { Tool } from '../src/contract/tool.js'
import { crashPoint } from '../src/crash-point.js'
import type { EffectReport, StepRef } from '../src/domain/activities.js'
import { nextMove } from '../src/domain/execution.js'
import type { Effect } from '../src/domain/lifecycle.js'
import { type CallInDoubt, settledBy } from '../src/domain/settlement.js'
import { verifiedEffect } from '../src/domain/verification.js'
import { type Admitted, committedOutput, pinnedContract } from '../src/evidence/admitted.js'
import { inDoubt } from '../src/evidence/call-rows.js'
import { effectReport, withheld } from '../src/evidence/effect.js'
import { ofPresent } from '../src/evidence/generation.js'
import { observationOf } from '../src/evidence/looks.js'
import type { IntentRow } from '../src/ledger/action-record.js'
import { type Finding, recordLook } from '../src/ledger/queries/record-look.js'
import { messageOf } from './attempt-call.js'
import type { ExecutorDeps } from './call.js'
import { within } from './deadline.js'
import { msSince, presentMoment } from './elapsed.js'
import { told } from './execution.js'
import { counted, readFinding } from './finding.js'
import { type GivenCall, giveCall, type Use } from './given-call.js'
import { requireAdmitted } from './request.js'
import { requireTool } from './retry.js'
import { awaitSlot, noteHeard } from './slot.js'
import { verifierOf } from './verifier.js'

/**
 * Asks the real system once what an executed step came to, under the intent it verifies. The first finding that counts
 * settles it; when to ask again is for the workflow.
 */
export async function verify(deps: ExecutorDeps, ref: StepRef): Promise<EffectReport> {
  const admitted = await requireAdmitted(deps, ref)
  const report = effectReport(deps, admitted, ref)
  const intent = admitted.record.intents.find(ofPresent(admitted, ref))
  const contract = pinnedContract(admitted, ref.step)
  const doubt = inDoubt(admitted, ref, report.state === 'committed' ? 'committed' : 'unknown')
  const unsettled = report.state === 'committed' || report.state === 'unknown'
  if (!intent || !contract || !doubt || !unsettled || report.verified || report.closed) return report
  const tool = requireTool(deps, contract)
  const { tenant, action_id, step, phase } = ref
  const call = { tenant, action_id, step, phase, generation: intent.generation }
  const using = { ref: call, contract, purpose: 'verify' } as const
  await awaitSlot(deps, admitted, using)
  const startedAt = presentMoment()
  const attempt = doubt.attempts.at(-1)?.attempt ?? 1
  const use = { ref: call, attempt, purpose: 'verify', request: admitted.request, startedAt } as const
  crashPoint('verification.begun')
  const undo = phase === 'compensate'
  const finding = await look(deps, tool, {
    admitted,
    ...(undo ? undoneCall(admitted, step) : { intent, output: report.output }),
    own: intent,
    use,
  })
  crashPoint('verification.looked')
  await noteHeard(deps, admitted, using, finding.found === 'unknown' ? 'unsure' : 'answered')
  const held = withheld(admitted, contract, undo)
  // An undoing that is stopped goes on once somebody resumes.
  const settles = settlesIt(finding.found, doubt, held !== null && !(undo && held.waits))
  const tookMs = msSince(startedAt)
  const noted = await recordLook(deps.pool, call, finding, { tookMs, beganBy: loadedAt(admitted), settles })
  crashPoint('verification.recorded')
  // For readers only: whoever acts on it reads the ledger.
  if (settles && noted) return { ...report, state: verifiedEffect(doubt.claimed, finding.found), verified: true }
  return told(effectReport(deps, await requireAdmitted(deps, ref), ref))
}

/** When a record was read, by the ledger's clock, in milliseconds; null where nothing was attempted yet. */
function loadedAt({ record }: Admitted): number | null {
  const [row] = record.attempts
  return row ? Date.parse(row.attempted_at) + row.age_ms : null
}

/** The call that an undoing undoes: what is looked at is its effect. */
function undoneCall(admitted: Admitted, step: string): Pick<Question, 'intent' | 'output'> {
  const executed = { step, phase: 'execute' } as const
  const intent = admitted.record.intents.find(ofPresent(admitted, executed)) as IntentRow
  return { intent, output: committedOutput(admitted, executed) }
}

/** Is the call settled by what was found, and not to be made again after it? */
function settlesIt(found: Effect, doubt: CallInDoubt, held: boolean): boolean {
  // It began after the ages were read: later than this says.
  const look = { found, began_ms: 0, age_ms: 0 }
  const settled = settledBy(look, doubt)
  if (settled !== 'not-committed' || doubt.claimed === 'committed' || held) return settled !== null
  return nextMove(doubt.attempts, doubt.promise, [...doubt.looks, look]) !== 'call'
}

interface Question {
  readonly admitted: Admitted
  /** Of the call whose effect is looked for. */
  readonly intent: IntentRow
  readonly output: EffectReport['output']
  /** Of the call that is looked at: another one where that undoes. */
  readonly own: IntentRow
  readonly use: Omit<Use, 'key'>
}

async function look(deps: ExecutorDeps, tool: Tool, question: Question): Promise<Finding> {
  const { admitted, intent, output, own, use } = question
  const { step, phase } = use.ref
  const { ask, keyOf, read } = verifierOf(tool, phase)
  const { idempotency_key: key } = keyOf === phase ? own : intent
  let given: GivenCall
  try {
    given = await giveCall(deps, tool, { ...use, key })
  } catch (error) {
    return nothing(isLeaseRefused(error) ? error.message : 'the real system cannot be asked')
  }
  try {
    const answer = await within(given.signal, ask(tool.parseArgs(intent.args), output, given))
    const observed = observationOf(admitted, step, intent.round)
    const known = { args: intent.args, output, observed }
    const finding = readFinding(tool, answer, known, given.secrets)
    return phase === 'compensate' ? read(finding) : counted(tool.contract, known, finding)
  } catch (error) {
    return nothing(messageOf(error, given.secrets))
  } finally {
    await given.release()
  }
}

function nothing(detail: string): Finding {
  return { found: 'unknown', detail, claimed: null, observed: null, output: null }
}
