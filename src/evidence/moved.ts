import { canonical } from '../digest.js'
import type { Change } from '../domain/amendment.js'
import type { RegisteredContract } from '../domain/contract.js'
import type { Moved } from '../domain/envelope.js'
import type { Json, JsonObject } from '../domain/json.js'
import { grownTouches, isRechecked, isWithin, movedPreconditions } from '../domain/looks.js'
import { referencesOf } from '../domain/plan.js'
import { type PolicyDecision, type Requirements, tellRequirements } from '../domain/policy.js'
import type { Step } from '../domain/request.js'
import type { DecisionRow, ObservationRow } from '../ledger/action-record.js'
import { type Admitted, pinnedContract } from './admitted.js'
import { lookIn, newestLook } from './looks.js'

const same = (one: Json, other: Json) => canonical(one) === canonical(other)

/** What the newest look shows that keeps a round from being carried out: moved preconditions, and more objects. */
export function movedSince(admitted: Admitted, step: string, round: number): Change[] {
  return changesBetweenLooks(admitted, step, lookIn(admitted, step, round), newestLook(admitted, step))
}

function changesBetweenLooks(
  admitted: Admitted,
  step: string,
  before: ObservationRow | undefined,
  after: ObservationRow | undefined,
): Change[] {
  const contract = pinnedContract(admitted, step)?.contract
  if (!contract || !isRechecked(contract) || !before || !after || before.look === after.look) return []
  const moved = movedPreconditions(contract, before.output, after.output, same)
  const named = moved.map(({ pointer }) => pointer)
  return [
    ...moved,
    ...grownTouches(contract, before.output, after.output).filter(({ pointer }) => !named.includes(pointer)),
  ]
}

/** All that moved from round to round, up to what this one is decided on, by step. */
export function movedBefore(admitted: Admitted, round: number): Moved[] {
  return admitted.request.plan.steps.flatMap(({ id }) => {
    const rounds = [...Array(round).keys()].map((index) => index + 1)
    const looks = rounds.map((each) => lookIn(admitted, id, each))
    const observed = looks.flatMap((look, index) => changesBetweenLooks(admitted, id, looks[index - 1], look))
    const changes = [...observed, ...lateBefore(admitted, id, round)]
    return changes.length > 0 ? [{ step: id, changes }] : []
  })
}

/** Values that references of a call came to, outside of the range that the contract declares, and nobody was shown yet. */
export function outOfRange(
  admitted: Admitted,
  step: Step,
  {
    contract,
    args,
    round,
  }: { readonly contract: RegisteredContract; readonly args: JsonObject; readonly round: number },
): Change[] {
  const shown = lateBefore(admitted, step.id, round)
  return Object.keys(referencesOf(step)).flatMap((field) => {
    const [range, after, before] = [contract.contract.late_ranges?.[field], args[field], step.args[field]]
    if (!range || after === undefined || before === undefined || isWithin(range, after)) return []
    const pointer = `/args/${field}`
    const known = shown.some((each) => each.pointer === pointer && each.after !== undefined && same(each.after, after))
    return known ? [] : [{ pointer, before, after }]
  })
}

/** The values of references that came out of their range, and so are shown. */
function lateBefore({ record }: Admitted, step: string, round: number): Change[] {
  const held = record.decisions
    .filter((row) => row.step === step && row.round < round)
    .flatMap(({ moved }) => moved ?? [])
  return held.filter(({ pointer }) => pointer.startsWith('/args/'))
}

/**
 * What people agreed to, and what moved since, they are asked about again, even where the policy lets it run by now. The
 * decisions that ask already, or deny, stay as they are.
 */
export function askedAgain(
  admitted: Admitted,
  round: number,
  decision: PolicyDecision,
  approvals: Readonly<Record<string, number>>,
): PolicyDecision {
  if (decision.result !== 'allow') return decision
  const requirements = requirementsAnew(admitted, decision.step, round)
  if (!requirements || Object.entries(requirements).every(([group, count]) => (approvals[group] ?? 0) >= count))
    return decision
  return {
    ...decision,
    result: 'require-approval',
    policy_ids: [],
    permitted_by: decision.policy_ids,
    requirements,
    explanation: `What this rests on has changed since it was asked: it is asked again (${tellRequirements(requirements)}).`,
  }
}

/** Whom a step has to be put to again: those who were asked before, else one of the tool's approvers. Null for nobody. */
function requirementsAnew({ record, ...admitted }: Admitted, step: string, round: number): Requirements | null {
  const held = (row: DecisionRow) =>
    row.step === step && row.phase === 'execute' && row.round < round && row.moved !== null
  const moved = record.decisions.filter(held)
  const asked = record.envelopes.filter((envelope) => moved.some((row) => row.round === envelope.round)).at(-1)
  if (asked) return asked.requirements
  const shown = moved.some((row) => row.moved?.some(({ pointer }) => pointer.startsWith('/args/')))
  if (!shown) return null
  const before = record.envelopes.filter((envelope) => envelope.round < round).at(-1)?.requirements
  const approvers = pinnedContract({ record, ...admitted }, step)?.contract.approvers ?? []
  return approvers.length === 0 && before ? before : { approvers: 1 }
}
