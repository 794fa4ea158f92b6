import type { Contract } from '../../domain/contract.js'
import type { LostRun } from '../lost-runs.js'
import type { Setting } from '../stage.js'

/** What a trial works with. The runs with losses are shared: each costs as many calls as a call has exchanges. */
export interface TrialSetting extends Setting {
  readonly lostRuns: () => Promise<readonly LostRun[]>
}

/** One thing that is tried on a tool. It throws `DoesNotHold`, or `NotApplicable` for what its contract does not promise. */
export interface ToolTrial {
  /** A sentence that holds, or does not. */
  readonly name: string
  readonly appliesTo: (contract: Contract) => boolean
  readonly carryOut: (setting: TrialSetting) => Promise<void>
}

export const changes = ({ effect }: Contract): boolean => effect !== 'none'
export const reads = ({ effect }: Contract): boolean => effect === 'none'
export const all = (): boolean => true
