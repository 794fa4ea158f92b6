import type { ResolutionStatement } from '../../domain/attention.js'
import type { Api } from '../api/api.js'
import type { Attention, Me } from '../api/views.js'
import { canonical } from './digest.js'
import { passkeysOf, signWithPasskey } from './passkey.js'

export type ResolutionWish = Pick<ResolutionStatement, 'choice' | 'reason' | 'evidence' | 'output'>

/** Does a decision on this need the person's own signature? */
export function needsPasskey({ resolve_by, method_needed }: Pick<Attention, 'resolve_by' | 'method_needed'>): boolean {
  return !resolve_by.inbox || method_needed !== 'any'
}

/** Sends a decision on what needs attention, signed by the person's passkey where that is needed. */
export async function resolveAttention(api: Api, me: Me, shown: Attention, wish: ResolutionWish): Promise<Attention> {
  const path = `/v1/attention/${encodeURIComponent(shown.id)}/resolutions`
  if (!needsPasskey(shown)) return api.post<Attention>(path, { ...wish, state_digest: shown.state_digest })
  const statement: ResolutionStatement = {
    kind: 'resolution',
    tenant: me.tenant,
    action_id: shown.action_id,
    attention_id: shown.id,
    step: shown.step,
    phase: shown.phase,
    generation: shown.generation,
    revision: shown.your_resolution.revision,
    state_digest: shown.state_digest,
    ...wish,
    decided_by: me.principal,
    account: me.account,
    method: 'passkey',
    self_decided: shown.your_resolution.self_decided,
    at: new Date(api.now()).toISOString(),
  }
  return api.post<Attention>(path, await signWithPasskey(canonical(statement), await passkeysOf(api)))
}
