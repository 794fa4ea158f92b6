import type { Db } from '../pool.js'

/** Adds that somebody now is, or no longer is, in a group. */
export async function recordMembership(
  db: Db,
  tenant: string,
  membership: { readonly name: string; readonly member: string; readonly state: 'member' | 'removed' },
  by: string,
): Promise<void> {
  await db.of(tenant).query(
    `insert into groups (tenant, name, member, revision, state, recorded_by)
     select $1, $2, $3, coalesce(max(revision), 0) + 1, $4, $5 from groups where tenant = $1 and name = $2 and member = $3`,
    [tenant, membership.name, membership.member, membership.state, by],
  )
}
