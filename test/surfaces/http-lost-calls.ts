import { MockActivityEnvironment } from '@temporalio/testing'
import { createDecisionActivities } from '../../activities/index.js'
import type { AttentionReport } from '../../src/domain/activities.js'
import type { AttentionReason } from '../../src/domain/attention.js'
import type { CallRef } from '../../src/ledger/queries/record-intent.js'
import { recordIntent } from '../../src/ledger/queries/record-intent.js'
import { type CallOutcome, recordOutcome } from '../../src/ledger/queries/record-outcome.js'
import { intentFor } from '../_util/ledger-rows.js'
import type { HttpDesk } from './http-desk.js'

export interface LostCall {
  readonly attention: string
  readonly action: string
  readonly call: CallRef
}

export const unknown: CallOutcome = {
  effect: 'unknown',
  output: null,
  error: { code: 'EXQ-5002', detail: 'no answer in time' },
}

/**
 * Asks for something, calls its tool as an executor would, and, unless the reason is null, hands what came of it over to
 * people, as a workflow would.
 */
export async function loseCall(
  desk: HttpDesk,
  request: { readonly tool: string; readonly args: object },
  outcome: CallOutcome = unknown,
  reason: AttentionReason | null = 'unknown',
): Promise<LostCall> {
  const { body, status } = await desk.submit(request)
  if (status !== 202) throw new Error(JSON.stringify(body))
  const ref = { tenant: 'acme', action_id: body.id as string }
  const changes = { tool: request.tool, args: request.args as never, principal: 'agent:support_refunds_v2' }
  const { executorPool, serverPool } = desk.database
  const intent = await intentFor(serverPool, ref, changes)
  if ((await recordIntent(executorPool, intent)) !== 'written') throw new Error('the intent was not written')
  const call = { ...ref, step: 'step1', phase: 'execute', generation: 0 } as const
  await recordOutcome(executorPool, call, 1, outcome)
  const attention = reason === null ? '' : (await handOver(desk, call, reason)).attention_id
  return { attention, action: ref.action_id, call }
}

export function handOver(desk: HttpDesk, call: CallRef, reason: AttentionReason): Promise<AttentionReport> {
  const activities = createDecisionActivities({ ...desk.plane, approvalTtlMs: 60_000 })
  const run = () => activities.openAttention({ ...call, round: 1, reason })
  return new MockActivityEnvironment().run<[], AttentionReport, typeof run>(run)
}
