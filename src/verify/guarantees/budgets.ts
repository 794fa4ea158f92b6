import type { BudgetSettings } from '../../contract/budget-rules.js'
import { durationMs } from '../../contract/duration.js'
import { at, type JsonObject } from '../../domain/json.js'
import { DoesNotHold, hold, NotApplicable } from '../../testing/trial.js'
import type { Guarantee } from '../guarantee.js'
import { inputOf, type Subject, type Venue } from '../venue.js'

const mostCalls = 40
const overTheLimit = 8
const shortestWindowMs = 60_000

/** How much one call takes of what the budget limits; 0 where it does not count. */
function unitOf({ of, tools }: BudgetSettings, { tool: { contract, effect } }: Subject, args: JsonObject): number {
  if (tools && !tools.includes(contract.name)) return 0
  if (of === 'calls') return 1
  if (of === 'writes') return effect === 'none' ? 0 : 1
  if (of !== 'spend_cents' || !contract.spend) return 0
  return Number(at({ args }, contract.spend.amount_cents) ?? 0)
}

/** A tool that counts for the budget, and that nobody has to agree to for each call. */
async function racer(venue: Venue, budget: BudgetSettings): Promise<{ subject: Subject; unit: number }> {
  for (const subject of venue.subjects.filter(({ tool }) => tool.effect !== 'none')) {
    const args = await inputOf(subject)
    const unit = unitOf(budget, subject, args)
    const risky = subject.tool.contract.risk === 'high' || subject.tool.contract.risk === 'critical'
    if (unit > 0 && !risky) return { subject, unit }
  }
  throw new NotApplicable('no tool with a check counts for it and runs without people')
}

/** A line for each budget of the configuration. The stack runs with them only from here on. */
export function budgetRaces(budgets: readonly BudgetSettings[]): readonly Guarantee[] {
  const name = (of: string) => `a race of many calls never gets past the limit of ${of}`
  if (budgets.length === 0)
    return [
      {
        of: 'G7',
        name: name('a budget'),
        carryOut: () => Promise.reject(new NotApplicable('the configuration has no budgets')),
      },
    ]
  return budgets.map((budget) => ({
    of: 'G7',
    name: name(`the budget ${budget.name}`),
    carryOut: (venue) => race(venue, budget),
  }))
}

async function race(venue: Venue, budget: BudgetSettings): Promise<void> {
  if ((durationMs(budget.window) ?? 0) < shortestWindowMs)
    throw new NotApplicable(`its window of ${budget.window} is too short to tell one from the next`)
  if (budget.per.includes('target')) throw new NotApplicable('every check is made on a target of its own')
  const { subject, unit } = await racer(venue, budget)
  await venue.useBudgets()
  const fit = Math.floor(budget.limit / unit)
  if (fit > mostCalls)
    throw new NotApplicable(`its limit takes ${fit} calls, and a short run makes ${mostCalls} at most`)
  const inputs: JsonObject[] = []
  for (let number = 0; number < fit + overTheLimit; number += 1) inputs.push(await inputOf(subject))
  if (new Set(inputs.map((args) => JSON.stringify(args))).size < inputs.length)
    throw new NotApplicable('the input of the check is always the same, so its effects cannot be told apart')
  const asked = await Promise.all(inputs.map((args) => venue.ask(subject, { args })))
  const ends = await Promise.all(asked.map((each) => venue.ended(each, 60)))
  const counts = await Promise.all(asked.map(({ made }) => made()))
  const made = counts.reduce((sum, count) => sum + count, 0)
  if (made === 0) throw new NotApplicable(`${subject.tool.contract.name} did not run: ${ends[0]?.explanation}`)
  hold(
    made * unit <= budget.limit,
    `${asked.length} calls at once had effects of ${made * unit}; the limit is ${budget.limit}`,
  )
  if (ends.every(({ outcome }) => outcome === 'succeeded'))
    throw new DoesNotHold(`${asked.length} calls at once all succeeded, where ${fit} fit`)
}
