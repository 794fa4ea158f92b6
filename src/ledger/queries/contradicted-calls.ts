import type { AttendedCall } from '../../domain/attention.js'
import type { Db } from '../pool.js'

/**
 * The calls of a tenant that a downstream contradicts: by what it lists, as long as nobody acknowledged it; or by an answer
 * that came late, of a call that was found, or said, not to have happened. First those that nobody was asked about yet.
 */
export async function contradictedCalls(db: Db, tenant: string): Promise<AttendedCall[]> {
  const { rows } = await db.of(tenant).query<AttendedCall>({
    name: 'contradicted-calls',
    text: `
      with contradicted as (
        select distinct action_id, step, phase, generation from shadow_effects s
        where tenant = $1 and kind = 'contradicts' and phase <> 'observe'
          and not exists (select from shadow_acknowledgements a where a.tenant = s.tenant and a.shadow_id = s.id)
        union
        select action_id, step, phase, generation from late_results l
        where tenant = $1 and effect = 'committed' and phase <> 'observe'
          and not exists (select from attentions t where (t.tenant, t.action_id, t.step, t.phase, t.generation)
            = (l.tenant, l.action_id, l.step, l.phase, l.generation) and t.reason = 'late')
          and (exists (select from verifications v where (v.tenant, v.action_id, v.step, v.phase, v.generation)
              = (l.tenant, l.action_id, l.step, l.phase, l.generation) and v.found = 'not-committed')
            or exists (select from resolutions r where (r.tenant, r.action_id, r.step, r.phase, r.generation)
              = (l.tenant, l.action_id, l.step, l.phase, l.generation) and r.choice in ('did-not-happen', 'attempt-again')))
      )
      select action_id, step, phase, generation from contradicted c
      order by exists (select from attentions t where t.tenant = $1 and (t.action_id, t.step, t.phase, t.generation)
          = (c.action_id, c.step, c.phase, c.generation) and t.reason = 'late'),
        action_id, step, phase, generation limit 100`,
    values: [tenant],
  })
  return rows
}
