import type { VoteKind, VoteStatement } from '../../domain/approval.js'
import type { Api } from '../api/api.js'
import type { Approval, Me } from '../api/views.js'
import { canonical, digestText } from './digest.js'
import { passkeysOf, signWithPasskey } from './passkey.js'

export interface Wish {
  readonly vote: VoteKind
  readonly reason: string
  /** Names of the flags that the person has seen. */
  readonly acknowledged: readonly string[]
}

/** Does an approval of this need the person's own signature? A rejection never does. */
export function needsPasskey({ approve_by, method_needed }: Pick<Approval, 'approve_by' | 'method_needed'>): boolean {
  return !approve_by.inbox || method_needed !== 'any'
}

/** Sends a vote; one that has to be signed is made of the very bytes that were drawn, `shown.rendering`. */
export async function castVote(api: Api, me: Me, shown: Approval, wish: Wish): Promise<Approval> {
  const path = `/v1/approvals/${encodeURIComponent(shown.id)}/votes`
  if (wish.vote !== 'approve' || !needsPasskey(shown))
    return api.post<Approval>(path, { ...wish, envelope_digest: shown.envelope_digest })
  const statement: VoteStatement = {
    tenant: me.tenant,
    approval_id: shown.id,
    envelope_digest: shown.envelope_digest,
    rendering_digest: await digestText(shown.rendering),
    approver: me.principal,
    account: me.account,
    revision: shown.your_vote.revision,
    vote: wish.vote,
    reason: wish.reason,
    method: 'passkey',
    acknowledged: [...wish.acknowledged].sort(),
    self_approved: shown.your_vote.self_approved,
    at: new Date(api.now()).toISOString(),
  }
  return api.post<Approval>(path, await signWithPasskey(canonical(statement), await passkeysOf(api)))
}
