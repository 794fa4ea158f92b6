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
  readonly children?: ComponentChildren
  readonly onClose: () => void
  readonly act: (reason: string) => Promise<void>
}

/** A question before something that needs a reason. */
export function AskReasonDialog({ title, does, children, onClose, act }: AskReasonDialogProps) {
  const { busy, problem, send } = useSending()
  const [reason, setReason] = useState('')
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
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
