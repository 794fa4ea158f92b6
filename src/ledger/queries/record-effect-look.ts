import type { EffectsRef } from '../../domain/reconciler.js'
import type { Db } from '../pool.js'

/** A look that the ledger lets be made. */
export interface EffectLook extends EffectsRef {
  readonly look: number
  /** ISO 8601: the effects of this span of time are asked for. */
  readonly since: string
  readonly until: string
}

/**
 * Writes a look at a tool's effects before it is made: only while authority is what it was checked under, and none was
 * made less than `leastMs` ago. The span begins where the last one that succeeded ended, less `overlapMs`; the first one
 * when the tool was published. Null: there is nothing to be looked at now.
 */
export async function recordEffectLook(
  db: Db,
  { tenant, tool }: EffectsRef,
  under: {
    readonly authority_revision: number
    readonly contract_digest: string
    readonly executor: string
    readonly workflow_id: string | null
    readonly run_id: string | null
  },
  { leastMs, overlapMs }: { readonly leastMs: number; readonly overlapMs: number },
): Promise<EffectLook | null> {
  const { rows } = await db.of(tenant).query<EffectLook>({
    name: 'record-effect-look',
    text: `
      with held as materialized (select hold_authority($1, $2) as ok),
      last as (select coalesce(max(look), 0) as look, max(looked_at) as looked_at from effect_looks where tenant = $1 and tool = $3),
      done as (
        select max(until) as until from effect_looks l join effect_look_results r using (tenant, tool, look)
        where l.tenant = $1 and l.tool = $3 and r.problem is null)
      insert into effect_looks (tenant, tool, look, contract_digest, executor, since, until, workflow_id, run_id)
      select $1, $3, last.look + 1, $4, $5,
        coalesce(done.until - $6 * interval '1 millisecond',
          (select min(published_at) from contracts where tenant = $1 and tool = $3), now()),
        now(), $8, $9
      from held, last, done
      where held.ok and (last.looked_at is null or last.looked_at <= now() - $7 * interval '1 millisecond')
      on conflict do nothing
      returning tenant, tool, look, to_json(since)#>>'{}' as since, to_json(until)#>>'{}' as until`,
    values: [
      tenant,
      under.authority_revision,
      tool,
      under.contract_digest,
      under.executor,
      overlapMs,
      leastMs,
      under.workflow_id,
      under.run_id,
    ],
  })
  return rows[0] ?? null
}
