import { resolveArgs } from '../domain/arguments.js'
import type { Planned } from '../domain/budget.js'
import type { RegisteredContract } from '../domain/contract.js'
import { at, type JsonObject } from '../domain/json.js'
import type { Step } from '../domain/request.js'
import { spendOf } from '../domain/spend.js'
import { type Admitted, outputOf, pinnedContract } from './admitted.js'
import { observationOf } from './looks.js'

/** A call of a step as it is counted: for whom, and how much. */
export interface PlannedCall extends Planned {
  readonly step: string
  readonly contract: RegisteredContract
  /** False where the contract spends and the amount is not known. */
  readonly priced: boolean
}

/** How a call with these arguments counts. */
export function countedCall(
  { record, request, authority }: Admitted,
  call: {
    readonly step: string
    readonly contract: RegisteredContract
    readonly args: JsonObject
    readonly observed: JsonObject | null
  },
): PlannedCall {
  const { args, observed } = call
  const { contract } = call.contract
  const spend = spendOf(contract, { args, observed })
  return {
    step: call.step,
    contract: call.contract,
    priced: spend !== null,
    spender: {
      tenant: record.tenant,
      owner: authority.principal(request.agent)?.owner ?? '',
      agent: request.agent,
      tool: contract.name,
      target: `${contract.resource.type} ${at({ args, observed }, contract.resource.id) ?? ''}`,
    },
    amount: {
      calls: 1,
      writes: contract.effect === 'none' ? 0 : 1,
      spend_cents: spend ?? 0,
      currency: contract.spend?.currency ?? null,
    },
  }
}

/** How steps count that are still to be done, with every value that is known by now. */
export function plannedCalls(admitted: Admitted, steps: readonly Step[], round: number): PlannedCall[] {
  return steps.flatMap((step) => {
    const contract = pinnedContract(admitted, step.id)
    if (!contract) return []
    const observed = observationOf(admitted, step.id, round)
    const args = resolveArgs(step, contract.contract, observed, (id) => outputOf(admitted, id))
    return [countedCall(admitted, { step: step.id, contract, args, observed })]
  })
}
