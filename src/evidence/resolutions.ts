import { canonical } from '../digest.js'
import { isStrong } from '../domain/approval.js'
import type { Resolution, ResolutionStatement } from '../domain/attention.js'
import { isProvenBy, methodOfKey } from '../identity/person-proof.js'
import type { ActionRecord, AttentionRow, ResolutionRow } from '../ledger/action-record.js'
import type { Admitted, EvidenceDeps } from './admitted.js'
import { caseOf, seenEffect } from './attention-case.js'
import { mayResolve, methodNeeded } from './attention-deciders.js'
import { isRegistered } from './vote-proof.js'

/**
 * The decisions of people that count: of each attention the newest that was signed, if it still holds. What somebody said
 * to be so stands, as they were entitled when the server signed. An order to attempt again is authority for an effect: it
 * holds until it is used, as long as whoever gave it may give it, the call was not seen to have happened after all, and
 * the action has not ended without: then the call is as much in doubt as before.
 */
export function validResolutions(deps: EvidenceDeps, admitted: Admitted): Resolution[] {
  return admitted.record.attentions.flatMap((attention) => {
    const row = standingResolution(deps, admitted, attention)
    return row && holds(deps, admitted, attention, row) ? [resolutionOf(attention, row)] : []
  })
}

/** The decision on one attention that counts; null if there is none. */
export function resolutionOn(deps: EvidenceDeps, admitted: Admitted, attention: AttentionRow): Resolution | null {
  const row = standingResolution(deps, admitted, attention)
  return row && holds(deps, admitted, attention, row) ? resolutionOf(attention, row) : null
}

/** Will the decision on an attention, if there is one, stay whatever becomes of whoever made it? */
export function isFinal(deps: EvidenceDeps, admitted: Admitted, attention: AttentionRow): boolean {
  const row = standingResolution(deps, admitted, attention)
  return row?.choice !== 'attempt-again' || isUsed(admitted.record, row) || admitted.record.outcome !== null
}

/** The revision that the next decision on an attention gets. */
export function nextResolution({ record }: Pick<Admitted, 'record'>, { id }: Pick<AttentionRow, 'id'>): number {
  const rows = record.resolutions.filter(({ attention_id }) => attention_id === id)
  return Math.max(0, ...rows.map(({ revision }) => revision)) + 1
}

/** The newest decision on an attention that was really made, whether or not it still holds. */
export function standingResolution(
  deps: EvidenceDeps,
  admitted: Admitted,
  attention: AttentionRow,
): ResolutionRow | null {
  return (
    admitted.record.resolutions
      .filter((row) => row.attention_id === attention.id && isProven(deps, admitted, attention, row))
      .sort((one, other) => other.revision - one.revision)[0] ?? null
  )
}

function holds(deps: EvidenceDeps, admitted: Admitted, attention: AttentionRow, row: ResolutionRow): boolean {
  if (row.choice !== 'attempt-again' || isUsed(admitted.record, row)) return true
  if (admitted.record.outcome !== null) return false
  if (!isStrong(row.method) && !admitted.authority.isWayIn(row.account, row.decided_by)) return false
  const known = caseOf(admitted, attention)
  return (
    known !== null &&
    !known.answered &&
    seenEffect(admitted.record, attention) !== 'committed' &&
    mayResolve(deps, admitted, row.step, row.decided_by)
  )
}

function isUsed({ intents }: Pick<ActionRecord, 'intents'>, { step, phase, generation }: ResolutionRow): boolean {
  return intents.some((row) => row.step === step && row.phase === phase && row.generation === generation + 1)
}

/** Whether every field of a row is what the server signed, and the person too where that is the method. */
function isProven(deps: EvidenceDeps, admitted: Admitted, attention: AttentionRow, row: ResolutionRow): boolean {
  const { tenant, id } = admitted.record
  const { step, phase, generation } = attention
  if (row.step !== step || row.phase !== phase || row.generation !== generation) return false
  if (row.statement !== canonical(restated(tenant, id, row))) return false
  if (!deps.verifySignature(row.key_id, row.statement, row.signature)) return false
  if (!isStrong(row.method)) return methodNeeded(admitted, row.step) === 'any'
  const key = row.own_key_id === null ? undefined : admitted.authority.keyOf(row.own_key_id)
  // A key that was revoked afterwards takes back no fact, only an order that nobody has followed.
  if (!key) return row.choice !== 'attempt-again' || isUsed(admitted.record, row)
  if (key.principal !== row.decided_by || !isRegistered(deps, tenant, key)) return false
  return methodOfKey(key) === row.method && isProvenBy(key, row.statement, row.own_signature ?? '')
}

/** The statement as the rows would have it; only its time is taken from what was signed. */
function restated(tenant: string, action_id: string, row: ResolutionRow): ResolutionStatement {
  return {
    kind: 'resolution',
    tenant,
    action_id,
    attention_id: row.attention_id,
    step: row.step,
    phase: row.phase,
    generation: row.generation,
    revision: row.revision,
    state_digest: row.state_digest,
    choice: row.choice,
    reason: row.reason,
    evidence: row.evidence,
    output: row.output,
    decided_by: row.decided_by,
    account: row.account,
    method: row.method,
    self_decided: row.self_decided,
    at: timeIn(row.statement),
  }
}

function timeIn(statement: string): string {
  try {
    return String((JSON.parse(statement) as Partial<ResolutionStatement>).at)
  } catch {
    return ''
  }
}

function resolutionOf(attention: AttentionRow, row: ResolutionRow): Resolution {
  const { attention_id, choice, reason, evidence, output, decided_by } = row
  const { step, phase, generation } = attention
  const at = timeIn(row.statement)
  return {
    attention_id,
    step,
    phase,
    generation,
    choice,
    reason,
    evidence,
    output,
    decided_by,
    at,
    about: attention.reason,
  }
}
