import type { Rules } from '../checker/evidence.js'
import type { Stage } from './stage.js'

/** The cheapest course of events in which some mistakes show. */
export interface Scenario {
  readonly name: string
  readonly budgets?: Rules['budgets']
  /** Further settings of the processes. */
  readonly env?: NodeJS.ProcessEnv
  /** Rejects where it did not come to what it is about. */
  readonly play: (stage: Stage) => Promise<void>
}
