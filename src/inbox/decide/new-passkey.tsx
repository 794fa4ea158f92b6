import { useEffect, useRef, useState } from 'preact/hooks'
import { ProblemNote } from '../parts/problem-note.js'
import { useSession } from '../session.js'
import { type NewPasskey as Made, readEndorsement, registerPasskey, setUpPasskey } from '../sign/passkey.js'
import { useSending } from './use-sending.js'

interface NewPasskeyProps {
  readonly ready?: boolean
  /** Whether the focus begins on its button. */
  readonly first?: boolean
  readonly onDone: () => Promise<void>
}

/** Makes a passkey; where only a key of the command line can sign for it, says how, and takes what that has signed. */
export function NewPasskey({ ready = true, first, onDone }: NewPasskeyProps) {
  const { api, me } = useSession()
  const { busy, problem, send } = useSending()
  const [made, setMade] = useState<Made | null>(null)
  const [typed, setTyped] = useState('')
  const endorsement = readEndorsement(typed)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (made) field.current?.focus()
  }, [made])
  const setUp = () =>
    send(async () => {
      const waiting = await setUpPasskey(api, me)
      setMade(waiting)
      if (!waiting) await onDone()
    })
  const beginAnew = () => {
    setMade(null)
    setTyped('')
  }
  const register = () =>
    send(async () => {
      if (!made || !endorsement) return
      await registerPasskey(api, made, endorsement)
      beginAnew()
      await onDone()
    })
  return (
    <>
      {made && (
        <>
          <p>You have a key for the command line. It has to sign for this passkey, where that key is:</p>
          <p class="code">exq key endorse {made.publicKey}</p>
          <label class="field">
            <span>What it prints</span>
            <input
              ref={field}
              type="text"
              autocomplete="off"
              spellcheck={false}
              value={typed}
              onInput={({ currentTarget }) => setTyped(currentTarget.value)}
            />
            {typed.trim() !== '' && !endorsement && <span class="hint">This is not the line that it prints.</span>}
          </label>
        </>
      )}
      {problem && <ProblemNote problem={problem} />}
      {made ? (
        <div class="actions">
          <button type="button" class="approve" disabled={busy || !endorsement} onClick={register}>
            {busy ? 'Sending …' : 'Register the passkey'}
          </button>
          <button type="button" onClick={beginAnew}>
            Begin anew
          </button>
        </div>
      ) : (
        <button type="button" class="approve" data-first={first || undefined} disabled={busy || !ready} onClick={setUp}>
          {busy ? 'Waiting for your device …' : 'Set up a passkey'}
        </button>
      )}
    </>
  )
}
