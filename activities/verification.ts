import { Context } from '@temporalio/activity'
import { isLeaseRefused } from '../src/contract/lease-refused.js'
import type { Tool } from '../src/contract/tool.js'
import { crashPoint } from '../src/crash-point.js'
import type { EffectReport, StepRef } from '../src/domain/activities.js'
import { promiseFor } from '../src/domain/execution.js'
import { type Effect, effects } from '../src/domain/lifecycle.js'
import { verifiedEffect } from '../src/domain/verification.js'
import { pinnedContract } from '../src/evidence/admitted.js'
import { attemptsOf, effectReport } from '../src/evidence/effect.js'
import type { IntentRow } from '../src/ledger/action-record.js'
import { recordVerification } from '../src/ledger/queries/record-verification.js'
import type { ExecutorDeps } from './call.js'
import { within } from './deadline.js'
import { type GivenCall, giveCall, type Use } from './given-call.js'
import { requireAdmitted } from './request.js'
import { requireTool, retryLater } from './retry.js'
import { messageOf } from './tool-call.js'

/** Looks at the real system before an effect is left to people. */
const maxLooks = 4

/** Asks the real system what an executed step came to, under the intent it verifies; the first finding stands. */
export async function verify(deps: ExecutorDeps, ref: StepRef): Promise<EffectReport> {
  const admitted = await requireAdmitted(deps, ref)
  const report = effectReport(deps, admitted, ref)
  const intent = admitted.record.intents.find(({ step, phase }) => step === ref.step && phase === ref.phase)
  const contract = pinnedContract(admitted, ref.step)
  const inDoubt = report.state === 'committed' || report.state === 'unknown'
  if (!intent || !contract || !inDoubt || report.verified) return report
  const tool = requireTool(deps, contract)
  const call = { tenant: ref.tenant, action_id: ref.action_id, step: ref.step, phase: ref.phase, generation: 0 }
  const attempt = attemptsOf(admitted, ref).at(-1)?.attempt ?? 1
  const use: Use = { ref: call, attempt, purpose: 'verify', request: admitted.request, startedAt: performance.now() }
  crashPoint('verification.begun')
  const { found, detail } = await look(deps, tool, intent, report.output, use)
  crashPoint('verification.looked')
  if (found === 'unknown' && Context.current().info.attempt < maxLooks)
    throw retryLater(detail ?? 'nothing is known yet')
  if (report.state === 'unknown' && found === 'not-committed' && !hasSettled()) {
    throw retryLater('an attempt without an answer may still be applied: too early for a definite no')
  }
  const noted = await recordVerification(deps.pool, call, found, detail)
  crashPoint('verification.recorded')
  if (noted) return { ...report, state: verifiedEffect(report.state, found), verified: true }
  return effectReport(deps, await requireAdmitted(deps, ref), ref)

  /** A request that nobody answered is given as long again as its call had, before its absence means anything. */
  function hasSettled(): boolean {
    const youngest = Math.min(...attemptsOf(admitted, ref).map(({ age_ms }) => age_ms))
    return youngest >= 2 * promiseFor(tool.contract, ref.phase).call_timeout_ms
  }
}

async function look(
  deps: ExecutorDeps,
  tool: Tool,
  intent: IntentRow,
  output: EffectReport['output'],
  use: Use,
): Promise<{ readonly found: Effect; readonly detail: string | null }> {
  let given: GivenCall
  try {
    given = await giveCall(deps, tool, use)
  } catch (error) {
    return { found: 'unknown', detail: isLeaseRefused(error) ? error.message : 'the real system cannot be asked' }
  }
  try {
    const looked = tool.verify?.(tool.parseArgs(intent.args), output, given) ?? Promise.resolve('unknown')
    const found = await within<unknown>(given.signal, looked)
    const known = effects.find((effect) => effect === found)
    return known ? { found: known, detail: null } : { found: 'unknown', detail: 'the tool answered with no effect' }
  } catch (error) {
    return { found: 'unknown', detail: messageOf(error, given.secrets) }
  } finally {
    await given.release()
  }
}
