import { digest, digestBytes, shortId } from '../../src/digest.js'
import type { ActionRef } from '../../src/domain/activities.js'
import type { PolicyDecision } from '../../src/domain/policy.js'
import type { Db, Pool } from '../../src/ledger/pool.js'
import { type Admission, admitAction } from '../../src/ledger/queries/admit-action.js'
import type { SignedVote } from '../../src/ledger/queries/cast-vote.js'
import { loadAction } from '../../src/ledger/queries/load-action.js'
import { readRevision } from '../../src/ledger/queries/read-revision.js'
import type { Intent } from '../../src/ledger/queries/record-intent.js'
import type { Finding } from '../../src/ledger/queries/record-look.js'
import { recordPrincipal } from '../../src/ledger/queries/record-principal.js'
import { type SealedEnvelope, sealEnvelope } from '../../src/ledger/queries/seal-envelope.js'

let tenants = 0

/** A tenant of its own for one test, with one agent in it, and so with authority of revision 1. */
export async function newTenant(server: Pool): Promise<string> {
  tenants += 1
  const tenant = `t${tenants}`
  const agent = {
    principal: 'agent:desk',
    kind: 'agent',
    state: 'live',
    owner: 'person:ann',
    environment: null,
  } as const
  await recordPrincipal(server, tenant, agent, 'person:ann')
  return tenant
}

export async function authorityOf(server: Pool, tenant: string): Promise<number> {
  return (await readRevision(server, tenant)) ?? 0
}

/** Stops everything in a tenant. */
export async function stopAll(db: Db, tenant: string): Promise<void> {
  await db.of(tenant).query(
    `insert into stops (tenant, scope, revision, state, reason, recorded_by)
     select $1, 'tenant', coalesce(max(revision), 0) + 1, 'stopped', 'fire', 'person:ann' from stops where tenant = $1`,
    [tenant],
  )
}

export function admissionOf(tenant: string, changes: Partial<Admission> = {}): Admission {
  const request_id = changes.request_id ?? 'r1'
  const request = JSON.stringify({ tenant, agent: 'agent:desk', context: { request_id } })
  return {
    tenant,
    id: shortId('act', tenant, changes.agent ?? 'agent:desk', request_id),
    agent: 'agent:desk',
    request_id,
    request,
    request_digest: digestBytes(request),
    contracts: { step1: { tool: 'refund_invoice', version: 1, digest: 'sha256:c' } },
    tools: ['refund_invoice'],
    risk: 'medium',
    subject: 'ticket:zd_1',
    sound: true,
    fingerprint: `of ${request_id}`,
    pending_limit: 1_000,
    repeats: null,
    reported: null,
    authority_revision: 1,
    ...changes,
  }
}

/** Admits a request; resolves to its action. */
export async function newAction(server: Pool, tenant: string, request_id = 'r1'): Promise<ActionRef> {
  const admission = admissionOf(tenant, { request_id, authority_revision: await authorityOf(server, tenant) })
  await admitAction(server, admission)
  return { tenant, action_id: admission.id }
}

/** Who stands behind the records of tests. */
export const under = { agent: 'agent:desk', on_behalf_of: null, actors: [], workflow_id: 'w', run_id: 'run' } as const

export function decisionOf(changes: Partial<PolicyDecision> = {}): PolicyDecision {
  return {
    step: 'step1',
    result: 'allow',
    policy_ids: ['desk'],
    permitted_by: [],
    policy_digest: 'sha256:p',
    input_digest: 'sha256:i',
    contract_digest: 'sha256:c',
    requirements: {},
    explanation: 'Permitted by desk.',
    ...changes,
  }
}

/** An intent that rests on the present facts. */
export async function intentFor(server: Pool, ref: ActionRef, changes: Partial<Intent> = {}): Promise<Intent> {
  const record = await loadAction(server, ref)
  if (!record) throw new Error(`there is no action ${ref.action_id}`)
  const args = changes.args ?? { invoice_id: 'in_1' }
  return {
    ...ref,
    step: 'step1',
    phase: 'execute',
    generation: 0,
    round: 1,
    principal: 'agent:desk',
    session: null,
    session_window_ms: 86_400_000,
    known_reads: [],
    reads: [],
    tool: 'refund_invoice',
    args,
    args_digest: digest(args),
    idempotency_key: 'exq_key',
    decision: decisionOf(),
    request_digest: record.request_digest,
    authority_revision: record.authority_revision,
    action_revision: record.revision,
    envelope_digest: null,
    of_attempt: null,
    look: null,
    executor: 'executor-1',
    under,
    counts: null,
    repeats: null,
    ...changes,
  }
}

/** Seals the envelope of a round; resolves to it. */
export async function newEnvelope(
  server: Db,
  ref: ActionRef,
  changes: Partial<SealedEnvelope> = {},
): Promise<SealedEnvelope> {
  const round = changes.round ?? 1
  const envelope = JSON.stringify({ ...ref, round })
  const sealed = {
    round,
    id: shortId('apr', ref.tenant, ref.action_id, String(round)),
    digest: digestBytes(envelope),
    envelope,
    rendering: 'Refund 42.00',
    rendering_digest: digestBytes('Refund 42.00'),
    requirements: { finance: 1 },
    approver_groups: ['finance'],
    policy_digest: 'sha256:p',
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    ...changes,
  }
  await sealEnvelope(server, ref, sealed)
  return sealed
}

export function voteOn(tenant: string, sealed: SealedEnvelope, changes: Partial<SignedVote> = {}): SignedVote {
  return {
    tenant,
    approval_id: sealed.id,
    envelope_digest: sealed.digest,
    rendering_digest: sealed.rendering_digest,
    approver: 'person:bob',
    account: 'token:crd_bob',
    revision: 1,
    vote: 'approve',
    reason: 'fine',
    method: 'cli',
    acknowledged: [],
    self_approved: false,
    at: new Date().toISOString(),
    statement: '{}',
    key_id: 'key-1',
    signature: 'signature',
    ...changes,
  }
}

/** What a look found, without anything beside it. */
export function findingOf(found: Finding['found'], changes: Partial<Finding> = {}): Finding {
  return { found, detail: null, claimed: null, observed: null, output: null, ...changes }
}
