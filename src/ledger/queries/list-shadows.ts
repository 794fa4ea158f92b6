import type { ShadowKind } from '../../domain/shadow-effects.js'
import type { Db } from '../pool.js'

/** A shadow effect as it is listed. Times are ISO 8601. */
export interface ShadowRow {
  readonly id: string
  readonly tool: string
  readonly kind: ShadowKind
  readonly effect_id: string
  readonly idempotency_key: string | null
  readonly happened_at: string | null
  readonly summary: string
  readonly action_id: string | null
  readonly step: string | null
  readonly found_at: string
  readonly acknowledged: { readonly by: string; readonly reason: string; readonly at: string } | null
}

const columns = `
  s.id, s.tool, s.kind, s.effect_id, s.idempotency_key, to_json(s.happened_at)#>>'{}' as happened_at, s.summary,
  s.action_id, s.step, to_json(s.found_at)#>>'{}' as found_at,
  (select jsonb_build_object('by', a.acknowledged_by, 'reason', a.reason, 'at', a.acknowledged_at)
   from shadow_acknowledgements a where a.tenant = s.tenant and a.shadow_id = s.id) as acknowledged`

/** Shadow effects of a tenant in the order they were found, after the given one: those nobody acknowledged, or all. */
export async function listShadows(
  db: Db,
  tenant: string,
  {
    all,
    after,
    limit,
  }: { readonly all: boolean; readonly after: { found_at: string; id: string } | null; readonly limit: number },
): Promise<ShadowRow[]> {
  const { rows } = await db.of(tenant).query<ShadowRow>({
    name: 'list-shadows',
    text: `
      select ${columns} from shadow_effects s
      where s.tenant = $1 and (s.found_at, s.id) > (coalesce($3::timestamptz, '-infinity'), $4)
        and ($2 or not exists (select from shadow_acknowledgements a where a.tenant = s.tenant and a.shadow_id = s.id))
      order by s.found_at, s.id limit $5`,
    values: [tenant, all, after?.found_at ?? null, after?.id ?? '', limit],
  })
  return rows
}

export async function findShadow(db: Db, tenant: string, id: string): Promise<ShadowRow | null> {
  const { rows } = await db.of(tenant).query<ShadowRow>({
    name: 'find-shadow',
    text: `select ${columns} from shadow_effects s where s.tenant = $1 and s.id = $2`,
    values: [tenant, id],
  })
  return rows[0] ?? null
}
