import type { Check, Violation } from '../evidence.js'

/** I7: no vote counts of whoever owns the agent, or of anybody outside the groups that decide. */
export const byOthers: Check = ({ votes, rules }) => {
  const may = new Set(Object.entries(rules.groups).flatMap(([group, names]) => (group === 'support' ? [] : names)))
  return votes
    .filter(({ kind, status, vote }) => kind === 'voted' && status === 200 && vote === 'approve')
    .flatMap(({ tenant, action_id, person }): Violation[] => {
      const about = `${tenant}/${action_id}`
      const wrong = (detail: string): Violation[] => [{ invariant: 'I7', sort: 'unauthorised', about, detail }]
      if (person === rules.owner) return wrong(`${person} owns the agent, and was let vote`)
      return may.has(person) ? [] : wrong(`${person} decides on nothing, and was let vote`)
    })
}
