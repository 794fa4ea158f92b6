import type { AttendedCall } from '../../domain/attention.js'
import type { Db } from '../pool.js'

/**
 * The calls of a tenant that may have changed something, of which nothing definite has been heard or seen for so long, and that
 * nobody was asked about: whoever would look cannot. A yes is not definite before somebody has looked.
 */
export async function silentCalls(db: Db, tenant: string, afterMs: number): Promise<AttendedCall[]> {
  const { rows } = await db.of(tenant).query<AttendedCall>({
    name: 'silent-calls',
    text: `
      select t.action_id, t.step, t.phase, t.generation
      from actions a join attempts t on t.tenant = a.tenant and t.action_id = a.id
      where a.tenant = $1 and a.outcome is null and t.phase <> 'observe'
        and exists (select from intents i where (i.tenant, i.action_id, i.step, i.phase, i.generation)
          = (t.tenant, t.action_id, t.step, t.phase, t.generation) and i.writes is not false)
        and not exists (select from intents i where (i.tenant, i.action_id, i.step, i.phase)
          = (t.tenant, t.action_id, t.step, t.phase) and i.generation > t.generation)
        and not exists (select from outcomes o where (o.tenant, o.action_id, o.step, o.phase, o.generation)
          = (t.tenant, t.action_id, t.step, t.phase, t.generation) and o.effect = 'not-committed')
        and not exists (select from verifications v where (v.tenant, v.action_id, v.step, v.phase, v.generation)
          = (t.tenant, t.action_id, t.step, t.phase, t.generation))
        and not exists (select from attentions n where (n.tenant, n.action_id, n.step, n.phase, n.generation)
          = (t.tenant, t.action_id, t.step, t.phase, t.generation))
      group by t.action_id, t.step, t.phase, t.generation
      having max(t.attempted_at) < now() - $2 * interval '1 millisecond'
      order by t.action_id, t.step, t.phase limit 100`,
    values: [tenant, afterMs],
  })
  return rows
}
