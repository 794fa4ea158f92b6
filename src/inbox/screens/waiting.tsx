import { useMemo, useRef, useState } from 'preact/hooks'
import { byRiskAndAge } from '../../domain/by-risk-and-age.js'
import type { Approval } from '../api/views.js'
import { RejectDialog } from '../decide/reject-dialog.js'
import { ApprovalRow } from '../parts/approval-row.js'
import { Heading } from '../parts/heading.js'
import { ProblemNote } from '../parts/problem-note.js'
import { useKeys } from '../parts/use-keys.js'
import { useWaiting } from '../waiting.js'
import { counted } from '../words.js'
import { matches } from './matches.js'

/** What waits for whoever is signed in: the highest risk first, then what has waited longest. */
export function WaitingScreen() {
  const { answer, problem, again } = useWaiting()
  const [filter, setFilter] = useState('')
  // By id, as the list changes under the eyes of whoever reads it; and where it was, for when it is gone.
  const [place, setPlace] = useState<{ readonly id: string | null; readonly at: number }>({ id: null, at: 0 })
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  // Those that were selected when the question came up, whatever becomes of the list meanwhile.
  const [rejecting, setRejecting] = useState<readonly Approval[]>([])
  const [said, setSaid] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const rows = useMemo(
    () => byRiskAndAge(answer?.items ?? []).filter((approval) => matches(approval, filter)),
    [answer, filter],
  )
  const chosen = rows.filter(({ id }) => selected.has(id))
  const found = rows.findIndex(({ id }) => id === place.id)
  const at = found === -1 ? Math.min(place.at, rows.length - 1) : found
  const present = rows[at]
  const move = (by: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, at + by))
    setPlace({ id: rows[next]?.id ?? null, at: next })
    document.getElementById(`row-${rows[next]?.id}`)?.querySelector('a')?.focus()
  }
  const toggle = ({ id }: Approval) =>
    setSelected((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  useKeys({
    j: () => move(document.activeElement?.closest('.row') ? 1 : 0),
    k: () => move(-1),
    x: () => present && toggle(present),
    r: () => setRejecting(chosen),
    '/': () => field.current?.focus(),
  })
  const rejected = (done: readonly Approval[]) => {
    setRejecting([])
    setSelected(new Set())
    setSaid(`${counted(done.length, 'request')} rejected.`)
    void again()
  }
  return (
    <>
      <Heading title="Waiting for you" />
      {problem && <ProblemNote problem={problem} />}
      {answer === null && !problem && <p class="hint">Looking …</p>}
      {answer && answer.items.length === 0 && !answer.more && (
        <div class="empty">
          <p>Nothing waits for you.</p>
          <p class="hint">What agents ask for, and you may decide, comes up here by itself.</p>
        </div>
      )}
      {answer && answer.items.length > 0 && (
        <div class="toolbar">
          <label class="field filter">
            <span class="unseen">Filter</span>
            <input
              ref={field}
              type="search"
              placeholder="Filter by what, who or risk"
              value={filter}
              onInput={({ currentTarget }) => setFilter(currentTarget.value)}
            />
          </label>
          {chosen.length > 0 && (
            <button type="button" class="reject" onClick={() => setRejecting(chosen)}>
              Reject {chosen.length} …
            </button>
          )}
        </div>
      )}
      <p role="status" class="said-status">
        {said || (filter !== '' && answer ? `${rows.length} of ${answer.items.length} shown` : '')}
      </p>
      <ul class="rows">
        {rows.map((approval, index) => (
          <ApprovalRow
            key={approval.id}
            approval={approval}
            selected={selected.has(approval.id)}
            onSelect={() => toggle(approval)}
            onFocus={() => setPlace({ id: approval.id, at: index })}
          />
        ))}
      </ul>
      {answer?.more && (
        <p class="hint">
          {answer.items.length > 0
            ? 'There is more than fits here. Decide on some of these first.'
            : 'More waits than can be looked through here. On the command line: exq inbox.'}
        </p>
      )}
      {rejecting.length > 0 && (
        <RejectDialog approvals={rejecting} onClose={() => setRejecting([])} onRejected={rejected} />
      )}
    </>
  )
}
