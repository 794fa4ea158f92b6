import type { Check, Evidence, ForgeryLine, Violation } from '../evidence.js'
import { askedSteps, subjectKey } from '../lookup.js'

const refusals = [400, 401, 403, 404, 409, 415, 422, 429]
// What is asked for while something is away is answered within this.
const slackMs = 15_000

/** I8: nothing of one tenant shows or does anything in another, and nobody gets what is not theirs. */
export const separate: Check = (evidence) => {
  const asked = askedSteps(evidence)
  const tenants = [...new Set([...asked.values()].map(({ tenant }) => tenant))]
  const strayed = evidence.books.flatMap((line): Violation[] => {
    if (asked.has(subjectKey(line.tenant, line.subject))) return []
    const owner = tenants.find((tenant) => asked.has(subjectKey(tenant, line.subject)))
    return owner ? [wrong(line.subject, `asked for in ${owner}, done in ${line.tenant}`)] : []
  })
  const got = evidence.forgeries.flatMap((forgery): Violation[] =>
    isRefused(evidence, forgery) ? [] : [wrong(forgery.target, `${forgery.what} was answered ${forgery.status}`)],
  )
  const owners = new Map<string, string>()
  const shared = evidence.claims.actions.flatMap(({ tenant, id }): Violation[] => {
    const before = owners.get(id)
    owners.set(id, tenant)
    return before && before !== tenant ? [wrong(id, `is an action of ${before} and of ${tenant}`)] : []
  })
  return [...strayed, ...got, ...shared]
}

/** An error of ours refuses nothing, but for what could not be answered because something was away. */
function isRefused({ faults }: Evidence, { at, status }: ForgeryLine): boolean {
  if (status === null || refusals.includes(status)) return true
  const away = faults.some((fault) => fault.kind === 'outage' && at >= fault.at && at <= fault.back + slackMs)
  return status >= 500 && away
}

function wrong(about: string, detail: string): Violation {
  return { invariant: 'I8', sort: 'other', about, detail }
}
