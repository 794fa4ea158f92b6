import type { Db } from '../pool.js'

/** Puts the first policy set of a tenant in force; nothing happens if it has one. */
export async function publishFirstPolicySet(
  db: Db,
  tenant: string,
  set: {
    readonly digest: string
    readonly policies: Readonly<Record<string, string>>
    readonly author: string
    readonly authors: Readonly<Record<string, string>>
  },
): Promise<void> {
  await db.of(tenant).query(
    `insert into policy_sets (tenant, revision, digest, policies, author, authors)
     select $1, 1, $2, $3, $4, $5 where not exists (select from policy_sets where tenant = $1)
     on conflict do nothing`,
    [tenant, set.digest, JSON.stringify(set.policies), set.author, JSON.stringify(set.authors)],
  )
}

/**
 * Puts a recorded change in force if the set it changes still is, nobody objects, and enough people agree. The database
 * refuses any other way from one set to the next.
 */
export async function publishPolicyChange(db: Db, tenant: string, changeId: string): Promise<boolean> {
  const { rowCount } = await db.of(tenant).query(
    `insert into policy_sets (tenant, revision, digest, policies, author, authors, change_id, agreed_by)
     select tenant, base_revision + 1, digest, policies, author, authors, change_id, agreed
     from policy_changes c, lateral agreed_to(tenant, change_id) as agreed
     where tenant = $1 and change_id = $2 and cardinality(agreed) >= people
       and base_revision = (select max(revision) from policy_sets p where p.tenant = $1)
       and not exists (select from policy_agreements a
         where a.tenant = c.tenant and a.change_id = c.change_id and a.vote = 'object')
     on conflict do nothing`,
    [tenant, changeId],
  )
  return rowCount === 1
}
