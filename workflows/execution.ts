import { sleep } from '@temporalio/workflow'
import type { ActionRef, EffectReport, PlannedStep, StepRef } from '../src/domain/activities.js'
import type { Phase } from '../src/domain/lifecycle.js'
import { decisions, runEffect } from './activity-proxies.js'

// A report that came without anything in the ledger is not believed; the step is run again.
const disbeliefMs = 1_000

/** Makes the read a decision rests on. */
export function observe(
  ref: ActionRef,
  step: PlannedStep & { observe: NonNullable<PlannedStep['observe']> },
): Promise<EffectReport> {
  const { tool, pool, call_timeout_ms } = step.observe
  return settle({ ...ref, round: 1, step: step.id, phase: 'observe' }, tool, pool, call_timeout_ms)
}

/** Executes a step and, where it changes something, verifies the change in the real system. */
export async function execute(ref: ActionRef, round: number, step: PlannedStep): Promise<EffectReport> {
  const call: StepRef = { ...ref, round, step: step.id, phase: 'execute' }
  const report = await settle(call, step.tool, step.pool, step.call_timeout_ms)
  const inDoubt = report.state === 'committed' || report.state === 'unknown'
  if (step.effect === 'none' || !inDoubt || report.verified) return report
  for (;;) {
    await runEffect({
      type: `${step.tool}/verify`,
      activityId: `${step.id}.verify`,
      pool: step.pool,
      callTimeoutMs: step.call_timeout_ms,
      summary: `verify ${step.id}`,
      ref: call,
    })
    const verified = await decisions.readEffect(call)
    if (verified.verified) return verified
    await sleep(disbeliefMs, { summary: 'the ledger knows of no verification yet' })
  }
}

/** Undoes a committed step. */
export function undo(ref: ActionRef, step: PlannedStep): Promise<EffectReport> {
  const call: StepRef = { ...ref, round: 1, step: step.id, phase: 'compensate' }
  return settle(call, `${step.tool}/compensate`, step.pool, step.undo?.call_timeout_ms ?? step.call_timeout_ms)
}

const verbs: Readonly<Record<Phase, string>> = { observe: 'observe for', execute: 'execute', compensate: 'undo' }

async function settle(ref: StepRef, type: string, pool: string, callTimeoutMs: number): Promise<EffectReport> {
  for (;;) {
    await runEffect({
      type,
      activityId: `${ref.step}.${ref.phase}.${ref.round}`,
      pool,
      callTimeoutMs,
      summary: `${verbs[ref.phase]} ${ref.step}`,
      ref,
    })
    const report = await decisions.readEffect(ref)
    if (report.state !== 'none') return report
    await sleep(disbeliefMs, { summary: 'the ledger knows of no answer yet' })
  }
}
