import type { Check, Violation } from '../evidence.js'
import { askedSteps, effectsIn, groupBy, subjectKey } from '../lookup.js'

/** I6: what people agreed to was used for that action alone and once for each of its steps, and never after they said no. */
export const approvedOnce: Check = (evidence) => [
  ...ofSeveralActions(evidence),
  ...consumedTwice(evidence),
  ...afterRejection(evidence),
]

const ofSeveralActions: Check = ({ votes }) =>
  [...groupBy(votes, ({ tenant, envelope_digest }) => `${tenant} ${envelope_digest}`)].flatMap(([about, lines]) => {
    const actions = new Set(lines.map(({ action_id }) => action_id))
    return actions.size > 1 ? [wrong(about, `shown for ${[...actions].join(', ')}`)] : []
  })

const consumedTwice: Check = ({ claims }) =>
  [
    ...groupBy(claims.consumptions, (row) => `${row.tenant} ${row.envelope_digest} ${row.step} ${row.generation}`),
  ].flatMap(([about, rows]) => (rows.length > 1 ? [wrong(about, `used up ${rows.length} times`)] : []))

const afterRejection: Check = (evidence) => {
  const rejected = new Map(
    evidence.votes
      .filter(({ kind, vote, status }) => kind === 'voted' && vote === 'reject' && status === 200)
      .map((line) => [subjectKey(line.tenant, line.action_id), line.at]),
  )
  const asked = askedSteps(evidence)
  return effectsIn(evidence.books).flatMap((effect) => {
    const action = asked.get(subjectKey(effect.tenant, effect.subject))?.action_id ?? ''
    const at = rejected.get(subjectKey(effect.tenant, action))
    return at !== undefined && effect.received_at > at ? [wrong(effect.subject, 'sent after it was rejected')] : []
  })
}

function wrong(about: string, detail: string): Violation {
  return { invariant: 'I6', sort: 'unauthorised', about, detail }
}
