import type { ActionRef } from '../../domain/activities.js'
import type { Db } from '../pool.js'

export interface SealedTrail {
  readonly seq: number
  readonly run_id: string
  readonly history: string
  readonly history_digest: string
  readonly previous: string
  readonly digest: string
  readonly sealed_at: string
}

/** The sealed histories of an action, in order of their place in the chain. */
export async function loadTrail(db: Db, ref: ActionRef): Promise<SealedTrail[]> {
  const { rows } = await db.of(ref.tenant).query<SealedTrail>(
    `select seq, run_id, history, history_digest, previous, digest, to_json(sealed_at)#>>'{}' as sealed_at
     from trails where tenant = $1 and action_id = $2 order by seq`,
    [ref.tenant, ref.action_id],
  )
  return rows
}
