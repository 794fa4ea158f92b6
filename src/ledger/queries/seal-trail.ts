import { digest } from '../../digest.js'
import type { Db } from '../pool.js'

export interface ExportedHistory {
  readonly tenant: string
  readonly action_id: string
  readonly run_id: string
  readonly history: string
  readonly history_digest: string
}

export const firstLink = 'sha256:0'

/** Appends a history to the tenant's chain. False if another process appended first: try again. */
export async function sealTrail(db: Db, exported: ExportedHistory): Promise<boolean> {
  const { rows } = await db
    .of(exported.tenant)
    .query<{ seq: number; digest: string }>(
      'select seq, digest from trails where tenant = $1 order by seq desc limit 1',
      [exported.tenant],
    )
  const seq = (rows[0]?.seq ?? 0) + 1
  const previous = rows[0]?.digest ?? firstLink
  const { tenant, action_id, run_id, history, history_digest } = exported
  const { rowCount } = await db.of(exported.tenant).query(
    `with sealed as (
       insert into trails (tenant, seq, action_id, run_id, history, history_digest, previous, digest)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning 1),
     counted as (update actions set sealed_runs = sealed_runs + 1 where tenant = $1 and id = $3 and exists (select from sealed))
     select from sealed`,
    [
      tenant,
      seq,
      action_id,
      run_id,
      history,
      history_digest,
      previous,
      digest({ seq, tenant, action_id, run_id, history_digest, previous }),
    ],
  )
  return rowCount === 1
}
