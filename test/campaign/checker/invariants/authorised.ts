import type { BookedLine, Check, Evidence, Violation, VoteLine } from '../evidence.js'
import { type Asked, askedSteps, effectsIn, groupBy, subjectKey } from '../lookup.js'

/**
 * I1: before every effect somebody asked for exactly that, and, by its amount, nobody, one or two people agreed to it, as
 * their own journals say.
 */
export const authorised: Check = (evidence) => {
  const asked = askedSteps(evidence)
  const votes = groupBy(evidence.votes, ({ tenant, action_id }) => subjectKey(tenant, action_id))
  const sent = groupBy(
    evidence.requests.filter(({ kind }) => kind === 'request'),
    ({ subject }) => subject,
  )
  return effectsIn(evidence.books).flatMap((effect) => {
    const step = asked.get(subjectKey(effect.tenant, effect.subject))
    const wrong = (detail: string): Violation[] => [
      { invariant: 'I1', sort: 'unauthorised', about: `${effect.tenant}/${effect.subject}`, detail },
    ]
    if (!step || step.at > effect.received_at) return wrong('nobody had asked for it')
    // The downstream may do something else than it was asked for; what counts is what we sent.
    const otherwise = sent.get(effect.subject)?.some(({ mode }) => mode === 'other-amount')
    if (effect.amount !== step.amount && !otherwise) return wrong(`${effect.amount} instead of ${step.amount}`)
    const missing = missingVotes(
      evidence,
      step,
      effect,
      votes.get(subjectKey(effect.tenant, step.action_id ?? '')) ?? [],
    )
    return missing ? wrong(missing) : []
  })
}

function missingVotes({ rules }: Evidence, step: Asked, effect: BookedLine, votes: readonly VoteLine[]): string | null {
  const highest = Math.max(...step.steps.map(({ amount }) => amount))
  if (highest < rules.tiers.one) return null
  const agreed = agreedBefore(votes, effect.received_at).filter((person) => person !== rules.owner)
  const of = (group: string) => agreed.filter((person) => rules.groups[group]?.includes(person))
  if (of('finance').length === 0) return 'nobody of finance had agreed'
  if (highest >= rules.tiers.two && of('security').length === 0) return 'nobody of security had agreed'
  return null
}

/** Who had sent an approval by then that was not refused, and that they had not taken back with an answer. */
function agreedBefore(votes: readonly VoteLine[], moment: number): readonly string[] {
  const byPerson = groupBy(votes, ({ person }) => person)
  return [...byPerson].flatMap(([person, lines]) => {
    const inTime = lines.filter(({ at }) => at <= moment)
    const approves = inTime.filter(({ kind, vote }) => kind === 'voting' && vote === 'approve')
    // A server that is in trouble says nothing of whether it was taken.
    const refused = inTime.filter(
      ({ kind, vote, status }) =>
        kind === 'voted' && vote === 'approve' && status != null && status !== 200 && status < 500,
    )
    const takenBack = inTime.findLast(
      ({ kind, vote, status }) => kind === 'voted' && vote !== 'approve' && status === 200,
    )
    const standing = approves.filter(({ at }) => at > (takenBack?.at ?? 0))
    return standing.length > 0 && refused.length < approves.length ? [person] : []
  })
}
