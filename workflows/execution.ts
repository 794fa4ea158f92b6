import { sleep } from '@temporalio/workflow'
import type { ActionRef, EffectReport, PlannedStep, StepRef } from '../src/domain/activities.js'
import type { Phase } from '../src/domain/lifecycle.js'
import { decisions, runEffect } from './activity-proxies.js'

// A report that came without anything in the ledger is not believed; the step is run again.
const disbeliefMs = 1_000

/** A step whose decision rests on a read. */
export type ObservedStep = PlannedStep & { observe: NonNullable<PlannedStep['observe']> }

/** Makes the read a decision rests on: the first look before the policy, further ones before the call. */
export function observe(ref: ActionRef, step: ObservedStep, look = 0): Promise<EffectReport> {
  const { tool, pool, call_timeout_ms } = step.observe
  return settle({ ...ref, round: look + 1, step: step.id, phase: 'observe' }, tool, pool, call_timeout_ms)
}

/** Executes a step and, where it changes something, verifies the change in the real system. */
export async function execute(ref: ActionRef, round: number, step: PlannedStep): Promise<EffectReport> {
  const call: StepRef = { ...ref, round, step: step.id, phase: 'execute' }
  const run = () => settle(call, step.tool, step.pool, step.call_timeout_ms)
  const report = isRechecked(step) ? await onFreshLook(ref, call, step, run) : await run()
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

// Where looks grow old faster than calls are made, the history fills slowly.
const longestPauseMs = 60_000

/** Looks again before the call, as often as the ledger finds what it rests on too old. */
async function onFreshLook(
  ref: ActionRef,
  call: StepRef,
  step: ObservedStep,
  run: () => Promise<EffectReport>,
): Promise<EffectReport> {
  let { look } = await decisions.readEffect(call)
  for (let looks = 0; ; looks += 1) {
    if (looks > 1) await sleep(Math.min(2 ** looks * 500, longestPauseMs), { summary: 'looking again' })
    const seen = look === undefined ? null : await observe(ref, step, look)
    if (seen && seen.state !== 'committed') return unseen(seen)
    const report = await run()
    if (report.look === undefined) return report
    look = report.look
  }
}

/** What could not be looked at is not called; the answer of the look is no effect of the step. */
function unseen(seen: EffectReport): EffectReport {
  const { state } = seen
  return { ...seen, state: state === 'not-committed' || state === 'unknown' || state === 'diverged' ? 'none' : state }
}

function isRechecked(step: PlannedStep): step is ObservedStep {
  return step.observe?.again === true
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
    if (report.state !== 'none' || report.look !== undefined) return report
    await sleep(disbeliefMs, { summary: 'the ledger knows of no answer yet' })
  }
}
