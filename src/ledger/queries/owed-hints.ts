import type { ActionRef } from '../../domain/activities.js'
import type { Db } from '../pool.js'

/** Hints not yet known to be delivered, of actions that have not ended, oldest first. */
export async function owedHints(db: Db, limit = 100): Promise<(ActionRef & { readonly seq: number })[]> {
  const { rows } = await db.query<ActionRef & { readonly seq: number }>({
    name: 'owed-hints',
    text: `
      select o.tenant, o.action_id, o.seq from outbox o join actions a on a.tenant = o.tenant and a.id = o.action_id
      where o.kind = 'hint' and a.outcome is null
        and not exists (select from outbox d where d.tenant = o.tenant and d.kind = 'delivered' and d.of = o.seq)
      order by o.seq limit $1`,
    values: [limit],
  })
  return rows
}
