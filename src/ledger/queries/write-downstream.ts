import { isAtRest, type Standing } from '../../domain/downstream-slot.js'
import type { Db } from '../pool.js'

export interface DownstreamUpdate {
  readonly standing: Standing
  readonly call: string
  readonly undo: boolean
  /** When the call may come again, in milliseconds; null: it waits no longer. */
  readonly slot_at: number | null
  readonly change?: { readonly state: 'open' | 'closed'; readonly reason: string; readonly executor: string } | null
}

/** Writes where a held downstream stands now, who waits for it, and whether its breaker opened or closed. */
export async function writeDownstream(
  db: Db,
  tenant: string,
  downstream: string,
  { standing, call, undo, slot_at, change = null }: DownstreamUpdate,
): Promise<void> {
  await db.of(tenant).query({
    name: 'write-downstream',
    text: `
      with stands as (
        update downstreams set standing = $3, at_rest = $4, changed_at = now() where tenant = $1 and downstream = $2),
      gone as (
        delete from slots where tenant = $1 and downstream = $2
          and ((call = $5 and $7::float8 is null) or (call <> $5 and slot_at < now() - interval '1 hour'))),
      waits as (
        insert into slots (tenant, downstream, call, undo, slot_at)
        select $1, $2, $5, $6, to_timestamp($7::float8 / 1000) where $7::float8 is not null
        on conflict (tenant, downstream, call) do update set slot_at = excluded.slot_at)
      insert into breaker_changes (tenant, downstream, state, reason, executor)
      select $1, $2, $8, $9, $10 where $8::text is not null`,
    values: [
      tenant,
      downstream,
      JSON.stringify(standing),
      isAtRest(standing),
      call,
      undo,
      slot_at,
      change?.state ?? null,
      change?.reason ?? null,
      change?.executor ?? null,
    ],
  })
}
