import { canonical } from '../digest.js'
import { ExequaturError } from '../domain/errors.js'
import { describeWhole } from '../domain/rendering.js'
import type { Admitted } from '../evidence/admitted.js'
import { envelopeIn } from '../evidence/sealed-envelope.js'
import { touchedBudgets } from '../evidence/touched-budgets.js'
import { isEntitled } from '../evidence/votes.js'
import type { EnvelopeRow } from '../ledger/action-record.js'
import { findApproval } from '../ledger/queries/find-approval.js'
import { listWaiting } from '../ledger/queries/list-waiting.js'
import { loadAction } from '../ledger/queries/load-action.js'
import { admittedFor } from './admitted-for.js'
import { type ApprovalView, viewApproval } from './approval-view.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { cursorAfter, type Page, parseCursor } from './cursor.js'
import { requirePerson } from './require-person.js'

/** What waits for the caller's decision, oldest first. Throws `EXQ-2002` for anybody but a person. */
export async function listApprovals(
  plane: ControlPlane,
  caller: Caller,
  listing: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<ApprovalView>> {
  requirePerson(caller, 'decide')
  const rows = await listWaiting(plane.pool, {
    tenant: caller.tenant,
    limit: listing.limit + 1,
    after: parseCursor(listing.cursor),
  })
  const page = rows.slice(0, listing.limit)
  const items = page.flatMap((record) => {
    const row = record.envelopes.at(-1)
    const admitted = admittedFor(plane, caller, record)
    const person = caller.principal.principal
    if (!row || !isEntitled(plane, admitted, person, row)) return []
    const view = viewApproval(plane, admitted, row, person)
    // Whoever's vote counts no longer has decided nothing.
    const decided = view.votes.some(({ approver, counts }) => approver === person && counts)
    return view.state === 'waiting' && !decided ? [view] : []
  })
  const last = page.at(-1)
  return { items, next: rows.length > listing.limit && last ? cursorAfter(last) : null }
}

/** One approval request of the caller's tenant. Throws `EXQ-4001`, for an agent `EXQ-2002`. */
export async function getApproval(plane: ControlPlane, caller: Caller, approvalId: string): Promise<ApprovalView> {
  const { admitted, row } = await findOpenOrClosed(plane, caller, approvalId)
  const view = viewApproval(plane, admitted, row, caller.principal.principal)
  return view.state === 'waiting' ? { ...view, budgets: await touchedBudgets(plane, admitted, row.round) } : view
}

/** What an approval request describes, with nothing left out. */
export interface WholeView {
  readonly id: string
  readonly envelope_digest: string
  /** As the sealed one, of the same envelope: `readRendering` reads it. A vote does not name it. */
  readonly rendering: string
}

/** All that an approval request describes, however long. Throws as `getApproval`. */
export async function getWhole(plane: ControlPlane, caller: Caller, approvalId: string): Promise<WholeView> {
  const { row } = await findOpenOrClosed(plane, caller, approvalId)
  const rendering = canonical(describeWhole(envelopeIn(row)))
  return { id: row.id, envelope_digest: row.digest, rendering }
}

export async function findOpenOrClosed(
  plane: ControlPlane,
  caller: Caller,
  approvalId: string,
): Promise<{ readonly admitted: Admitted; readonly row: EnvelopeRow }> {
  requirePerson(caller, 'decide')
  const found = await findApproval(plane.pool, caller.tenant, approvalId)
  const record = found && (await loadAction(plane.pool, { tenant: caller.tenant, action_id: found.action_id }))
  const row = record?.envelopes.find(({ id }) => id === approvalId)
  if (!record || !row) throw new ExequaturError('EXQ-4001', `${approvalId} is not an approval request of your tenant`)
  return { admitted: admittedFor(plane, caller, record), row }
}
