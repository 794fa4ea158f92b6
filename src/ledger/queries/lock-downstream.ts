import { atRest, type Standing } from '../../domain/downstream-slot.js'
import type { Db } from '../pool.js'

/** Where a downstream stands, as long as the transaction holds it. Times in milliseconds, by the ledger's clock. */
export interface HeldDownstream {
  readonly standing: Standing
  readonly now_ms: number
  /** The moment that was promised to the call; null if it comes for the first time. */
  readonly slot_at: number | null
  /** Another call waits, which undoes. */
  readonly undo_waits: boolean
}

/** Takes a downstream of a tenant until the end of the transaction; one that was never limited is at rest. */
export async function lockDownstream(
  db: Db,
  tenant: string,
  downstream: string,
  call: string,
): Promise<HeldDownstream> {
  const held = await lock(db, tenant, downstream, call)
  if (held) return held
  await db.of(tenant).query({
    name: 'add-downstream',
    text: `insert into downstreams (tenant, downstream, standing, at_rest) values ($1, $2, $3, true) on conflict do nothing`,
    values: [tenant, downstream, JSON.stringify(atRest)],
  })
  return (await lock(db, tenant, downstream, call)) as HeldDownstream
}

/** The clock is read once the row is held. Who did not come back for a while does not wait any more. */
async function lock(db: Db, tenant: string, downstream: string, call: string): Promise<HeldDownstream | undefined> {
  const { rows } = await db.of(tenant).query<HeldDownstream>({
    name: 'lock-downstream',
    text: `
      with held as materialized (
        select standing from downstreams where tenant = $1 and downstream = $2 for update)
      select standing, (extract(epoch from clock_timestamp()) * 1000)::float8 as now_ms,
        (select (extract(epoch from slot_at) * 1000)::float8 from slots
         where tenant = $1 and downstream = $2 and call = $3) as slot_at,
        exists (select from slots where tenant = $1 and downstream = $2 and call <> $3 and undo
          and slot_at > now() - interval '15 seconds') as undo_waits
      from held`,
    values: [tenant, downstream, call],
  })
  return rows[0]
}
