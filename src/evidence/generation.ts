import { generationAfter, type Resolution } from '../domain/attention.js'
import type { Phase } from '../domain/lifecycle.js'
import type { CallRef } from '../ledger/queries/record-intent.js'
import { lookOfRound } from './looks.js'

/** Something of which people may have decided what a machine may not settle. */
export interface Resolved {
  /** Their decisions that count, in the order in which they were asked. */
  readonly resolutions?: readonly Resolution[]
}

/** A phase of a step; of an observation the look that is meant, by its own number or the round that makes it. */
export type CallOf = Pick<CallRef, 'step' | 'phase'> & { readonly generation?: number; readonly round?: number }

/** The generation a call is in: 0, and one more for each order of people to attempt it again. Its key changes with it. */
export function generationOf({ resolutions = [] }: Resolved, step: string, phase: Phase): number {
  return generationAfter(resolutions, { step, phase })
}

/** Picks the rows of a call in the generation it is in. */
export function ofPresent(
  resolved: Resolved,
  call: CallOf,
): (row: Pick<CallRef, 'step' | 'phase' | 'generation'>) => boolean {
  const { step, phase } = call
  const generation =
    phase === 'observe' ? (call.generation ?? lookOfRound(call.round ?? 1)) : generationOf(resolved, step, phase)
  return (row) => row.step === step && row.phase === phase && row.generation === generation
}

/** What people decided of a call, as it stands; null where they did not, or ordered another attempt. */
export function resolutionOf(resolved: Resolved, call: CallOf): Resolution | null {
  return resolved.resolutions?.findLast(ofPresent(resolved, call)) ?? null
}
