import type { LeaseRequest } from '../../src/contract/credential-source.js'

/** What a source is told about the first attempt of a write. */
export function leaseRequest(changes: Partial<LeaseRequest> = {}): LeaseRequest {
  return {
    tenant: 'acme',
    action_id: 'act_aaaaaaaaaaaaaaaaaaaaaaaaaa',
    tool: 'set_feature_flag',
    credential: 'flags',
    step: 'step1',
    phase: 'execute',
    attempt: 1,
    agent: 'agent:desk',
    on_behalf_of: null,
    scope: 'write',
    ttl_ms: 10_000,
    signal: AbortSignal.timeout(10_000),
    ...changes,
  }
}
