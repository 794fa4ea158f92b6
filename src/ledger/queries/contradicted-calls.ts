import type { AttendedCall } from '../../domain/attention.js'
import type { Db } from '../pool.js'

const unasked = (
  table: string,
) => `not exists (select from attentions t where (t.tenant, t.action_id, t.step, t.phase, t.generation)
            = (${table}.tenant, ${table}.action_id, ${table}.step, ${table}.phase, ${table}.generation) and t.reason = 'late')`

/**
 * The calls of a tenant that a downstream contradicts: by what it lists, as long as nobody acknowledged it; or by an answer
 * that came late, of a call that was found, or said, not to have happened; or by a look at one in whose place people ordered
 * another, which was begun. First those that nobody was asked about yet.
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
        select v.action_id, v.step, v.phase, v.generation from resolutions r
          join verifications v using (tenant, action_id, step, phase, generation)
          join intents n on (n.tenant, n.action_id, n.step, n.phase, n.generation)
            = (r.tenant, r.action_id, r.step, r.phase, r.generation + 1)
        where r.tenant = $1 and r.choice = 'attempt-again' and ${unasked('v')}
          and (v.found = 'committed' or v.found = 'diverged' and v.verified_at > n.intended_at)
        union
        select action_id, step, phase, generation from late_results l
        where tenant = $1 and effect = 'committed' and phase <> 'observe' and ${unasked('l')}
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
