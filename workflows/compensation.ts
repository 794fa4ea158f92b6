import { patched } from '@temporalio/workflow'
import type { ActionRef, EffectReport, PlannedStep } from '../src/domain/activities.js'
import { inDoubt, notToUndo, type StepProgress, toUndo } from '../src/domain/compensation.js'
import { decisions } from './activity-proxies.js'
import { undo, undoing } from './execution.js'
import type { Hints } from './messages.js'
import { pausesOf } from './settlement.js'

export type Progress = StepProgress & { readonly planned: PlannedStep }

// A hint comes with every decision; one that got lost is made up for.
const lookAgainMs = 3_600_000

/**
 * Undoes what a halted plan has committed, last first, each once it is known what became of the one before, and whether or
 * not that could be undone. What a machine could not undo, or never can, is left to people in the end, all of it at once.
 */
export async function compensate(
  ref: ActionRef,
  hints: Hints,
  steps: readonly Progress[],
  told: (step: Progress) => void,
): Promise<Progress[]> {
  const progress = new Map(steps.map((step) => [step.id, step]))
  if (inDoubt(steps)) return [...steps]
  const standing: Progress[] = []
  const undoNow = async (step: Progress) => {
    const after = { ...step, undone: isUndone(step, await undo(ref, step.planned, hints)) }
    progress.set(step.id, after)
    told(after)
    if (!after.undone && step.planned.undo) standing.push(after)
  }
  for (const step of toUndo(steps)) await undoNow(step)
  const irreversible = notToUndo(steps)
  if (irreversible.length > 0 && patched('people-are-asked-about-what-no-machine-can-undo'))
    standing.push(...irreversible)

  const pause = pausesOf()
  while (standing.length > 0) {
    const seen = hints.count()
    let undid = false
    for (const step of standing.splice(0)) {
      const report = await whatPeopleSay(ref, step)
      if (isOrdered(step, report)) {
        await undoNow(step)
        undid = true
      } else if (isUndone(step, report)) progress.set(step.id, { ...step, undone: true })
      else if (report.resolution !== 'leave' && !report.closed) standing.push(step)
    }
    // What was ordered anew and came to nothing again is for people now, not after the next hint.
    if (undid && standing.length > 0 && patched('people-are-asked-anew-at-once')) continue
    if (standing.length > 0 && (await hints.after(seen, lookAgainMs, 'waiting for people to see to what stands')))
      await pause()
  }
  return [...progress.values()]
}

/** Leaves a step that could not be undone to people, unless they have decided. */
async function whatPeopleSay(ref: ActionRef, step: Progress): Promise<EffectReport> {
  const call = undoing(ref, step.planned)
  const report = await decisions.readEffect(call)
  const decided = isOrdered(step, report) || report.state === 'committed' || report.resolution === 'leave'
  if (!decided && !report.closed) await decisions.openAttention({ ...call, reason: 'not-undone' })
  return report
}

/** Did people order it to be undone anew? */
function isOrdered({ planned }: Progress, { state, resolution }: EffectReport): boolean {
  return planned.undo !== undefined && state === 'none' && resolution !== 'leave'
}

/** Undone is what was seen to be; histories from before undoings were looked at believe the answer. */
function isUndone({ planned }: Progress, { state, verified }: EffectReport): boolean {
  return state === 'committed' && (verified || !planned.undo)
}
