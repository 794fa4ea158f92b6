import type { ActionRef } from '../domain/activities.js'
import { lastHint } from '../ledger/queries/last-hint.js'
import { markDelivered } from '../ledger/queries/mark-delivered.js'
import { owedHints } from '../ledger/queries/owed-hints.js'
import { tenantsWithOpenActions } from '../ledger/queries/tenants-with-actions.js'
import type { ControlPlane } from './control-plane.js'
import { resume } from './resume-starts.js'

type HintDeps = Pick<ControlPlane, 'pool' | 'workflows'>

/** Tells a workflow to look again now, or takes it up where it is gone. What cannot be delivered stays owed. */
export async function sendHint(deps: HintDeps, ref: ActionRef): Promise<void> {
  try {
    // Read first: a hint that comes to be owed while we signal is not delivered by this signal.
    const seq = await lastHint(deps.pool, ref)
    const answer = await deps.workflows.hint(ref)
    // Flooded by others. A new run begins with a look at the ledger, so it needs no hint.
    if (answer === 'full') await deps.workflows.giveUp(ref, 'takes no more signals: goes on in a new run')
    if (answer !== 'heard') await resume(deps, ref)
    if (seq !== null) await markDelivered(deps.pool, ref, seq)
  } catch {
    // Owed in the outbox; delivered by the next round.
  }
}

/** Delivers every hint still owed, tenant by tenant; resolves to how many actions got one. */
export async function deliverHints(deps: HintDeps): Promise<number> {
  let hinted = 0
  for (const tenant of await tenantsWithOpenActions(deps.pool)) {
    const refs = new Map((await owedHints(deps.pool, tenant)).map((ref) => [ref.action_id, ref]))
    for (const ref of refs.values()) await sendHint(deps, ref)
    hinted += refs.size
  }
  return hinted
}
