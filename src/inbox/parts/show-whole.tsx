import type { Rendering } from '../../domain/rendered.js'
import { readRendering } from '../../domain/rendering.js'
import type { Whole } from '../api/views.js'
import { useSending } from '../decide/use-sending.js'
import { useSession } from '../session.js'
import { ProblemNote } from './problem-note.js'

interface ShowWholeProps {
  readonly id: string
  /** It is shown already. */
  readonly shown: boolean
  readonly onWhole: (whole: Rendering | null) => void
}

/** Fetches what was too long to be shown at a glance. */
export function ShowWhole({ id, shown, onWhole }: ShowWholeProps) {
  const { api } = useSession()
  const { busy, problem, send } = useSending()
  const fetchWhole = async () => {
    const { rendering } = await api.get<Whole>(`/v1/approvals/${encodeURIComponent(id)}/whole`)
    onWhole(readRendering(rendering))
  }
  return (
    <>
      <p role="status">{shown && 'All of it is shown below.'}</p>
      {!shown && (
        <button type="button" disabled={busy} onClick={() => send(fetchWhole)}>
          Show all of it
        </button>
      )}
      {problem && <ProblemNote problem={problem} />}
    </>
  )
}
