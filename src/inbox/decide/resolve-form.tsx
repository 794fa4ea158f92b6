import { useState } from 'preact/hooks'
import type { Choice } from '../../domain/attention.js'
import type { Attention } from '../api/views.js'
import { choiceWords } from '../parts/attention-words.js'
import { useSession } from '../session.js'
import { resolveAttention } from '../sign/resolve-attention.js'
import { ResolveDialog } from './resolve-dialog.js'

interface ResolveFormProps {
  readonly attention: Attention
  readonly again: () => Promise<void>
}

/** The choices, each with what it leads to. The question before it decides is in a dialog. */
export function ResolveForm({ attention, again }: ResolveFormProps) {
  const { api, me } = useSession()
  const [choice, setChoice] = useState<Choice | null>(null)
  const [question, setQuestion] = useState(false)
  const chosen = attention.choices.find((each) => each.choice === choice)
  if (!attention.your_resolution.may)
    return (
      <p class="standing standing-watching">
        You can read this, but it is not for you to decide: ask somebody of {attention.groups.join(' or ')}.
      </p>
    )
  return (
    <section aria-labelledby="decide">
      <h2 id="decide">Decide</h2>
      <fieldset class="choices">
        <legend class="unseen">What happened, or what is to be done</legend>
        {attention.choices.map(({ choice: each, does }) => (
          <label class="tick" key={each}>
            <input type="radio" name="choice" checked={choice === each} onChange={() => setChoice(each)} />
            <span>
              <strong>{choiceWords[each]}</strong>
              <br />
              {does}
            </span>
          </label>
        ))}
      </fieldset>
      <button type="button" class="approve" disabled={!chosen} onClick={() => setQuestion(true)}>
        Decide …
      </button>
      {question && chosen && (
        <ResolveDialog
          attention={attention}
          chosen={chosen}
          onClose={() => setQuestion(false)}
          act={async (said) => {
            await resolveAttention(api, me, attention, { choice: chosen.choice, ...said })
            setQuestion(false)
            await again()
          }}
        />
      )}
    </section>
  )
}
