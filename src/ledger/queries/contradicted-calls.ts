import type { AttendedPhase } from '../../domain/attention.js'
import type { Db } from '../pool.js'

export interface ContradictedCall {
  readonly action_id: string
  readonly step: string
  readonly phase: AttendedPhase
}

/** The calls of a tenant that a downstream contradicts, as long as nobody acknowledged it. */
export async function contradictedCalls(db: Db, tenant: string): Promise<ContradictedCall[]> {
  const { rows } = await db.of(tenant).query<ContradictedCall>({
    name: 'contradicted-calls',
    text: `
      select distinct action_id, step, phase from shadow_effects s
      where tenant = $1 and kind = 'contradicts' and phase <> 'observe'
        and not exists (select from shadow_acknowledgements a where a.tenant = s.tenant and a.shadow_id = s.id)
      order by action_id, step, phase limit 100`,
    values: [tenant],
  })
  return rows
}
