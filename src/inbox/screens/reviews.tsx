import { useState } from 'preact/hooks'
import { listAll } from '../api/api.js'
import type { Changes } from '../api/views.js'
import { AskReasonDialog } from '../decide/ask-reason-dialog.js'
import { useSending } from '../decide/use-sending.js'
import { useAnswer } from '../live/use-answer.js'
import { effectWords } from '../parts/attention-words.js'
import { Age } from '../parts/clock.js'
import { Facts } from '../parts/facts.js'
import { Heading } from '../parts/heading.js'
import { Name } from '../parts/name.js'
import { ProblemNote } from '../parts/problem-note.js'
import { Theirs } from '../parts/theirs.js'
import { useSession } from '../session.js'

/** What ran without people, to be looked over afterwards. */
export function ReviewsScreen() {
  const { api } = useSession()
  const { answer, problem, again } = useAnswer(
    (signal) => listAll<Changes>(api, '/v1/reviews', signal),
    ['reviews', 'actions'],
    'reviews',
  )
  return (
    <>
      <Heading title="To look over" />
      <p class="hint">This ran without anybody being asked, as the policy allows. Somebody looks at it afterwards.</p>
      {problem && <ProblemNote problem={problem} />}
      {answer?.items.length === 0 && <p class="empty">There is nothing to look over.</p>}
      <ul class="rows">
        {answer?.items.map((changes) => (
          <Review key={changes.action_id} changes={changes} again={again} />
        ))}
      </ul>
    </>
  )
}

function Review({ changes, again }: { readonly changes: Changes; readonly again: () => Promise<void> }) {
  const { api } = useSession()
  const { busy, problem, send } = useSending()
  const [objecting, setObjecting] = useState(false)
  const say = async (body: object) => {
    await api.post(`/v1/actions/${encodeURIComponent(changes.action_id)}/reviews`, body)
    await again()
  }
  return (
    <li class="row review">
      <div>
        {changes.changes.map(({ step, title, tool, resource, args, effect, undone }) => (
          <div key={step}>
            <p class="row-headline">
              {title}: <Theirs text={resource} />
            </p>
            <p class="facts">
              <span class="code">{tool}</span>
              <span>{undone ? 'undone again' : effect === null ? 'not known' : effectWords[effect]}</span>
            </p>
            <details>
              <summary>Arguments</summary>
              <Facts facts={args} />
            </details>
          </div>
        ))}
        <p class="facts">
          <span>
            by <Name of={changes.agent} />
            {changes.on_behalf_of && (
              <>
                {' '}
                for <Name of={changes.on_behalf_of} />
              </>
            )}
          </span>
          {changes.ended_at && <Age at={changes.ended_at} />}
        </p>
        {problem && <ProblemNote problem={problem} />}
        <div class="actions">
          <button type="button" disabled={busy} onClick={() => send(() => say({ verdict: 'looked-at' }))}>
            Looked at it
          </button>
          <button type="button" class="reject" onClick={() => setObjecting(true)}>
            Object …
          </button>
        </div>
        {objecting && (
          <AskReasonDialog
            title="Object to this?"
            does="Object"
            onClose={() => setObjecting(false)}
            act={async (reason) => {
              await say({ verdict: 'objected', reason })
              setObjecting(false)
            }}
            about={<p>The objection stays, whoever looks afterwards. What was done is not undone by it.</p>}
          />
        )}
      </div>
    </li>
  )
}
