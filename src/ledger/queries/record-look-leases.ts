import type { Db } from '../pool.js'
import type { EffectLook } from './record-effect-look.js'
import type { LeaseFact } from './record-leases.js'

/** Records leases of one look at effects, or how they ended. */
export async function recordLookLeases(
  db: Db,
  { tenant, tool, look }: EffectLook,
  leases: readonly LeaseFact[],
): Promise<void> {
  await db.of(tenant).query({
    name: 'record-look-leases',
    text: `
      insert into look_leases (tenant, tool, look, name, lease_id, state, source, expires_at)
      select $1, $2, $3, name, lease_id, state, source, expires_at from jsonb_to_recordset($4)
        as given (name text, lease_id text, state text, source text, expires_at timestamptz)
      on conflict do nothing`,
    values: [tenant, tool, look, JSON.stringify(leases)],
  })
}
