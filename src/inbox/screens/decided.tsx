import { pathOfApproval } from '../address.js'
import { listAll } from '../api/api.js'
import type { Approval, Vote } from '../api/views.js'
import { useAnswer } from '../live/use-answer.js'
import { Link } from '../navigation.js'
import { Age } from '../parts/clock.js'
import { Heading } from '../parts/heading.js'
import { Headline } from '../parts/headline.js'
import { ProblemNote } from '../parts/problem-note.js'
import { RiskMark } from '../parts/risk-mark.js'
import { useSession } from '../session.js'
import { tellMethod } from '../words.js'
import { ownVote, tellIncomplete } from './standing.js'

/** What whoever is signed in has decided, newest first. */
export function DecidedScreen() {
  const { api, me } = useSession()
  const { answer, problem } = useAnswer(
    (signal) => listAll<Approval>(api, '/v1/decisions', signal),
    ['approvals'],
    'decisions',
  )
  return (
    <>
      <Heading title="Decided by you" />
      {problem && <ProblemNote problem={problem} />}
      {answer?.items.length === 0 && <p class="empty">You have decided nothing yet.</p>}
      <ul class="rows">
        {answer?.items.map((approval) => {
          const own = ownVote(approval, me)
          return (
            <li class="row" key={approval.id}>
              <div>
                <Link to={pathOfApproval(approval.id)} class="row-headline">
                  <Headline approval={approval} />
                </Link>
                <p class="facts">
                  <RiskMark risk={approval.risk} />
                  {own && (
                    <span>
                      You {words[own.vote] ?? own.vote} this {tellMethod(own.method)} <Age at={own.at} />
                    </span>
                  )}
                  <span>{approval.state === 'waiting' ? tellWaiting(approval, own) : states[approval.state]}</span>
                </p>
              </div>
            </li>
          )
        })}
      </ul>
    </>
  )
}

const words: Readonly<Record<string, string>> = { approve: 'approved', reject: 'rejected', withdraw: 'took back' }

function tellWaiting(approval: Approval, own: Vote | undefined): string {
  if (own && !own.counts && own.vote !== 'withdraw') return 'It counts no longer: decide again'
  return tellIncomplete(approval)
}

const states: Readonly<Record<Exclude<Approval['state'], 'waiting'>, string>> = {
  approved: 'Approved',
  rejected: 'Rejected',
  expired: 'Expired',
  cancelled: 'Cancelled',
  stale: 'Being put together anew',
  superseded: 'Asked for anew',
  ended: 'The action ended without it',
}
