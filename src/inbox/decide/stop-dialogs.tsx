import { useSession } from '../session.js'
import { tellScope } from '../words.js'
import { AskReasonDialog } from './ask-reason-dialog.js'

interface ScopeDialogProps {
  readonly scope: string
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

export function StopDialog({ scope, onClose, onDone }: ScopeDialogProps) {
  const { api } = useSession()
  return (
    <AskReasonDialog
      title={`Stop ${tellScope(scope)}?`}
      does="Stop now"
      onClose={onClose}
      act={async (reason) => {
        await api.post('/v1/stops', { scope, reason })
        await onDone()
      }}
      about={
        <p>Once this is answered, no further call of it begins. A call that is under way already is not broken off.</p>
      }
    />
  )
}

export function ResumeDialog({ scope, onClose, onDone }: ScopeDialogProps) {
  const { api } = useSession()
  return (
    <AskReasonDialog
      title={`Resume ${tellScope(scope)}?`}
      does="Resume"
      onClose={onClose}
      act={async (reason) => {
        await api.post(`/v1/stops/${encodeURIComponent(scope)}/resume`, { reason })
        await onDone()
      }}
    />
  )
}
