import { useState } from 'preact/hooks'
import type { Key } from '../api/views.js'
import { NewPasskey } from '../decide/new-passkey.js'
import { useSending } from '../decide/use-sending.js'
import { useAnswer } from '../live/use-answer.js'
import { Moment } from '../parts/clock.js'
import { Dialog } from '../parts/dialog.js'
import { DialogButtons } from '../parts/dialog-buttons.js'
import { Heading } from '../parts/heading.js'
import { ProblemNote } from '../parts/problem-note.js'
import { useSession } from '../session.js'
import { passkeysOf } from '../sign/passkey.js'

/** The passkeys of whoever is signed in. */
export function PasskeysScreen() {
  const { api, again: whoAmI } = useSession()
  const { answer, problem, again } = useAnswer(() => passkeysOf(api), [], 'passkeys')
  const [revoking, setRevoking] = useState<Key | null>(null)
  const changed = async () => {
    setRevoking(null)
    await Promise.all([again(), whoAmI()])
  }
  return (
    <>
      <Heading title="Your passkeys" />
      <p>
        A passkey is a key that stays on your device. It signs what you approve at high risk, so that no other user can
        approve in your name.
      </p>
      {problem && <ProblemNote problem={problem} />}
      {answer?.length === 0 && <p class="empty">You have no passkey yet.</p>}
      <ul class="rows rows-small">
        {answer?.map((key) => (
          <li class="row" key={key.key_id}>
            <div>
              <p class="row-headline code">{key.key_id}</p>
              <p class="facts">
                registered <Moment at={key.registered_at} />
              </p>
            </div>
            <button type="button" class="reject" onClick={() => setRevoking(key)}>
              Revoke …
            </button>
          </li>
        ))}
      </ul>
      <NewPasskey ready={answer !== null} onDone={changed} />
      {revoking && <RevokeDialog passkey={revoking} onClose={() => setRevoking(null)} onDone={changed} />}
    </>
  )
}

interface RevokeDialogProps {
  readonly passkey: Key
  readonly onClose: () => void
  readonly onDone: () => Promise<void>
}

function RevokeDialog({ passkey, onClose, onDone }: RevokeDialogProps) {
  const { api } = useSession()
  const { busy, problem, send } = useSending()
  const revoke = () =>
    send(async () => {
      await api.post(`/v1/keys/${encodeURIComponent(passkey.key_id)}/revoke`, {})
      await onDone()
    })
  return (
    <Dialog
      title="Revoke this passkey?"
      onClose={onClose}
      about={
        <>
          <p class="code">{passkey.key_id}</p>
          <p>Approvals that it signed count no longer, unless they were acted on. It never comes back.</p>
        </>
      }
    >
      {problem && <ProblemNote problem={problem} />}
      <DialogButtons does="Revoke" kind="reject" ready first onDo={revoke} {...{ busy, onClose }} />
    </Dialog>
  )
}
