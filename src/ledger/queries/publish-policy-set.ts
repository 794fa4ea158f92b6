import type { Db } from '../pool.js'

/** Puts a policy set in force in a tenant; nothing happens if it already is. */
export async function publishPolicySet(
  db: Db,
  tenant: string,
  set: { readonly digest: string; readonly policies: Readonly<Record<string, string>>; readonly author: string },
): Promise<void> {
  const { rowCount } = await db.of(tenant).query(
    `insert into policy_sets (tenant, revision, digest, policies, author)
     select $1, coalesce(max(revision), 0) + 1, $2, $3, $4 from policy_sets where tenant = $1
     having (select digest from policy_sets where tenant = $1 order by revision desc limit 1) is distinct from $2
     on conflict do nothing`,
    [tenant, set.digest, JSON.stringify(set.policies), set.author],
  )
  if (rowCount === 1) return
  const { rows } = await db
    .of(tenant)
    .query<{ digest: string }>('select digest from policy_sets where tenant = $1 order by revision desc limit 1', [
      tenant,
    ])
  // Another set took the revision at the same moment: this one comes after it.
  if (rows[0]?.digest !== set.digest) await publishPolicySet(db, tenant, set)
}
