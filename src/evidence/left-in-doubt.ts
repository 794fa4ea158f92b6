import { type Admitted, pinnedContract } from './admitted.js'
import { seenEffect } from './attention-case.js'

/**
 * The steps of which a call may have happened, and nobody knows nor decided whether: one that people ordered to be
 * attempted again is in doubt as before where the order was not followed.
 */
export function leftInDoubt(admitted: Admitted): string[] {
  const { record, resolutions = [] } = admitted
  const doubtful = record.intents.filter((intent) => {
    const { step, phase, generation } = intent
    if (phase !== 'execute' || pinnedContract(admitted, step)?.contract.effect === 'none') return false
    const decided = resolutions.some(
      (each) =>
        each.step === step &&
        each.phase === phase &&
        each.generation === generation &&
        each.choice !== 'attempt-again' &&
        each.choice !== 'leave',
    )
    const seen = seenEffect(record, { step, phase, generation })
    return !decided && seen !== 'committed' && seen !== 'not-committed'
  })
  return [...new Set(doubtful.map(({ step }) => step))]
}
