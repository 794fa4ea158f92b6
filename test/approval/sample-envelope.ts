import type { Envelope } from '../../src/domain/envelope.js'
import { flagNames, flagsOf } from '../../src/domain/flags.js'
import type { JsonObject } from '../../src/domain/json.js'

export function envelopeWith({
  args = {},
  goal,
  reason,
  ticket_id = 'zd_1',
  resource = 'Invoice in_1',
}: {
  readonly args?: JsonObject
  readonly goal?: string
  readonly reason?: string
  readonly ticket_id?: string
  readonly resource?: string
} = {}): Envelope {
  return {
    tenant: 'acme',
    action_id: 'act_1',
    round: 1,
    chain: { agent: 'agent:desk', owner: 'person:ann', on_behalf_of: null },
    request_digest: 'sha256:r',
    request: {
      tenant: 'acme',
      agent: 'agent:desk',
      plan: { ...(goal !== undefined && { goal }), steps: [{ id: 'step1', tool: 'refund_invoice', args }] },
      context: { request_id: 'r1', ticket_id, ...(reason !== undefined && { reason }) },
    },
    steps: [{ id: 'step1', tool: 'refund_invoice', version: 1, title: 'Refund', resource, args, undoable: true }],
    observations: {},
    contracts: {},
    policy_digest: 'sha256:p',
    requirements: { finance: 1 },
    explanation: 'Refunds over 500 need someone from finance.',
    expires_at: '2026-11-21T12:00:00.000Z',
    nonce: 'n',
  } as Envelope
}

/** The names of the flags of an envelope. */
export function namesOfFlags(envelope: Envelope): string[] {
  return flagNames(flagsOf(envelope))
}
