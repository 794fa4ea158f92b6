import type { Outcome } from '../../domain/lifecycle.js'
import type { Action } from '../api/views.js'
import { useAnswer } from '../live/use-answer.js'
import { useSession } from '../session.js'
import { Age } from './clock.js'
import { ProblemNote } from './problem-note.js'
import { Theirs } from './theirs.js'

const words: Readonly<Record<Outcome, string>> = {
  succeeded: 'The action succeeded.',
  denied: 'The policy did not let the action go on.',
  rejected: 'The action was rejected.',
  expired: 'The action expired.',
  cancelled: 'The action was cancelled.',
  failed: 'The action failed.',
  compensated: 'The action failed, and what had been done of it was undone.',
  'needs-attention': 'The action ended, and a person has to look at what it came to.',
}

interface EndingProps {
  readonly action: string
  /** Something was begun on the approval. */
  readonly begun: boolean
}

/** What became of an action that people were asked about. */
export function Ending({ action, begun }: EndingProps) {
  const { api } = useSession()
  const path = `/v1/actions/${encodeURIComponent(action)}`
  const { answer, problem } = useAnswer((signal) => api.get<Action>(path, signal), ['actions', 'attention'], path)
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      <div role="status">
        {answer?.outcome && <Told {...answer} outcome={answer.outcome} />}
        {answer?.outcome === null && begun && <p class="standing">The action is under way.</p>}
      </div>
    </>
  )
}

function Told({ outcome, explanation, ended_at }: Action & { readonly outcome: Outcome }) {
  return (
    <div class={`standing ${outcome === 'succeeded' ? 'standing-approved' : 'standing-rejected'}`}>
      <p>
        <strong>{words[outcome]}</strong> {ended_at !== null && <Age at={ended_at} />}
      </p>
      {explanation !== null && explanation !== '' && (
        <p>
          <Theirs text={explanation} />
        </p>
      )}
    </div>
  )
}
