import { listDecided } from '../ledger/queries/list-decided.js'
import { admittedFor } from './admitted-for.js'
import { type ApprovalView, viewApproval } from './approval-view.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { cursorAfter, type Page, parseCursor } from './cursor.js'
import { requirePerson } from './require-person.js'

/** The approval requests that the caller has voted on, newest vote first. Throws `EXQ-2002` for anybody but a person. */
export async function listDecisions(
  plane: ControlPlane,
  caller: Caller,
  listing: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<ApprovalView>> {
  requirePerson(caller, 'decide')
  const person = caller.principal.principal
  const after = parseCursor(listing.cursor)
  const rows = await listDecided(plane.pool, {
    tenant: caller.tenant,
    approver: person,
    limit: listing.limit + 1,
    after: after && { decided_at: after.admitted_at, approval_id: after.id },
  })
  const page = rows.slice(0, listing.limit)
  const last = page.at(-1)
  const more = rows.length > listing.limit && last
  return {
    items: page.flatMap(({ approval_id, record }) => {
      const row = record.envelopes.find(({ id }) => id === approval_id)
      return row ? [viewApproval(plane, admittedFor(plane, caller, record), row, person)] : []
    }),
    next: more ? cursorAfter({ admitted_at: last.decided_at, id: last.approval_id }) : null,
  }
}
