import type { Db } from '../pool.js'

/** The last look at the effects of a tool. Times are ISO 8601. */
export interface LastLook {
  readonly tool: string
  readonly looked_at: string
  readonly since: string
  readonly until: string
  /** null while it is under way, or where it was never answered. */
  readonly listed: number | null
  readonly shadows: number | null
  readonly problem: string | null
}

/** The last look at each tool of a tenant. */
export async function lastLooks(db: Db, tenant: string): Promise<LastLook[]> {
  const { rows } = await db.of(tenant).query<LastLook>({
    name: 'last-looks',
    text: `
      select distinct on (l.tool) l.tool, to_json(l.looked_at)#>>'{}' as looked_at, to_json(l.since)#>>'{}' as since,
        to_json(l.until)#>>'{}' as until, r.listed, r.shadows, r.problem
      from effect_looks l left join effect_look_results r using (tenant, tool, look)
      where l.tenant = $1 order by l.tool, l.look desc`,
    values: [tenant],
  })
  return rows
}

export interface Resumption {
  readonly action_id: string
  readonly found: string
  readonly run_id: string
  readonly resumed_at: string
}

/** The actions of a tenant that were taken up, newest first. */
export async function lastResumptions(db: Db, tenant: string, limit: number): Promise<Resumption[]> {
  const { rows } = await db.of(tenant).query<Resumption>({
    name: 'last-resumptions',
    text: `
      select action_id, found, run_id, to_json(resumed_at)#>>'{}' as resumed_at from resumptions
      where tenant = $1 order by resumed_at desc, action_id limit $2`,
    values: [tenant, limit],
  })
  return rows
}
