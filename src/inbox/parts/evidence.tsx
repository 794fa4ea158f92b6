import { useState } from 'preact/hooks'
import type { Rendering } from '../../domain/rendered.js'
import type { Approval, Trail } from '../api/views.js'
import { useAnswer } from '../live/use-answer.js'
import { useSession } from '../session.js'
import { ProblemNote } from './problem-note.js'
import { TrailList } from './trail.js'

/** For whoever wants to check: the trail so far, the digests, the history in Temporal. */
export function Evidence({
  approval,
  rendering,
}: {
  readonly approval: Approval
  readonly rendering: Rendering | null
}) {
  const [open, setOpen] = useState(false)
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">Evidence</h2>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>The trail so far</summary>
        {open && <TrailSoFar action={approval.action_id} />}
      </details>
      <details>
        <summary>Digests</summary>
        <dl class="pairs">
          <dt>Approval request</dt>
          <dd class="code">{approval.id}</dd>
          <dt>Action</dt>
          <dd class="code">{approval.action_id}</dd>
          <dt>Envelope</dt>
          <dd class="code">{approval.envelope_digest}</dd>
          <dt>Description</dt>
          <dd class="code">{approval.rendering_digest}</dd>
          {rendering && (
            <>
              <dt>Policies</dt>
              <dd class="code">{rendering.policy.digest}</dd>
            </>
          )}
        </dl>
      </details>
      {approval.links.workflow && /^https?:\/\//.test(approval.links.workflow) && (
        <p>
          <a href={approval.links.workflow} target="_blank" rel="noreferrer noopener">
            History in the Temporal UI
          </a>
        </p>
      )}
    </section>
  )
}

function TrailSoFar({ action }: { readonly action: string }) {
  const { api } = useSession()
  const path = `/v1/actions/${encodeURIComponent(action)}/trail`
  const { answer, problem } = useAnswer((signal) => api.get<Trail>(path, signal), ['actions', 'approvals'], path)
  if (problem) return <ProblemNote problem={problem} />
  return answer ? <TrailList entries={answer.entries} /> : <p class="hint">Looking …</p>
}
