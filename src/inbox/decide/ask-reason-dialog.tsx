import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { Dialog } from '../parts/dialog.js'
import { DialogButtons } from '../parts/dialog-buttons.js'
import { ProblemNote } from '../parts/problem-note.js'
import { ReasonField } from './reason-field.js'
import { useSending } from './use-sending.js'

interface AskReasonDialogProps {
  readonly title: string
  /** On the button that does it. */
  readonly does: string
  readonly about?: ComponentChildren
  readonly onClose: () => void
  readonly act: (reason: string) => Promise<void>
}

/** A question before something that needs a reason. */
export function AskReasonDialog({ title, does, about, onClose, act }: AskReasonDialogProps) {
  const { busy, problem, send } = useSending()
  const [reason, setReason] = useState('')
  return (
    <Dialog {...{ title, about, onClose }}>
      <ReasonField reason={reason} onReason={setReason} />
      {problem && <ProblemNote problem={problem} />}
      <DialogButtons
        kind="reject"
        ready={reason.trim() !== ''}
        onDo={() => send(() => act(reason.trim()))}
        {...{ does, busy, onClose }}
      />
    </Dialog>
  )
}
