import type { ActionRef, PlannedStep } from '../src/domain/activities.js'
import { inDoubt, type StepProgress, toUndo } from '../src/domain/compensation.js'
import { undo } from './execution.js'
import type { Hints } from './messages.js'

export type Progress = StepProgress & { readonly planned: PlannedStep }

/**
 * Undoes what a halted plan has committed, last first, each whether or not the one before it could be undone. Where
 * anything is in doubt, a person looks first.
 */
export async function compensate(
  ref: ActionRef,
  hints: Hints,
  steps: readonly Progress[],
  told: (step: Progress) => void,
): Promise<Progress[]> {
  const progress = new Map(steps.map((step) => [step.id, step]))
  if (inDoubt(steps)) return [...steps]
  for (const step of toUndo(steps)) {
    const report = await undo(ref, step.planned, hints)
    const after = { ...step, undone: report.state === 'committed' }
    progress.set(step.id, after)
    told(after)
  }
  return [...progress.values()]
}
