import { resolveArgs } from '../domain/arguments.js'
import { at } from '../domain/json.js'
import type { Bounds } from '../domain/request.js'
import { type Admitted, outputOf, pinnedContract, remainingSteps } from './admitted.js'
import { generationOf } from './generation.js'
import { observationOf } from './looks.js'

/** How the plan breaks a bound it set itself, by all that is known in this round; null if it keeps them. */
export function overBounds(admitted: Admitted, round: number): string | null {
  const { bounds } = admitted.request.plan
  return bounds ? (overSpend(admitted, round, bounds.spend_cents) ?? overCalls(admitted, bounds)) : null
}

/** Every call that was let through counts, and each that is still to be made: a step that is tried anew is called twice. */
function overCalls(admitted: Admitted, bounds: Bounds): string | null {
  const made = admitted.record.intents.filter(({ phase }) => phase === 'execute').map(({ step }) => step)
  const calls = [...made, ...remainingSteps(admitted).map(({ id }) => id)]
  const writes = calls.filter((id) => pinnedContract(admitted, id)?.contract.effect !== 'none')
  if (bounds.calls !== undefined && calls.length > bounds.calls)
    return `The plan takes ${calls.length} calls, its bound is ${bounds.calls}.`
  if (bounds.writes !== undefined && writes.length > bounds.writes)
    return `The plan takes ${writes.length} writes, its bound is ${bounds.writes}.`
  return null
}

function overSpend(admitted: Admitted, round: number, limit: number | undefined): string | null {
  if (limit === undefined) return null
  let spend = 0
  for (const step of admitted.request.plan.steps) {
    const contract = pinnedContract(admitted, step.id)?.contract
    if (!contract?.spend) continue
    const observed = observationOf(admitted, step.id, round)
    const args = resolveArgs(step, contract, observed, (id) => outputOf(admitted, id))
    const amount = at({ args, observed }, contract.spend.amount_cents) ?? 0
    if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < 0)
      return `${step.id} spends ${JSON.stringify(amount)}, which is no amount of cents.`
    spend += amount + left(admitted, step.id, contract.spend.amount_cents)
  }
  return spend > limit ? `The plan spends ${spend} cents, its bound is ${limit}.` : null
}

/** What calls of a step were to spend that people have ordered anew since: it may be spent as well. */
function left(admitted: Admitted, step: string, pointer: string): number {
  const present = generationOf(admitted, step, 'execute')
  return admitted.record.intents
    .filter((row) => row.step === step && row.phase === 'execute' && row.generation < present)
    .map(({ args, round }) => at({ args, observed: observationOf(admitted, step, round) }, pointer))
    .reduce((sum: number, amount) => sum + (typeof amount === 'number' ? amount : 0), 0)
}
