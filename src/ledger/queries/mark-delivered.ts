import type { ActionRef } from '../../domain/activities.js'
import type { Db } from '../pool.js'

/** Notes that the hints owed to an action, up to and with `seq`, have reached its workflow. */
export async function markDelivered(db: Db, ref: ActionRef, seq: number): Promise<void> {
  await db.of(ref.tenant).query(
    `insert into outbox (tenant, kind, action_id, of)
     select o.tenant, 'delivered', o.action_id, o.seq from outbox o
     where o.tenant = $1 and o.action_id = $2 and o.kind = 'hint' and o.seq <= $3
       and not exists (select from outbox d where d.tenant = $1 and d.kind = 'delivered' and d.of = o.seq)`,
    [ref.tenant, ref.action_id, seq],
  )
}
