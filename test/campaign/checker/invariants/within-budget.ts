import type { Check, Violation } from '../evidence.js'
import { askedSteps, effectsIn, groupBy, subjectKey } from '../lookup.js'

/**
 * I5: at no line of the downstream's books has more been done than a budget allows, and what came to nothing was given
 * back. What was undone stays spent.
 */
export const withinBudget: Check = (evidence) => {
  const asked = askedSteps(evidence)
  const byTenant = groupBy(effectsIn(evidence.books), ({ tenant }) => tenant)
  return evidence.rules.budgets.flatMap((budget) =>
    [...byTenant].flatMap(([tenant, effects]) => {
      let sum = 0
      for (const effect of effects) {
        const tool = asked.get(subjectKey(tenant, effect.subject))?.tool ?? ''
        if (budget.tools && !budget.tools.includes(tool)) continue
        sum += budget.of === 'writes' ? 1 : effect.amount
        if (sum > budget.limit) {
          return [wrong(`${tenant}/${budget.name}`, `${sum} of ${budget.limit} at line ${effect.seq}`)]
        }
      }
      return budget.used_up && sum < budget.limit
        ? [wrong(`${tenant}/${budget.name}`, `${sum} of ${budget.limit} only`)]
        : []
    }),
  )
}

function wrong(about: string, detail: string): Violation {
  return { invariant: 'I5', sort: 'over budget', about, detail }
}
