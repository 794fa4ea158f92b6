import { canonical } from '../digest.js'
import { isStrong, type VoteStatement } from '../domain/approval.js'
import type { KeyRegistration } from '../domain/key-registration.js'
import { isProvenBy, methodOfKey } from '../identity/person-proof.js'
import type { EnvelopeRow, VoteRow } from '../ledger/action-record.js'
import type { KeyRow } from '../ledger/queries/load-authority.js'
import type { Admitted, EvidenceDeps } from './admitted.js'

/**
 * Whether a row is a vote at all: every field of it is what was signed, for this envelope and rendering; by the approver's
 * own live key or passkey where that is the method, else by the server, which vouches. Neither key stands in for the other. What the
 * server vouched for approves no longer than the account it came in with lets the approver in; a rejection stays.
 */
export function isProven(
  deps: Pick<EvidenceDeps, 'verifySignature'>,
  { record, authority }: Pick<Admitted, 'record' | 'authority'>,
  row: EnvelopeRow,
  vote: VoteRow,
): boolean {
  if (vote.approval_id !== row.id || vote.statement !== restated(record.tenant, row, vote)) return false
  const vouched = !isStrong(vote.method)
  if (vouched && vote.vote !== 'reject' && !authority.isWayIn(vote.account, vote.approver)) return false
  if (vouched) return deps.verifySignature(vote.key_id, vote.statement, vote.signature)
  const key = authority.keyOf(vote.key_id)
  if (key?.principal !== vote.approver || !isRegistered(deps, record.tenant, key)) return false
  return methodOfKey(key) === vote.method && isProvenBy(key, vote.statement, vote.signature)
}

/** Whether the server itself registered the key for whom the row says; rows alone give nobody a key. */
export function isRegistered(deps: Pick<EvidenceDeps, 'verifySignature'>, tenant: string, key: KeyRow): boolean {
  const registration: KeyRegistration = {
    tenant,
    key_id: key.key_id,
    principal: key.principal,
    public_key: key.public_key,
    recorded_by: key.recorded_by,
    account: key.account,
    ...passkeyIn(key),
  }
  return key.statement === canonical(registration) && deps.verifySignature(key.signed_by, key.statement, key.signature)
}

function passkeyIn({ kind, credential_id, rp_id, origin }: KeyRow): Pick<KeyRegistration, 'passkey'> {
  if (kind !== 'passkey' || !credential_id || !rp_id || !origin) return {}
  return { passkey: { credential_id, rp_id, origin } }
}

/** The statement as the row and the envelope would have it; only its time is taken from what was signed. */
function restated(tenant: string, row: EnvelopeRow, vote: VoteRow): string {
  const statement: VoteStatement = {
    tenant,
    approval_id: row.id,
    envelope_digest: row.digest,
    rendering_digest: row.rendering_digest,
    approver: vote.approver,
    account: vote.account,
    revision: vote.revision,
    vote: vote.vote,
    reason: vote.reason,
    method: vote.method,
    acknowledged: vote.acknowledged,
    self_approved: vote.self_approved,
    at: timeIn(vote.statement),
  }
  return canonical(statement)
}

function timeIn(statement: string): string {
  try {
    const { at } = JSON.parse(statement) as Partial<VoteStatement>
    return String(at)
  } catch {
    return ''
  }
}
