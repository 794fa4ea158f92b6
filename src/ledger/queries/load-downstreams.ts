import type { Standing } from '../../domain/downstream-slot.js'
import type { Db } from '../pool.js'

export interface DownstreamRow {
  readonly downstream: string
  readonly standing: Standing
  readonly now_ms: number
  /** Calls that wait for their slot. */
  readonly waiting: number
  /** When the breaker last opened or closed, ISO 8601; null if it never did. */
  readonly changed_at: string | null
}

/** The downstreams of a tenant that were ever limited. */
export async function loadDownstreams(db: Db, tenant: string): Promise<DownstreamRow[]> {
  const { rows } = await db.of(tenant).query<DownstreamRow>({
    name: 'load-downstreams',
    text: `
      select d.downstream, d.standing, (extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms,
        (select count(*)::int from slots s where s.tenant = d.tenant and s.downstream = d.downstream
          and s.slot_at > now() - interval '15 seconds') as waiting,
        (select to_json(max(c.changed_at))#>>'{}' from breaker_changes c
         where c.tenant = d.tenant and c.downstream = d.downstream) as changed_at
      from downstreams d where d.tenant = $1`,
    values: [tenant],
  })
  return rows
}
