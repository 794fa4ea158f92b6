import type { StepRef } from '../domain/activities.js'
import { freshLookMs, isRechecked } from '../domain/looks.js'
import { decidePlan } from '../domain/policy.js'
import { type Admitted, pinnedContract, remainingSteps } from './admitted.js'
import { newestLook } from './looks.js'

type Turn = Pick<StepRef, 'step' | 'phase' | 'round'>

/**
 * Why it is not a call's turn; null if it is. Anybody with write access to the namespace can schedule an activity, so
 * the order of a plan is kept here too: forward step by step, and undone only once the plan has halted.
 */
export function outOfTurn(admitted: Admitted, { step, phase }: Pick<Turn, 'step' | 'phase'>): string | null {
  const { record } = admitted
  if (phase === 'compensate') return record.halt ? null : 'the plan has not halted: nothing is to be undone'
  if (phase === 'observe') return null
  if (record.halt) return 'the plan has halted: nothing more is executed'
  if (admitted.resolutions?.some(({ choice }) => choice === 'compensate')) return 'the plan is to be undone'
  const [next] = remainingSteps(admitted)
  return !next || next.id === step ? null : `${next.id} comes first`
}

/**
 * Why the round of a call is not decided yet; null if it is. The workflow comes here once the server has seen the policy's
 * answer and, where people are asked, theirs. A refusal recorded for whoever comes sooner would void their votes.
 */
export function undecided({ record }: Pick<Admitted, 'record'>, { phase, round }: Turn): string | null {
  if (phase !== 'execute') return null
  const asked = record.decisions.filter((row) => row.stage === 'policy' && row.round === round)
  if (asked.length === 0) return `the policy has not decided on round ${round}`
  if (decidePlan(asked).result !== 'require-approval') return null
  const closed = record.envelopes.some((envelope) => envelope.round === round && envelope.closed)
  return closed ? null : `round ${round} waits for approval`
}

/**
 * The look that has to be made before a step may be executed: the next one, where the contract wants a fresh one and the
 * newest is too old, or older than what people were shown. Null where the step may go on, or is not to be executed.
 */
export function wantedLook(admitted: Admitted, step: string, round: number): number | null {
  const contract = pinnedContract(admitted, step)?.contract
  if (!contract || !isRechecked(contract)) return null
  const call: Turn = { step, phase: 'execute', round }
  if (admitted.record.outcome !== null || outOfTurn(admitted, call) || undecided(admitted, call)) return null
  const newest = newestLook(admitted, step)
  if (!newest) return null
  const shown = admitted.record.envelopes.find((envelope) => envelope.round === round)
  const later = !shown || Date.parse(newest.observed_at) > Date.parse(shown.sealed_at)
  return later && newest.age_ms < freshLookMs ? null : newest.look + 1
}
