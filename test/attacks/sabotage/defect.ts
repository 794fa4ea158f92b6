import type { Planted } from '../../_util/planted/plant.js'

/** A mistake that attacks have to notice. */
export interface Defect extends Planted {
  /** Attacks that have to succeed once it is there, by their names. */
  readonly noticedBy: readonly string[]
  /** Decided in the database or by activities; else workflows have to be built anew and run by Temporal. */
  readonly venue: 'room' | 'desk'
}
