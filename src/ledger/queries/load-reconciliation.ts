import type { Db } from '../pool.js'

/** The last comparison of a tenant. Times are ISO 8601. */
export interface ReconciliationRow {
  readonly run_id: string
  readonly began_at: string
  readonly looked_at: string
  readonly ended_at: string | null
  readonly age_ms: number
  readonly looked: number
  readonly resumed: number
  readonly started: number
}

/** null if there was none yet. */
export async function loadReconciliation(db: Db, tenant: string): Promise<ReconciliationRow | null> {
  const { rows } = await db.of(tenant).query<ReconciliationRow>({
    name: 'load-reconciliation',
    text: `
      select run_id, to_json(began_at)#>>'{}' as began_at, to_json(looked_at)#>>'{}' as looked_at,
        to_json(ended_at)#>>'{}' as ended_at, looked, resumed, started,
        floor(extract(epoch from now() - looked_at) * 1000)::bigint as age_ms
      from reconciliations where tenant = $1`,
    values: [tenant],
  })
  return rows[0] ?? null
}
