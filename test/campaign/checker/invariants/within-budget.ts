import type { BookedLine, Check, Evidence, Violation } from '../evidence.js'
import { type Asked, askedSteps, groupBy, subjectKey } from '../lookup.js'

type Budget = Evidence['rules']['budgets'][number]

/**
 * I5: at no line of the downstream's books does more stand than a budget allows, and what came to nothing was given back.
 * What was undone gives its money back; that something was written stays counted.
 */
export const withinBudget: Check = (evidence) => {
  const asked = askedSteps(evidence)
  const byTenant = groupBy(evidence.books, ({ tenant }) => tenant)
  return evidence.rules.budgets.flatMap((budget) =>
    [...byTenant].flatMap(([tenant, lines]) => {
      const about = `${tenant}/${budget.name}`
      const counted = lines.filter((line) => !budget.tools || budget.tools.includes(stepOf(line, asked)?.tool ?? ''))
      const sums = sumsOf(budget, counted, asked)
      const over = sums.find(({ sum }) => sum > budget.limit)
      if (over) return [wrong(about, `${over.sum} of ${budget.limit} at line ${over.seq}`)]
      const last = sums.at(-1)?.sum ?? 0
      return budget.used_up && last < budget.limit ? [wrong(about, `${last} of ${budget.limit} only`)] : []
    }),
  )
}

/** What stands after each line. */
function sumsOf(
  { of }: Budget,
  lines: readonly BookedLine[],
  asked: ReadonlyMap<string, Asked>,
): readonly { readonly seq: number; readonly sum: number }[] {
  const standing = new Map<string, number>()
  let sum = 0
  return lines.map((line) => {
    if (line.kind === 'effect') {
      // Where the downstream takes another amount than it was asked for, nobody could count that before.
      const cents = stepOf(line, asked)?.amount ?? line.amount
      standing.set(line.id, cents)
      sum += of === 'writes' ? 1 : cents
    } else if (of === 'spend_cents' && line.of !== null) {
      sum -= standing.get(line.of) ?? 0
      standing.delete(line.of)
    }
    return { seq: line.seq, sum }
  })
}

function stepOf({ tenant, subject }: BookedLine, asked: ReadonlyMap<string, Asked>): Asked | undefined {
  return asked.get(subjectKey(tenant, subject))
}

function wrong(about: string, detail: string): Violation {
  return { invariant: 'I5', sort: 'over budget', about, detail }
}
