import type { ActionRef } from '../../domain/activities.js'
import type { Db } from '../pool.js'

/** Hints of a tenant not yet known to be delivered, of actions that have not ended, oldest first. */
export async function owedHints(
  db: Db,
  tenant: string,
  limit = 100,
): Promise<(ActionRef & { readonly seq: number })[]> {
  const { rows } = await db.of(tenant).query<ActionRef & { readonly seq: number }>({
    name: 'owed-hints',
    text: `
      select o.tenant, o.action_id, o.seq from outbox o join actions a on a.tenant = o.tenant and a.id = o.action_id
      where o.tenant = $1 and o.kind = 'hint' and a.outcome is null
        and not exists (select from outbox d where d.tenant = o.tenant and d.kind = 'delivered' and d.of = o.seq)
      order by o.seq limit $2`,
    values: [tenant, limit],
  })
  return rows
}
