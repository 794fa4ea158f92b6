import type { VoteKind } from './approval.js'

/** One recorded revision of a person's vote; `proven`: its signature is good, and is for exactly this row. */
export interface RecordedVote {
  readonly approver: string
  readonly revision: number
  readonly vote: VoteKind
  readonly strong: boolean
  readonly proven: boolean
}

/**
 * The vote of each person that stands. A proven rejection is final. Otherwise the newest revision counts, and only an
 * approval does; where it is not proven, or a revision is missing below it, the person has no vote: nobody can bring an
 * older one back by adding rows.
 */
export function standingVotes<Vote extends RecordedVote>(votes: readonly Vote[]): Vote[] {
  const people = [...new Set(votes.map(({ approver }) => approver))]
  return people.flatMap((person) => {
    const own = ordered(votes.filter(({ approver }) => approver === person))
    const rejection = own.find(({ vote, proven }) => proven && vote === 'reject')
    if (rejection) return [rejection]
    const newest = own.at(-1)
    const whole = own.every(({ revision }, index) => revision === index + 1)
    return whole && newest?.proven && newest.vote === 'approve' ? [newest] : []
  })
}

/** What comes of a further vote: it is recorded, or changes nothing, or comes after a rejection, or has nothing to withdraw. */
export type NextVote = 'record' | 'same' | 'final' | 'nothing-to-withdraw'

/** May this person, whose votes so far these are, cast that one? A strong approval may take the place of a plain one. */
export function nextVote(
  own: readonly RecordedVote[],
  next: { readonly vote: VoteKind; readonly strong: boolean },
): NextVote {
  if (own.some(({ vote, proven }) => proven && vote === 'reject')) return next.vote === 'reject' ? 'same' : 'final'
  const newest = ordered(own).at(-1)
  if (!newest?.proven) return next.vote === 'withdraw' ? 'nothing-to-withdraw' : 'record'
  if (newest.vote !== next.vote) return 'record'
  return next.vote === 'approve' && next.strong && !newest.strong ? 'record' : 'same'
}

/** The revision that a further vote of the same person has to name. */
export function nextRevision(own: readonly Pick<RecordedVote, 'revision'>[]): number {
  return Math.max(0, ...own.map(({ revision }) => revision)) + 1
}

function ordered<Vote extends RecordedVote>(votes: readonly Vote[]): Vote[] {
  return [...votes].sort((one, other) => one.revision - other.revision)
}
