import { listWaiting } from '../ledger/queries/list-waiting.js'
import type { ControlPlane } from './control-plane.js'
import { sendHint } from './deliver-hints.js'

// What lies beyond is noticed by its next vote, its reminder, or at the latest at the intent.
const most = 200
const atOnce = 8

/**
 * Tells what waits for people that the policies are others now, so that it is sealed anew before somebody votes on it.
 * Best effort, for after the commit: nothing rests on it.
 */
export async function hintWaiting(
  deps: Pick<ControlPlane, 'pool' | 'workflows'>,
  tenant: string,
  limit = most,
): Promise<void> {
  const waiting = await listWaiting(deps.pool, { tenant, limit }).catch(() => [])
  const left = waiting.values()
  const sender = async () => {
    for (const { id } of left) await sendHint(deps, { tenant, action_id: id })
  }
  await Promise.all(Array.from({ length: atOnce }, sender))
}
