import type { Planted } from '../../_util/planted/plant.js'
import type { Invariant } from '../checker/evidence.js'
import type { ScenarioName } from './scenarios/index.js'

/** A mistake that the judge has to see, by what it leads to. */
export interface Defect extends Planted {
  /** What shows it. */
  readonly scenario: ScenarioName
  readonly brokenInvariant: Invariant
}
