import { ProblemNote } from '../parts/problem-note.js'
import { useSession } from '../session.js'
import { registerPasskey } from '../sign/passkey.js'
import { useSending } from './use-sending.js'

/** For whoever has no passkey yet and needs one. */
export function SetUpPasskey({ onDone }: { readonly onDone: () => Promise<void> }) {
  const { api, me } = useSession()
  const { busy, problem, send } = useSending()
  const register = () =>
    send(async () => {
      await registerPasskey(api, me)
      await onDone()
    })
  return (
    <div class="note">
      <p>
        <strong>This needs a passkey, and you have none here yet.</strong> A passkey is a key that stays on your device.
        It signs exactly what you see, so that nobody else can approve in your name.
      </p>
      {problem && <ProblemNote problem={problem} />}
      <button type="button" data-first disabled={busy} onClick={register}>
        {busy ? 'Waiting for your device …' : 'Set up a passkey'}
      </button>
    </div>
  )
}
