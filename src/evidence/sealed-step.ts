import { resolveArgs } from '../domain/arguments.js'
import type { Contract, ShownChange } from '../domain/contract.js'
import type { EnvelopeStep, ShownValues } from '../domain/envelope.js'
import { ExequaturError } from '../domain/errors.js'
import { at, type Json } from '../domain/json.js'
import { objectsAt } from '../domain/looks.js'
import type { Step } from '../domain/request.js'
import { spendOf } from '../domain/spend.js'
import { fillSummary, type Known } from '../domain/summary.js'
import { type Admitted, pinnedContract } from './admitted.js'
import { observationOf } from './looks.js'

/** A step as it is sealed: as it would run, and what its contract lets people see of it. */
export function sealedStep(admitted: Admitted, step: Step, round: number): EnvelopeStep {
  const contract = pinnedContract(admitted, step.id)?.contract
  if (!contract) throw new ExequaturError('EXQ-9001', `${step.id} is pinned to no contract that is known`)
  const observed = observationOf(admitted, step.id, round)
  // References are sealed as written: their values come later, and each is checked again before its effect.
  const args = { ...step.args, ...resolveArgs(step, contract, observed, () => null) }
  const known = { args, observed }
  return {
    id: step.id,
    tool: contract.name,
    version: contract.version,
    title: contract.title,
    resource: `${contract.resource.type} ${at(known, contract.resource.id) ?? ''}`,
    args,
    undoable: contract.effect !== 'irreversible',
    ...(contract.effect === 'none' && { reads: true as const }),
    ...(contract.touches && { touches: objectsAt({ observed }, contract.touches.observed) ?? 0 }),
    risk: contract.risk,
    ...amountOf(contract, known),
    ...(contract.summary !== undefined && { summary: fillSummary(contract.summary, known) }),
    ...(contract.shows && { changes: contract.shows.map((shows) => valuesOf(shows, known)) }),
  }
}

function amountOf(contract: Contract, known: Known): Pick<EnvelopeStep, 'amount'> {
  const cents = spendOf(contract, known)
  return contract.spend && cents !== null ? { amount: { cents, currency: contract.spend.currency } } : {}
}

function valuesOf({ label, before, after, currency }: ShownChange, known: Known): ShownValues {
  const side = (name: 'before' | 'after', value: Json | undefined) => (value === undefined ? {} : { [name]: value })
  return {
    label,
    ...side('before', before && at(known, before)),
    ...side('after', after && at(known, after)),
    ...(after === undefined && { only: 'before' as const }),
    ...(before === undefined && { only: 'after' as const }),
    ...(currency && { currency }),
  }
}
