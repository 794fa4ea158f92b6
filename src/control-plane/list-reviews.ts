import { mayReview } from '../evidence/reviewers.js'
import { listReviews as query } from '../ledger/queries/list-reviews.js'
import { admittedFor } from './admitted-for.js'
import { type ChangesView, viewChanges } from './changes-view.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { cursorAfter, type Page, parseCursor } from './cursor.js'
import { requirePerson } from './require-person.js'

/**
 * What ran without people and is for the caller to look over, oldest first; or what somebody objected to. Throws
 * `EXQ-2002` for anybody but a person.
 */
export async function listReviews(
  plane: ControlPlane,
  caller: Caller,
  listing: { readonly objected: boolean; readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<ChangesView>> {
  requirePerson(caller, 'look over what was done')
  const after = parseCursor(listing.cursor)
  const rows = await query(plane.pool, {
    tenant: caller.tenant,
    standing: listing.objected ? 'objected' : 'due',
    limit: listing.limit + 1,
    after: after && { ended_at: after.admitted_at, id: after.id },
  })
  const page = rows.slice(0, listing.limit)
  const last = page.at(-1)
  return {
    items: page
      .map((record) => admittedFor(plane, caller, record))
      .filter((admitted) => mayReview(plane, admitted, caller.principal.principal))
      .map(viewChanges),
    next: rows.length > listing.limit && last ? cursorAfter({ admitted_at: last.ended_at ?? '', id: last.id }) : null,
  }
}
