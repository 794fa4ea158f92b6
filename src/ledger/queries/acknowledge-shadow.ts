import type { Db } from '../pool.js'

/** Records that a person knows of a shadow effect; who said so first stands. */
export async function acknowledgeShadow(
  db: Db,
  tenant: string,
  id: string,
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<void> {
  await db.of(tenant).query({
    name: 'acknowledge-shadow',
    text: `insert into shadow_acknowledgements (tenant, shadow_id, acknowledged_by, reason) values ($1, $2, $3, $4) on conflict do nothing`,
    values: [tenant, id, by, reason],
  })
}
