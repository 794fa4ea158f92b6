import type { Shadow } from '../../domain/shadow-effects.js'
import type { Db } from '../pool.js'
import type { EffectLook } from './record-effect-look.js'

export interface NewShadow extends Shadow {
  /** `shd_...`, of the tool, the effect and the kind. */
  readonly shadow_id: string
}

/** Records shadow effects; resolves to the ids of those that were not known. */
export async function recordShadows(
  db: Db,
  { tenant, tool, look }: EffectLook,
  shadows: readonly NewShadow[],
): Promise<ReadonlySet<string>> {
  if (shadows.length === 0) return new Set()
  const rows = shadows.map(({ shadow_id, id, kind, key, at, summary, call }) => ({
    id: shadow_id,
    effect_id: id,
    kind,
    idempotency_key: key,
    happened_at: at,
    summary,
    ...(call && { action_id: call.action_id, step: call.step, phase: call.phase, generation: call.generation }),
  }))
  const written = await db.of(tenant).query<{ id: string }>({
    name: 'record-shadows',
    text: `
      insert into shadow_effects (tenant, id, tool, effect_id, kind, idempotency_key, happened_at, summary, action_id, step,
        phase, generation, look)
      select $1, id, $2, effect_id, kind, idempotency_key, happened_at, summary, action_id, step, phase, generation, $3
      from jsonb_to_recordset($4) as given (id text, effect_id text, kind text, idempotency_key text,
        happened_at timestamptz, summary text, action_id text, step text, phase text, generation int)
      on conflict do nothing returning id`,
    values: [tenant, tool, look, JSON.stringify(rows)],
  })
  return new Set(written.rows.map(({ id }) => id))
}
