import type { AttentionState } from '../domain/attention.js'
import type { AttentionRow } from '../ledger/action-record.js'
import type { Admitted, EvidenceDeps } from './admitted.js'
import { isUnconfirmed, seenEffect } from './attention-case.js'
import { resolutionOn } from './resolutions.js'

/** Where an attention stands now. */
export function stateOf(deps: EvidenceDeps, admitted: Admitted, attention: AttentionRow): AttentionState {
  if (resolutionOn(deps, admitted, attention)) return 'decided'
  return isSettled(admitted, attention) ? 'settled' : 'open'
}

/** What people have to decide on about an action, oldest first. */
export function openAttentions(deps: EvidenceDeps, admitted: Admitted): AttentionRow[] {
  return admitted.record.attentions.filter((attention) => stateOf(deps, admitted, attention) === 'open')
}

/** Has the real system answered meanwhile, or something newer about the same call taken its place? */
function isSettled({ record }: Pick<Admitted, 'record'>, attention: AttentionRow): boolean {
  const { step, phase, generation, ordinal, reason } = attention
  const followed = record.attentions.some(
    (row) =>
      row.step === step &&
      row.phase === phase &&
      // What is known of a later call says nothing of an answer that came late to an earlier one.
      ((row.generation > generation && reason !== 'late') || (row.generation === generation && row.ordinal > ordinal)),
  )
  if (followed || reason === 'late') return followed
  const seen = seenEffect(record, attention)
  if (isUnconfirmed(record, attention)) return false
  return seen === 'committed' || (seen === 'not-committed' && reason === 'unknown')
}
