import { useState } from 'preact/hooks'
import type { Approval } from '../api/views.js'
import { useSession } from '../session.js'
import { castVote } from '../sign/cast-vote.js'
import { AskReasonDialog } from './ask-reason-dialog.js'

/** Takes back an approval that nothing has been done on yet. */
export function WithdrawButton({ approval, onDone }: { readonly approval: Approval; readonly onDone: () => void }) {
  const { api, me } = useSession()
  const [question, setQuestion] = useState(false)
  const withdraw = async (reason: string) => {
    await castVote(api, me, approval, { vote: 'withdraw', reason, acknowledged: [] })
    setQuestion(false)
    onDone()
  }
  return (
    <p>
      <button type="button" onClick={() => setQuestion(true)}>
        Take my approval back …
      </button>
      {question && (
        <AskReasonDialog
          title="Take your approval back?"
          does="Take it back"
          onClose={() => setQuestion(false)}
          act={withdraw}
          about={<p>It counts no longer. You can decide again as long as the request waits.</p>}
        />
      )}
    </p>
  )
}
