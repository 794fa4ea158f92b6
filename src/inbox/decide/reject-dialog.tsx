import { useState } from 'preact/hooks'
import type { Approval } from '../api/views.js'
import { Dialog } from '../parts/dialog.js'
import { DialogButtons } from '../parts/dialog-buttons.js'
import { Headline } from '../parts/headline.js'
import { ProblemNote } from '../parts/problem-note.js'
import { useSession } from '../session.js'
import { castVote } from '../sign/cast-vote.js'
import { counted } from '../words.js'
import { ReasonField } from './reason-field.js'
import { useSending } from './use-sending.js'

interface RejectDialogProps {
  readonly approvals: readonly Approval[]
  readonly onClose: () => void
  /** Those that are rejected by now. */
  readonly onRejected: (approvals: readonly Approval[]) => void
}

/** The question before a rejection, of one or of several for one reason. */
export function RejectDialog({ approvals, onClose, onRejected }: RejectDialogProps) {
  const { api, me } = useSession()
  const { busy, problem, send } = useSending()
  const [reason, setReason] = useState('')
  const [done, setDone] = useState<readonly Approval[]>([])
  const left = approvals.filter(({ id }) => !done.some((each) => each.id === id))
  const reject = () =>
    send(async () => {
      const rejected = [...done]
      let failed: unknown = null
      for (const approval of left) {
        try {
          rejected.push(await castVote(api, me, approval, { vote: 'reject', reason: reason.trim(), acknowledged: [] }))
          setDone([...rejected])
        } catch (error) {
          // One that somebody else decided meanwhile keeps nobody from rejecting the others.
          failed = error
        }
      }
      if (failed !== null) throw failed
      onRejected(rejected)
    })
  const several = approvals.length > 1
  return (
    <Dialog
      title={several ? `Reject these ${approvals.length}?` : 'Reject this?'}
      onClose={onClose}
      about={
        <>
          <ul class="headlines">
            {approvals.map((approval) => (
              <li key={approval.id}>
                <Headline approval={approval} />
                {done.some(({ id }) => id === approval.id) && <span class="tag">rejected</span>}
              </li>
            ))}
          </ul>
          <p>A rejection is final. The agent reads your reason.</p>
        </>
      }
    >
      <ReasonField reason={reason} onReason={setReason} />
      {problem && <ProblemNote problem={problem} />}
      {problem && several && <p>{counted(left.length, 'is', 'are')} not rejected yet.</p>}
      <DialogButtons
        does={several ? `Reject ${left.length}` : 'Reject'}
        kind="reject"
        ready={reason.trim() !== ''}
        onDo={reject}
        {...{ busy, onClose }}
      />
    </Dialog>
  )
}
