import type { Outcome, Stage } from '../domain/lifecycle.js'
import { listActions as query } from '../ledger/queries/list-actions.js'
import { type ActionView, viewAction } from './action-view.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { cursorAfter, type Page, parseCursor } from './cursor.js'

export interface ActionListing {
  readonly agent?: string | undefined
  readonly tool?: string | undefined
  readonly stage?: Stage | undefined
  readonly outcome?: Outcome | undefined
  readonly request_id?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

/** Actions of the caller's tenant, newest first; an agent sees its own. */
export async function listActions(
  plane: ControlPlane,
  caller: Caller,
  listing: ActionListing,
): Promise<Page<ActionView>> {
  const { cursor, limit, ...filter } = listing
  const agent = caller.principal.kind === 'agent' ? caller.principal.principal : filter.agent
  const rows = await query(plane.pool, {
    ...filter,
    agent,
    tenant: caller.tenant,
    after: parseCursor(cursor),
    limit: limit + 1,
  })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    items: page.map((row) => viewAction(plane, row, caller.authority)),
    next: rows.length > limit && last ? cursorAfter(last) : null,
  }
}
