import type { JsonObject } from '../domain/json.js'
import type { ActionRecord, ObservationRow } from '../ledger/action-record.js'

type Looked = Readonly<{ record: Pick<ActionRecord, 'observations' | 'decisions'> }>

/** What was observed for a step, as the round knows it; null where nothing was. */
export function observationOf(admitted: Looked, step: string, round: number): JsonObject | null {
  return lookIn(admitted, step, round)?.output ?? null
}

/**
 * The look that a round rests on: the one its policy was decided on; for a step that was done before, that of the last round
 * that decided on it. A round that is not decided yet takes the newest.
 */
export function lookIn(admitted: Looked, step: string, round: number): ObservationRow | undefined {
  const { decisions, observations } = admitted.record
  const decided = decisions.filter((row) => row.stage === 'policy' && row.round <= round)
  if (!decided.some((row) => row.round === round)) return newestLook(admitted, step)
  const last = decided.filter((row) => row.step === step).sort((one, other) => other.round - one.round)[0]
  return observations.find((row) => row.step === step && row.look === (last?.look ?? 0))
}

export function newestLook({ record }: Looked, step: string): ObservationRow | undefined {
  return record.observations.filter((row) => row.step === step).sort((one, other) => other.look - one.look)[0]
}

/** The newest round that the policy has decided on, 1 before that. */
export function presentRound({ record }: Looked): number {
  return Math.max(1, ...record.decisions.filter(({ stage }) => stage === 'policy').map(({ round }) => round))
}

/** The round of the call that makes a look: they count from 1, looks from 0. */
export function lookOfRound(round: number): number {
  return round - 1
}
