import { useState } from 'preact/hooks'
import type { JsonObject } from '../../domain/json.js'
import { isObject } from '../../domain/json.js'
import { tellMoney } from '../../domain/money.js'
import type { Attention } from '../api/views.js'
import { choiceWords } from '../parts/attention-words.js'
import { Dialog } from '../parts/dialog.js'
import { DialogButtons } from '../parts/dialog-buttons.js'
import { ProblemNote } from '../parts/problem-note.js'
import { Theirs } from '../parts/theirs.js'
import { useSession } from '../session.js'
import { needsPasskey } from '../sign/resolve-attention.js'
import { ReasonField } from './reason-field.js'
import { SetUpPasskey } from './set-up-passkey.js'
import { useSending } from './use-sending.js'

export interface ResolutionSaid {
  readonly reason: string
  readonly evidence: string | null
  readonly output: JsonObject | null
}

export interface ResolveDialogProps {
  readonly attention: Attention
  readonly chosen: Attention['choices'][number]
  /** What is known is no longer what `attention` shows. */
  readonly changed: boolean
  readonly onClose: () => void
  readonly act: (said: ResolutionSaid) => Promise<void>
}

/** The question before a decision on what needs attention: why, and where one can see it. */
export function ResolveDialog({ attention, chosen, changed, onClose, act }: ResolveDialogProps) {
  const { busy, problem, send } = useSending()
  const [reason, setReason] = useState('')
  const [evidence, setEvidence] = useState('')
  const [output, setOutput] = useState('')
  const read = readOutput(output)
  const { me, again } = useSession()
  const signed = needsPasskey(attention)
  const missing = signed && me.passkeys === 0
  const ready =
    !changed &&
    !missing &&
    reason.trim() !== '' &&
    (!chosen.needs_evidence || evidence.trim() !== '') &&
    read !== undefined
  const decide = () =>
    send(() => act({ reason: reason.trim(), evidence: evidence.trim() || null, output: read ?? null }))
  return (
    <Dialog
      title={`${choiceWords[chosen.choice]}?`}
      onClose={onClose}
      about={
        <>
          <p>
            {attention.title}: <Theirs text={attention.resource} />
            {attention.amount && `, ${tellMoney(attention.amount)}`}
          </p>
          <p>{chosen.does} Decided once, it stands.</p>
        </>
      }
    >
      <ReasonField reason={reason} onReason={setReason} />
      {chosen.needs_evidence && (
        <label class="field">
          <span>Where one can see it (needed): a ticket, an id in the real system</span>
          <input
            type="text"
            maxLength={2_000}
            value={evidence}
            onInput={({ currentTarget }) => setEvidence(currentTarget.value)}
          />
        </label>
      )}
      {chosen.takes_output && (
        <label class="field">
          <span>What the call would have answered, as JSON (if you found it)</span>
          <textarea rows={3} value={output} onInput={({ currentTarget }) => setOutput(currentTarget.value)} />
          {read === undefined && <span class="hint">This is not a JSON object.</span>}
        </label>
      )}
      {missing && <SetUpPasskey onDone={again} />}
      {signed && !missing && <p class="hint">You sign this with your passkey: your device will ask you for it.</p>}
      {problem && <ProblemNote problem={problem} />}
      {changed && (
        <p class="note note-warning" role="alert">
          <strong>Something else is known of this by now than when you opened this question.</strong> Close it, look at
          what is there, and decide anew.
        </p>
      )}
      <DialogButtons does="Decide" kind="approve" onDo={decide} {...{ ready, busy, onClose }} />
    </Dialog>
  )
}

/** Null for nothing, undefined for what is none. */
function readOutput(text: string): JsonObject | null | undefined {
  if (text.trim() === '') return null
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? (value as JsonObject) : undefined
  } catch {
    return undefined
  }
}
