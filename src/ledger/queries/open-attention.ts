import type { AttendedPhase, AttentionReason } from '../../domain/attention.js'
import type { JsonObject } from '../../domain/json.js'
import type { Db } from '../pool.js'

export interface NewAttention {
  readonly tenant: string
  readonly id: string
  readonly action_id: string
  readonly step: string
  readonly phase: AttendedPhase
  readonly generation: number
  /** 1, 2, ... of one call. */
  readonly ordinal: number
  readonly reason: AttentionReason
  readonly known: JsonObject
}

/** Records that a person has to look at a call; one of that ordinal stands as it is. */
export async function openAttention(db: Db, attention: NewAttention): Promise<void> {
  const { tenant, id, action_id, step, phase, generation, ordinal, reason, known } = attention
  await db.of(tenant).query(
    `insert into attentions (tenant, id, action_id, step, phase, generation, ordinal, reason, known)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [tenant, id, action_id, step, phase, generation, ordinal, reason, JSON.stringify(known)],
  )
}
