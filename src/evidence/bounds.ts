import { resolveArgs } from '../domain/arguments.js'
import { at } from '../domain/json.js'
import { type Admitted, outputOf, pinnedContract } from './admitted.js'
import { observationOf } from './looks.js'

/** How the plan breaks its bound on spending, with every amount that is known in this round; null if it keeps it. */
export function overBounds(admitted: Admitted, round: number): string | null {
  const limit = admitted.request.plan.bounds?.spend_cents
  if (limit === undefined) return null
  let spend = 0
  for (const step of admitted.request.plan.steps) {
    const contract = pinnedContract(admitted, step.id)?.contract
    if (!contract?.spend) continue
    const args = resolveArgs(step, contract, observationOf(admitted, step.id, round), (id) => outputOf(admitted, id))
    const amount = at({ args }, contract.spend.amount_cents) ?? 0
    if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < 0)
      return `${step.id} spends ${JSON.stringify(amount)}, which is no amount of cents.`
    spend += amount
  }
  return spend > limit ? `The plan spends ${spend} cents, its bound is ${limit}.` : null
}
