import type { Check, Violation } from '../evidence.js'
import { askedSteps, effectsIn, groupBy, subjectKey } from '../lookup.js'

const slackMs = 1_000

/**
 * I6: what people agreed to was used for that action alone and once for each of its steps, never after they said no, and no
 * vote was taken that came after its time.
 */
export const approvedOnce: Check = (evidence) => [
  ...ofSeveralActions(evidence),
  ...consumedTwice(evidence),
  ...afterRejection(evidence),
  ...afterExpiry(evidence),
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

/** The same vote again changes nothing, and may come at any time. */
const afterExpiry: Check = ({ votes }) =>
  [...groupBy(votes, (line) => `${line.tenant} ${line.approval_id} ${line.person}`)].flatMap(([about, lines]) => {
    const first = lines.find(({ kind, vote }) => kind === 'voting' && vote === 'approve')
    const late = first?.expires_at !== undefined && first.at > first.expires_at + slackMs
    const taken = lines.some(({ kind, vote, status }) => kind === 'voted' && vote === 'approve' && status === 200)
    return late && taken ? [wrong(about, 'was taken after its time')] : []
  })

function wrong(about: string, detail: string): Violation {
  return { invariant: 'I6', sort: 'unauthorised', about, detail }
}
