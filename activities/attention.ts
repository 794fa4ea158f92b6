import { ApplicationFailure } from '@temporalio/common'
import { shortId } from '../src/digest.js'
import type { AttentionReport, StepRef } from '../src/domain/activities.js'
import type { AttendedPhase, AttentionReason } from '../src/domain/attention.js'
import type { Admitted, EvidenceDeps } from '../src/evidence/admitted.js'
import { knownOf, stateDigest } from '../src/evidence/attention-case.js'
import { resolversOf } from '../src/evidence/attention-deciders.js'
import { generationOf } from '../src/evidence/generation.js'
import { resolutionOn, standingResolution } from '../src/evidence/resolutions.js'
import type { AttentionRow } from '../src/ledger/action-record.js'
import { inTransaction } from '../src/ledger/pool.js'
import { openAttention as record } from '../src/ledger/queries/open-attention.js'
import { recordNotices } from '../src/ledger/queries/record-notices.js'
import { requireAdmitted } from './request.js'

/**
 * Hands a call over to people, once for each reason, and says what they decided on it: that of the present generation, if
 * no other is named. It is asked anew only where more came to light after they had.
 */
export async function openAttention(
  deps: EvidenceDeps,
  ref: StepRef & { readonly reason: AttentionReason; readonly generation?: number },
): Promise<AttentionReport> {
  const { tenant, action_id, step, phase, reason } = ref
  if (phase === 'observe') throw ApplicationFailure.nonRetryable('an observation is left to nobody', 'EXQ-9001')
  for (;;) {
    const admitted = await requireAdmitted(deps, ref)
    const generation = ref.generation ?? generationOf(admitted, step, phase)
    const before = admitted.record.attentions.filter(
      (row) => row.step === step && row.phase === phase && row.generation === generation,
    )
    const last = before.findLast((row) => row.reason === reason)
    const report = last && reportOn(deps, admitted, last)
    if (report) return report
    const ordinal = Math.max(0, ...before.map((row) => row.ordinal)) + 1
    const call = { step, phase: phase as AttendedPhase, generation }
    const id = shortId('att', tenant, action_id, step, phase, String(generation), String(ordinal))
    const known = knownOf(admitted.record, call)
    const asked = { kind: 'asked', ordinal: 1, recipients: resolversOf(deps, admitted, step) } as const
    // Together: what is open is never something that nobody was told of.
    await inTransaction(deps.pool, async (db) => {
      await record(db, { tenant, id, action_id, ...call, ordinal, reason, known })
      await recordNotices(db, ref, { attention_id: id }, [asked])
    })
  }
}

/** Null where it was decided and more is known since. */
function reportOn(deps: EvidenceDeps, admitted: Admitted, attention: AttentionRow): AttentionReport | null {
  const report = { attention_id: attention.id, opened_at: attention.opened_at }
  const resolution = resolutionOn(deps, admitted, attention)
  if (!resolution) return { ...report, choice: null }
  const decidedOn = standingResolution(deps, admitted, attention)?.state_digest
  return decidedOn === stateDigest(admitted, attention) ? { ...report, choice: resolution.choice } : null
}
