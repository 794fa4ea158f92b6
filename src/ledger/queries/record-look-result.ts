import type { EffectsReport } from '../../domain/reconciler.js'
import type { Db } from '../pool.js'
import type { EffectLook } from './record-effect-look.js'

/** Records what a look came to; where there is a problem, the next one covers its span too. */
export async function recordLookResult(
  db: Db,
  { tenant, tool, look }: EffectLook,
  result: EffectsReport,
): Promise<void> {
  await db.of(tenant).query({
    name: 'record-look-result',
    text: `
      insert into effect_look_results (tenant, tool, look, listed, shadows, problem)
      values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    values: [tenant, tool, look, result.listed, result.shadows, result.problem],
  })
}
