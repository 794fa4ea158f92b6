import type { EffectClass } from './contract.js'
import type { Effect, Outcome } from './lifecycle.js'

/** A step of a plan, as far as it got. */
export interface StepProgress {
  readonly id: string
  readonly tool: string
  readonly effectClass: EffectClass
  readonly effect: Effect | null
  readonly undone: boolean
}

/** What a look at the effect of a call says of its undoing: gone is undone, still there is not. */
export function undoingSeen(effect: Effect): Effect {
  if (effect === 'committed') return 'not-committed'
  return effect === 'not-committed' ? 'committed' : effect
}

/** The steps to undo, last first: reversible ones known to be committed. */
export function toUndo<S extends StepProgress>(steps: readonly S[]): S[] {
  return steps
    .filter((step) => step.effectClass === 'reversible' && step.effect === 'committed' && !step.undone)
    .reverse()
}

/** The steps that are known to be committed, and that no machine can undo. */
export function notToUndo<S extends StepProgress>(steps: readonly S[]): S[] {
  return standing(steps).filter(({ effectClass }) => effectClass === 'irreversible')
}

/** Is there a change that nobody is sure of? A read that gave no answer changed nothing. */
export function inDoubt(steps: readonly StepProgress[]): boolean {
  return steps.some(
    ({ effect, effectClass }) => effectClass !== 'none' && (effect === 'unknown' || effect === 'diverged'),
  )
}

/** That an action was cancelled, as its explanation. */
export function tellCancellation(by: { readonly cancelled_by: string; readonly reason: string }): string {
  return `EXQ-5007 Cancelled by ${by.cancelled_by}: ${by.reason}`
}

/** Why a plan did not go on; each is an ending by itself where no effect has to be undone. */
export type Halt = 'failed' | 'denied' | 'rejected' | 'expired' | 'cancelled'

/** The changes that are known to be in the world. */
function standing<S extends StepProgress>(steps: readonly S[]): S[] {
  return steps.filter(({ effectClass, effect, undone }) => effectClass !== 'none' && effect === 'committed' && !undone)
}

/**
 * How a plan ends. Halted with nothing left in the world: as it was halted. Everything undone: `compensated`.
 * Anything committed that could not be undone, or any effect nobody is sure of: `needs-attention`.
 */
export function ending(steps: readonly StepProgress[], halt: Halt | null): Outcome {
  const changing = steps.filter(({ effectClass }) => effectClass !== 'none')
  if (inDoubt(changing)) return 'needs-attention'
  if (!halt) return 'succeeded'
  if (changing.every(({ effect }) => effect !== 'committed')) return halt
  return standing(steps).length === 0 ? 'compensated' : 'needs-attention'
}

/** Why a plan ended so; what of a halted one is still there comes first. */
export function explainEnding(steps: readonly StepProgress[], halt: Halt | null, why: string): string {
  const left = halt ? standing(steps).map(({ id }) => id) : []
  return left.length === 0 ? why : `EXQ-5006 Still there: ${left.join(', ')}. ${why}`
}
