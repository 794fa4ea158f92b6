import type { ApprovalView } from '../control-plane/approval-view.js'
import { digestBytes } from '../digest.js'
import type { VoteKind, VoteStatement } from '../domain/approval.js'
import type { Api, Vote } from './api.js'
import { signWithOwnKey } from './sign-with-own-key.js'
import type { Terminal } from './terminal.js'

export interface VoteWish {
  readonly vote: VoteKind
  readonly reason: string
  /** Names of the flags that the person said to have seen. */
  readonly acknowledged: readonly string[]
}

/**
 * A vote for exactly what was shown: signed by the person's own key where one of theirs is on this machine, else for the
 * server to sign. What is signed is the digest of the text that was shown, not the one that came with it.
 */
export async function toVote(
  api: Api,
  terminal: Terminal,
  shown: ApprovalView,
  { vote, reason, acknowledged }: VoteWish,
): Promise<Vote> {
  const signed = await signWithOwnKey(
    api,
    terminal,
    ({ tenant, principal, account }): VoteStatement => ({
      tenant,
      approval_id: shown.id,
      envelope_digest: shown.envelope_digest,
      rendering_digest: digestBytes(shown.rendering),
      approver: principal,
      account,
      revision: shown.your_vote.revision,
      vote,
      reason,
      method: 'key',
      acknowledged,
      self_approved: shown.your_vote.self_approved,
      at: new Date().toISOString(),
    }),
  )
  return (
    signed ?? {
      vote,
      reason,
      envelope_digest: shown.envelope_digest,
      ...(acknowledged.length > 0 && { acknowledged }),
    }
  )
}
