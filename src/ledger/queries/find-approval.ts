import type { Db } from '../pool.js'

/** The action and round an approval id belongs to; null if there is none. */
export async function findApproval(
  db: Db,
  tenant: string,
  approvalId: string,
): Promise<{ action_id: string; round: number } | null> {
  const { rows } = await db
    .of(tenant)
    .query<{ action_id: string; round: number }>(
      'select action_id, round from envelopes where tenant = $1 and id = $2',
      [tenant, approvalId],
    )
  return rows[0] ?? null
}
