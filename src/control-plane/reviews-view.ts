import type { ReviewStanding, Verdict } from '../domain/review.js'
import type { ActionRecord } from '../ledger/action-record.js'

/** What people said who looked an action over. */
export interface ReviewsView {
  readonly standing: ReviewStanding
  readonly said: readonly {
    readonly reviewer: string
    readonly verdict: Verdict
    readonly reason: string | null
    readonly at: string
  }[]
}

/** Null for what nobody has to look over. */
export function viewReviews({ review, reviews }: ActionRecord): ReviewsView | null {
  if (!review) return null
  const said = reviews.map(({ reviewer, verdict, reason, reviewed_at }) => ({
    reviewer,
    verdict,
    reason,
    at: reviewed_at,
  }))
  return { standing: review, said }
}
