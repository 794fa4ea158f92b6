import type { ApprovalView } from '../control-plane/approval-view.js'
import { canonical, digestBytes } from '../digest.js'
import { strongMethod, type VoteKind, type VoteStatement } from '../domain/approval.js'
import type { Api, Vote } from './api.js'
import { hasKeys, readKey, signWith } from './person-keys.js'
import type { Terminal } from './terminal.js'

/**
 * A vote for exactly what was shown: signed by the person's own key where one of theirs is on this machine, else for the
 * server to sign. What is signed is the digest of the text that was shown, not the one that came with it.
 */
export async function toVote(
  api: Api,
  terminal: Terminal,
  shown: ApprovalView,
  {
    vote,
    reason,
    acknowledged,
  }: { readonly vote: VoteKind; readonly reason: string; readonly acknowledged: readonly string[] },
): Promise<Vote> {
  const plain = {
    vote,
    reason,
    envelope_digest: shown.envelope_digest,
    ...(acknowledged.length > 0 && { acknowledged }),
  }
  if (!hasKeys(terminal)) return plain
  const { tenant, principal, account, items } = await api.listKeys()
  for (const { key_id } of items) {
    const key = readKey(terminal, key_id)
    if (!key) continue
    const statement: VoteStatement = {
      tenant,
      approval_id: shown.id,
      envelope_digest: shown.envelope_digest,
      rendering_digest: digestBytes(shown.rendering),
      approver: principal,
      account,
      revision: shown.your_vote.revision,
      vote,
      reason,
      method: strongMethod,
      acknowledged,
      self_approved: shown.your_vote.self_approved,
      at: new Date().toISOString(),
    }
    const bytes = canonical(statement)
    return { statement: bytes, key_id, signature: signWith(key, bytes) }
  }
  return plain
}
