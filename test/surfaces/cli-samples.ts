import type { ActionView } from '../../src/control-plane/action-view.js'
import type { ApprovalView } from '../../src/control-plane/approval-view.js'
import type { AttentionView } from '../../src/control-plane/attention/attention-view.js'
import type { ToolView } from '../../src/control-plane/list-tools.js'
import { canonical, digestBytes } from '../../src/digest.js'
import { choicesFor, meaningOf, needsEvidence, takesOutput } from '../../src/domain/attention.js'
import { drawLines } from '../../src/domain/draw-rendering.js'
import { type ErrorCode, errorTable } from '../../src/domain/errors.js'
import type { Outcome } from '../../src/domain/lifecycle.js'
import { describeEnvelope } from '../../src/domain/rendering.js'
import { approvalShape } from '../../src/http/approval-shape.js'
import { attentionShape } from '../../src/http/attention-shapes.js'
import { actionShape } from '../../src/http/schemas.js'
import { toolShape } from '../../src/http/tool-schemas.js'
import { refundInvoice } from '../_util/contracts.js'
import { envelopeWith } from '../approval/sample-envelope.js'

const digest = `sha256:${'0'.repeat(64)}`
export const actionId = 'act_2b7q3m5x6z4n2b7q3m5x6z4n2b'
export const approvalId = 'apr_2b7q3m5x6z4n2b7q3m5x6z4n2b'

/** An action as the API answers it; checked against the API's own shape. */
export function action(changes: Partial<ActionView> = {}): ActionView {
  const view: ActionView = {
    id: actionId,
    request_id: 'req_1',
    tenant: 'acme',
    actor: 'agent:desk',
    on_behalf_of: null,
    actors: [],
    stage: 'execution',
    outcome: null,
    explanation: null,
    problem: null,
    admitted_at: '2026-06-17T10:00:00.000Z',
    ended_at: null,
    request_digest: digest,
    decision: { result: 'allow', policy_ids: ['desk'], policy_digest: digest, explanation: 'Permitted by desk.' },
    approval: null,
    amendments: [],
    attention: [],
    stopped: null,
    review: null,
    steps: [step('waiting')],
    workflow: { id: `acme/${actionId}`, run_id: null, ui: null },
    ...changes,
  }
  actionShape.parse(view)
  return view
}

export function step(status: ActionView['steps'][number]['status']): ActionView['steps'][number] {
  const links = { tool: '/v1/tools/refund_invoice' }
  const times = { began_at: null, settled_at: null }
  const nothing = { ...times, effect: null, output: null, cut: null, error: null, looked: null, looks: 0 } as const
  return { id: 'step1', tool: 'refund_invoice', status, ...nothing, links }
}

const codes: Readonly<Record<Exclude<Outcome, 'succeeded'>, ErrorCode>> = {
  denied: 'EXQ-3001',
  rejected: 'EXQ-4006',
  expired: 'EXQ-4007',
  cancelled: 'EXQ-5007',
  failed: 'EXQ-5004',
  compensated: 'EXQ-5004',
  'needs-attention': 'EXQ-5002',
}

export function ended(outcome: Outcome): ActionView {
  const common = { outcome, stage: 'trail', ended_at: '2026-06-17T10:00:01.000Z', explanation: 'So it ended.' } as const
  if (outcome === 'succeeded') return action({ ...common, steps: [step('done')] })
  const { title, remedy, retryable } = errorTable[codes[outcome]]
  return action({ ...common, problem: { code: codes[outcome], title, remedy, retryable, detail: 'So it ended.' } })
}

export const held = action({
  stage: 'approval',
  approval: {
    id: approvalId,
    envelope_digest: digest,
    requirements: { finance: 1 },
    expires_at: '2026-06-18T10:00:00.000Z',
    votes: [],
  },
})

/** What it asks for: a refund. */
const rendering = describeEnvelope(envelopeWith({ args: { amount_cents: 90_000 } }), digestBytes)

/** As the terminal shows it. */
export const renderingLines = drawLines(rendering)

export function approval(changes: Partial<ApprovalView> = {}): ApprovalView {
  const view: ApprovalView = {
    id: approvalId,
    action_id: actionId,
    envelope_digest: digest,
    rendering: canonical(rendering),
    rendering_digest: digest,
    flags: [],
    flags_digest: digest,
    target: 'in_1',
    risk: 'medium',
    requirements: { finance: 1 },
    groups: ['finance'],
    votes: [],
    method_needed: 'any',
    your_vote: { revision: 1, self_approved: false },
    approve_by: { slack: true, inbox: true, unasked: true },
    asked: [],
    links: { ticket: null, incident: null, user: null, workflow: null, inbox: null },
    budgets: null,
    sealed_at: '2026-06-17T10:00:00.000Z',
    expires_at: '2026-06-18T10:00:00.000Z',
    escalations: [],
    stopped: null,
    cancelled_by: null,
    state: 'waiting',
    ...changes,
  }
  approvalShape.parse(view)
  return view
}

export const attentionId = 'att_2b7q3m5x6z4n2b7q3m5x6z4n2b'

export function attention(changes: Partial<AttentionView> = {}): AttentionView {
  const offered = { reason: 'unknown', phase: 'execute', effect: 'reversible', ended: false, confirmed: false } as const
  const view: AttentionView = {
    id: attentionId,
    state: 'open',
    reason: 'unknown',
    opened_at: '2026-06-17T10:00:00.000Z',
    age_seconds: 4_000,
    overdue: true,
    action_id: actionId,
    action_outcome: null,
    agent: 'agent:desk',
    on_behalf_of: null,
    subject: null,
    step: 'step1',
    phase: 'execute',
    generation: 0,
    tool: 'refund_invoice',
    title: 'Refund an invoice',
    risk: 'medium',
    resource: 'Invoice in_1',
    amount: { cents: 90_000, currency: 'usd' },
    args: { invoice_id: 'in_1', amount_cents: 90_000 },
    idempotency_key: 'exq_key',
    effect: 'unknown',
    attempts: [
      {
        generation: 0,
        attempt: 1,
        at: '2026-06-17T09:59:00.000Z',
        claimed: 'unknown',
        output: null,
        error: { code: 'EXQ-5002', detail: 'no answer in time' },
        late: null,
      },
    ],
    observed: [],
    looks: { count: 0, last: null },
    choices: choicesFor(offered).map((choice) => ({
      choice,
      does: meaningOf(choice, offered),
      needs_evidence: needsEvidence(choice),
      takes_output: takesOutput(choice, offered),
    })),
    groups: ['finance'],
    deciders: ['person:ann'],
    method_needed: 'any',
    resolve_by: { inbox: true },
    state_digest: digest,
    your_resolution: { may: true, revision: 1, self_decided: false },
    resolution: null,
    ...changes,
  }
  attentionShape.parse(view)
  return view
}

export const tool: ToolView = { ...refundInvoice.contract, digest: refundInvoice.digest, status: 'live', note: null }
toolShape.parse(tool)
