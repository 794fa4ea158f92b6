import { type Admitted, remainingSteps } from './admitted.js'

/**
 * The steps that were done before a round asked for approval. What the round itself does is none of them, so that its
 * envelope stays what was sealed while it is carried out.
 */
export function doneBefore(admitted: Admitted, round: number): ReadonlySet<string> {
  const open = new Set(remainingSteps(admitted).map(({ id }) => id))
  const begun = admitted.record.intents.filter(({ phase }) => phase === 'execute')
  return new Set(
    admitted.request.plan.steps
      .filter(({ id }) => !open.has(id) && (begun.findLast(({ step }) => step === id)?.round ?? round) < round)
      .map(({ id }) => id),
  )
}
