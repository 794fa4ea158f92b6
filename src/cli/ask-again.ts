import type { ApprovalView } from '../control-plane/approval-view.js'
import type { VoteKind } from '../domain/approval.js'
import { ExequaturError } from '../domain/errors.js'
import { ask, confirm } from './confirm.js'
import { inert } from './inert.js'
import type { Session } from './session.js'
import { isInteractive } from './terminal.js'
import { amountAndTarget } from './what-is-asked.js'

/**
 * Does whoever sits there mean it? What is critical is approved by typing its target. Nobody is asked with `--yes`, or
 * where nobody sits; throws `EXQ-7008` for approvals that are too risky for that.
 */
export async function askAgain(
  { output, terminal }: Session,
  kind: VoteKind,
  shown: readonly ApprovalView[],
  yes: boolean,
): Promise<boolean> {
  const waiting = shown.filter(({ state }) => state === 'waiting')
  const [first] = waiting
  // What waits for nobody any more is for the server to refuse, with its reason.
  if (!first) return true
  const unasked = yes || output.json || !isInteractive(terminal)
  if (kind === 'approve') {
    if (unasked && !first.approve_by.unasked)
      throw new ExequaturError('EXQ-7008', `${first.id} is of ${first.risk} risk`)
    if (unasked) return true
    if (first.risk === 'critical') {
      const target = inert(first.target)
      return (await ask(`Approve ${amountAndTarget(first)}? It is critical: type ${target}`)) === first.target
    }
    return confirm(`Approve ${amountAndTarget(first)}?`)
  }
  if (unasked) return true
  if (kind === 'withdraw') return confirm(`Take your approval of ${amountAndTarget(first)} back?`)
  return confirm(waiting.length === 1 ? `Reject ${amountAndTarget(first)}?` : `Reject these ${waiting.length}?`)
}
