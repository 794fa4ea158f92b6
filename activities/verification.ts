import { Context } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import type { EffectReport, StepRef } from '../src/domain/activities.js'
import type { Effect } from '../src/domain/lifecycle.js'
import { verifiedEffect } from '../src/domain/verification.js'
import { pinnedContract } from '../src/evidence/admitted.js'
import { effectReport } from '../src/evidence/effect.js'
import { recordVerification } from '../src/ledger/queries/record-verification.js'
import type { ExecutorDeps } from './call.js'
import { requireAdmitted } from './request.js'
import { messageOf, toolCall, withinDeadline } from './tool-call.js'

/** Looks at the real system before an effect is left to people. */
const maxLooks = 4

/** Asks the real system what an executed step came to, under the intent it verifies; the first finding stands. */
export async function verify(deps: ExecutorDeps, ref: StepRef): Promise<EffectReport> {
  const admitted = await requireAdmitted(deps, ref)
  const report = effectReport(deps, admitted, ref)
  const intent = admitted.record.intents.find(({ step, phase }) => step === ref.step && phase === ref.phase)
  const contract = pinnedContract(admitted, ref.step)
  const tool = contract && deps.tools.get(contract.digest)
  const inDoubt = report.state === 'committed' || report.state === 'unknown'
  if (!intent || !tool?.verify || !inDoubt || report.verified) return report
  const call = {
    tenant: ref.tenant,
    action_id: ref.action_id,
    step: ref.step,
    phase: ref.phase,
    generation: intent.generation,
  }
  const [found, detail] = await look()
  if (found === 'unknown' && Context.current().info.attempt < maxLooks) {
    throw ApplicationFailure.create({ message: detail ?? 'nothing is known yet', type: 'retry', category: 'BENIGN' })
  }
  if (await recordVerification(deps.pool, call, found, detail))
    return { ...report, state: verifiedEffect(report.state, found), verified: true }
  return effectReport(deps, await requireAdmitted(deps, ref), ref)

  async function look(): Promise<[Effect, string | null]> {
    const given = await toolCall(
      deps,
      tool as NonNullable<typeof tool>,
      call,
      contract?.contract.downstream.call_timeout_ms ?? 0,
    )
    try {
      const args = tool?.parseArgs(intent?.args)
      const found = await withinDeadline(
        given.signal,
        tool?.verify?.(args, report.output, given) ?? Promise.resolve('unknown' as const),
      )
      return [found, null]
    } catch (error) {
      return ['unknown', messageOf(error, given.credentials)]
    } finally {
      given.release()
    }
  }
}
