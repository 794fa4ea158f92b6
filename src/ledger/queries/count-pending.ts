import type { ActionRef } from '../../domain/activities.js'
import type { Db } from '../pool.js'

/**
 * How many other actions of an agent wait for people, or are about to. Inside a transaction nobody else counts for the
 * same agent before it ends.
 */
export async function countPending(db: Db, ref: ActionRef, agent: string): Promise<number> {
  const queries = db.of(ref.tenant)
  await queries.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [`${ref.tenant}/${agent}`])
  const { rows } = await queries.query<{ count: number }>(
    `select count(*)::int as count from actions a
     where a.tenant = $1 and a.agent = $3 and a.id <> $2 and a.outcome is null
       and (a.stage = 'approval' or a.stage = 'policy' and exists (
         select from decisions d where d.tenant = $1 and d.action_id = a.id and d.stage = 'policy' and d.result = 'require-approval'))`,
    [ref.tenant, ref.action_id, agent],
  )
  return rows[0]?.count ?? 0
}
