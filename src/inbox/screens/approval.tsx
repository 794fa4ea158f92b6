import { useState } from 'preact/hooks'
import { readRendering } from '../../domain/rendering.js'
import type { Approval } from '../api/views.js'
import { ApproveDialog } from '../decide/approve-dialog.js'
import { RejectDialog } from '../decide/reject-dialog.js'
import { WithdrawButton } from '../decide/withdraw-button.js'
import { useAnswer } from '../live/use-answer.js'
import { Link, useNavigation } from '../navigation.js'
import { ApprovalHead } from '../parts/approval-head.js'
import { useNow } from '../parts/clock.js'
import { Description } from '../parts/description.js'
import { Ending } from '../parts/ending.js'
import { Evidence } from '../parts/evidence.js'
import { Heading } from '../parts/heading.js'
import { ProblemNote } from '../parts/problem-note.js'
import { Standing } from '../parts/standing.js'
import { StoppedNote } from '../parts/stopped-note.js'
import { useKeys } from '../parts/use-keys.js'
import { Votes } from '../parts/votes.js'
import { useSession } from '../session.js'
import { useWaiting } from '../waiting.js'
import { ownVote, standingOf } from './standing.js'

/** One request, whole; and the two buttons for as long as there is something to decide. */
export function ApprovalScreen({ id }: { readonly id: string }) {
  const { api } = useSession()
  const path = `/v1/approvals/${encodeURIComponent(id)}`
  const { answer, problem, again } = useAnswer(
    (signal) => api.get<Approval>(path, signal),
    ['approvals', 'actions', 'stops'],
    path,
  )
  if (answer)
    return (
      <>
        {problem && <ProblemNote problem={problem} />}
        <OneApproval approval={answer} again={again} />
      </>
    )
  return (
    <>
      <Heading title="Approval request" />
      {problem ? <ProblemNote problem={problem} /> : <p class="hint">Looking …</p>}
    </>
  )
}

function OneApproval({ approval, again }: { readonly approval: Approval; readonly again: () => Promise<void> }) {
  const { me } = useSession()
  const { go } = useNavigation()
  const { answer: waiting, again: listAgain } = useWaiting()
  const now = useNow()
  const [question, setQuestion] = useState<'approve' | 'reject' | null>(null)
  const [decidedHere, setDecidedHere] = useState(false)
  const rendering = readRendering(approval.rendering)
  const standing = standingOf(approval, me, now, !!waiting?.items.some(({ id }) => id === approval.id))
  // What is said now and was not when this screen came up has come about meanwhile.
  const [cameTo] = useState(standing.says)
  const open = standing.open
  const ask = (what: 'approve' | 'reject') => open && setQuestion(what)
  useKeys({ a: () => ask('approve'), r: () => ask('reject'), u: () => go('/inbox') })
  const decided = () => {
    setDecidedHere(true)
    setQuestion(null)
    void again()
    void listAgain()
  }
  return (
    <article class="approval" aria-label="Approval request">
      <p class="back">
        <Link to="/inbox">Waiting for you</Link>
      </p>
      <ApprovalHead approval={approval} rendering={rendering} open={open} />
      <Standing standing={standing} meanwhile={standing.says !== cameTo && !decidedHere} />
      {(approval.state === 'approved' || approval.state === 'ended') && (
        <Ending action={approval.action_id} begun={approval.state === 'approved'} />
      )}
      {approval.stopped && <StoppedNote stop={approval.stopped} />}
      <Description key={approval.id} approval={approval} rendering={rendering} />
      <Votes approval={approval} />
      <Evidence approval={approval} rendering={rendering} />
      {open ? (
        <section class="decide" aria-label="Decide">
          <button type="button" class="approve" onClick={() => ask('approve')}>
            Approve … <kbd>a</kbd>
          </button>
          <button type="button" class="reject" onClick={() => ask('reject')}>
            Reject … <kbd>r</kbd>
          </button>
        </section>
      ) : (
        ownVote(approval, me)?.vote === 'approve' &&
        approval.state === 'waiting' && <WithdrawButton approval={approval} onDone={decided} />
      )}
      {open && question === 'approve' && (
        <ApproveDialog {...{ approval, rendering }} onClose={() => setQuestion(null)} onDecided={decided} />
      )}
      {open && question === 'reject' && (
        <RejectDialog approvals={[approval]} onClose={() => setQuestion(null)} onRejected={decided} />
      )}
    </article>
  )
}
