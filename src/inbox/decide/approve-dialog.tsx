import { useEffect, useRef, useState } from 'preact/hooks'
import type { Rendering } from '../../domain/rendered.js'
import type { Approval } from '../api/views.js'
import { Dialog } from '../parts/dialog.js'
import { DialogButtons } from '../parts/dialog-buttons.js'
import { Headline } from '../parts/headline.js'
import { KeyFacts } from '../parts/key-facts.js'
import { ProblemNote } from '../parts/problem-note.js'
import { RiskMark } from '../parts/risk-mark.js'
import { useSession } from '../session.js'
import { castVote, needsPasskey } from '../sign/cast-vote.js'
import { Acknowledge, isAcknowledged } from './acknowledge.js'
import { SetUpPasskey } from './set-up-passkey.js'
import { useSending } from './use-sending.js'

interface ApproveDialogProps {
  readonly approval: Approval
  readonly rendering: Rendering | null
  readonly onClose: () => void
  readonly onDecided: (approval: Approval) => void
}

/** The question before an approval. Only its own button decides. */
export function ApproveDialog({ approval, rendering, onClose, onDecided }: ApproveDialogProps) {
  const { api, me, again } = useSession()
  const { busy, problem, send } = useSending()
  const [seen, setSeen] = useState<readonly string[]>([])
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const { flags, target } = approval
  const steps = rendering?.steps.map(({ id }) => id) ?? []
  const signed = needsPasskey(approval)
  const missing = signed && me.passkeys === 0
  const ready = !missing && isAcknowledged({ flags, target, seen, typed })
  const confirm = useRef<HTMLButtonElement>(null)
  const [wasMissing] = useState(missing)
  // The button that set up the passkey is gone, and had the focus.
  useEffect(() => {
    if (wasMissing && !missing) confirm.current?.focus()
  }, [wasMissing, missing])
  const approve = () =>
    send(async () =>
      onDecided(
        await castVote(api, me, approval, { vote: 'approve', reason, acknowledged: flags.map(({ name }) => name) }),
      ),
    )
  return (
    <Dialog
      title="Approve this?"
      onClose={onClose}
      about={
        <>
          <p class="headline">
            <Headline approval={approval} />
          </p>
          <p class="facts">
            <RiskMark risk={approval.risk} />
          </p>
          {rendering && <KeyFacts rendering={rendering} />}
          {rendering && <p>{rendering.then.approve}</p>}
        </>
      }
    >
      {flags.length > 0 && (
        <Acknowledge {...{ flags, steps, target, seen, typed }} onSeen={setSeen} onTyped={setTyped} />
      )}
      {missing ? (
        <SetUpPasskey onDone={again} />
      ) : (
        <label class="field">
          <span>Reason (if you like)</span>
          <input
            type="text"
            maxLength={2_000}
            value={reason}
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
        </label>
      )}
      {signed && !missing && (
        <p class="hint">At this risk you sign with your passkey: your device will ask you for it.</p>
      )}
      {problem && <ProblemNote problem={problem} />}
      <DialogButtons
        does={signed ? 'Sign and approve' : 'Approve'}
        kind="approve"
        first={ready}
        onDo={approve}
        {...{ ready, busy, confirm, onClose }}
      />
    </Dialog>
  )
}
