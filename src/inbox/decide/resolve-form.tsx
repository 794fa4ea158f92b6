import { useState } from 'preact/hooks'
import type { Choice } from '../../domain/attention.js'
import type { Attention } from '../api/views.js'
import { choiceWords } from '../parts/attention-words.js'
import { Names } from '../parts/name.js'
import { useSession } from '../session.js'
import { resolveAttention } from '../sign/resolve-attention.js'
import { ResolveDialog, type ResolveDialogProps } from './resolve-dialog.js'

type Asked = Pick<ResolveDialogProps, 'attention' | 'chosen'>

interface ResolveFormProps {
  readonly attention: Attention
  readonly again: () => Promise<void>
}

/** The choices, each with what it leads to. The question before it decides is in a dialog. */
export function ResolveForm({ attention, again }: ResolveFormProps) {
  const { api, me } = useSession()
  const [choice, setChoice] = useState<Choice | null>(null)
  // What was shown when the question came up, whatever is found out meanwhile: it is what the decision is about.
  const [question, setQuestion] = useState<Asked | null>(null)
  const chosen = offeredIn(attention, choice)
  if (!attention.your_resolution.may)
    return (
      <p class="standing standing-watching">
        You can read this, but it is not for you to decide.{' '}
        {attention.deciders.length > 0 ? (
          <>
            Ask <Names of={attention.deciders} last="or" />.
          </>
        ) : (
          'Nobody may, as things stand.'
        )}
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
      <button
        type="button"
        class="approve"
        disabled={!chosen}
        onClick={() => chosen && setQuestion({ attention, chosen })}
      >
        Decide …
      </button>
      {question && (
        <ResolveDialog
          {...question}
          changed={isOther(question, attention)}
          onClose={() => setQuestion(null)}
          act={async (said) => {
            await resolveAttention(api, me, question.attention, { choice: question.chosen.choice, ...said })
            setQuestion(null)
            await again()
          }}
        />
      )}
    </section>
  )
}

function offeredIn({ choices }: Attention, wanted: Choice | null): Attention['choices'][number] | undefined {
  return choices.find(({ choice }) => choice === wanted)
}

/** Is something else known by now, or would the same choice lead to something else? */
function isOther({ attention, chosen }: Asked, now: Attention): boolean {
  return now.state_digest !== attention.state_digest || offeredIn(now, chosen.choice)?.does !== chosen.does
}
