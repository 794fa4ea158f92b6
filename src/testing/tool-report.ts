import type { DownstreamClass } from '../domain/contract.js'
import type { TrialResult } from './trial.js'

/** What the trials of one tool came to. */
export interface ToolReport {
  readonly tool: string
  readonly version: number
  readonly class: DownstreamClass
  readonly trials: readonly TrialResult[]
  /** The trials that do not hold; empty: the tool keeps what its contract promises, as far as this can be tried. */
  readonly failed: readonly TrialResult[]
}

const marks = { holds: 'holds         ', 'does not hold': 'DOES NOT HOLD ', 'not applicable': 'not applicable' }

/** The report as text: a line for each trial, and one below it for what was seen. */
export function describeReport({ tool, version, class: promised, trials, failed }: ToolReport): string {
  const lines = trials.flatMap(({ trial, result, seen }) => [
    `  ${marks[result]}  ${trial}`,
    ...(seen === null ? [] : [`                  ${seen}`]),
  ])
  const end = failed.length === 0 ? 'holds' : `${failed.length} of ${trials.length} do not hold`
  return [`${tool} v${version} (${promised}): ${end}`, ...lines].join('\n')
}
