import type { Db } from '../pool.js'

/** How many attentions of a tenant were not noted as closed, and how old the oldest is, in seconds. */
export async function countAttentions(
  db: Db,
  tenant: string,
): Promise<{ readonly open: number; readonly oldest_seconds: number | null }> {
  const { rows } = await db.of(tenant).query<{ open: number; oldest_seconds: number | null }>(
    `select count(*)::int as open, floor(extract(epoch from now() - min(t.opened_at)))::int as oldest_seconds
     from attentions t
     where t.tenant = $1
       and not exists (select from notices n where n.tenant = t.tenant and n.about = t.id and n.kind = 'closed')`,
    [tenant],
  )
  return rows[0] ?? { open: 0, oldest_seconds: null }
}
