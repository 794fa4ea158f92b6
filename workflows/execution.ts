import { sleep } from '@temporalio/workflow'
import type { ActionRef, EffectReport, PlannedStep, StepRef } from '../src/domain/activities.js'
import { decisions, type EffectCall } from './activity-proxies.js'
import type { Hints } from './messages.js'
import { settle } from './settlement.js'

/** A step whose decision rests on a read. */
export type ObservedStep = PlannedStep & { observe: NonNullable<PlannedStep['observe']> }

/** Makes the read a decision rests on: the first look before the policy, further ones before the call. */
export function observe(ref: ActionRef, step: ObservedStep, hints: Hints, look = 0): Promise<EffectReport> {
  const { tool, pool, call_timeout_ms } = step.observe
  const call: StepRef = { ...ref, round: look + 1, step: step.id, phase: 'observe' }
  const summary = `observe for ${step.id}`
  return settle(call, { call: { ...calling(call, pool, call_timeout_ms), type: tool, summary }, look: null }, hints)
}

/** Executes a step and, where it changes something, verifies the change in the real system. */
export function execute(ref: ActionRef, round: number, step: PlannedStep, hints: Hints): Promise<EffectReport> {
  const call: StepRef = { ...ref, round, step: step.id, phase: 'execute' }
  const executed = calling(call, step.pool, step.call_timeout_ms)
  const look: EffectCall = {
    ...executed,
    type: `${step.tool}/verify`,
    activityId: `${step.id}.verify`,
    summary: `verify ${step.id}`,
  }
  const settleable = {
    call: { ...executed, type: step.tool, summary: `execute ${step.id}` },
    look: step.effect === 'none' ? null : look,
  }
  const run = () => settle(call, settleable, hints)
  return isRechecked(step) ? onFreshLook(ref, call, step, hints, run) : run()
}

/** The call that undoes a step. Its rounds are counted by the ledger, as people order it anew. */
export function undoing(ref: ActionRef, { id }: PlannedStep): StepRef {
  return { ...ref, round: 1, step: id, phase: 'compensate' }
}

/** Undoes a committed step. */
export function undo(ref: ActionRef, step: PlannedStep, hints: Hints): Promise<EffectReport> {
  const call = undoing(ref, step)
  const undone = calling(call, step.pool, step.undo?.call_timeout_ms ?? step.call_timeout_ms)
  const look: EffectCall = {
    ...undone,
    type: `${step.tool}/verify`,
    activityId: `${step.id}.compensate.verify`,
    summary: `verify that ${step.id} is undone`,
  }
  return settle(
    call,
    {
      call: { ...undone, type: `${step.tool}/compensate`, summary: `undo ${step.id}` },
      look: step.undo ? look : null,
    },
    hints,
  )
}

// Where looks grow old faster than calls are made, the history fills slowly.
const longestPauseMs = 60_000

/** Looks again before the call, as often as the ledger finds what it rests on too old. */
async function onFreshLook(
  ref: ActionRef,
  call: StepRef,
  step: ObservedStep,
  hints: Hints,
  run: () => Promise<EffectReport>,
): Promise<EffectReport> {
  let { look } = await decisions.readEffect(call)
  for (let looks = 0; ; looks += 1) {
    if (looks > 1) await sleep(Math.min(2 ** looks * 500, longestPauseMs), { summary: 'looking again' })
    const seen = look === undefined ? null : await observe(ref, step, hints, look)
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

function calling(ref: StepRef, pool: string, callTimeoutMs: number): Omit<EffectCall, 'type' | 'summary'> {
  return { ref, activityId: `${ref.step}.${ref.phase}.${ref.round}`, pool, callTimeoutMs }
}
