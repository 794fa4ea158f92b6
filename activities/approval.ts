import { randomUUID } from 'node:crypto'
import { canonical, digest, digestBytes, shortId } from '../src/digest.js'
import type { ApprovalReport, RoundRef } from '../src/domain/activities.js'
import {
  type ApprovalState,
  type Approver,
  countApprovals,
  mayVote,
  type VoteStatement,
} from '../src/domain/approval.js'
import { resolveArgs } from '../src/domain/arguments.js'
import type { RegisteredContract } from '../src/domain/contract.js'
import { contentOf, type Envelope, type EnvelopeContent, renderEnvelope } from '../src/domain/envelope.js'
import { at } from '../src/domain/json.js'
import { decidePlan, type Requirements, tellRequirements } from '../src/domain/policy.js'
import type { EnvelopeRow, VoteRow } from '../src/ledger/action-record.js'
import { ledgerTime } from '../src/ledger/queries/ledger-time.js'
import { sealEnvelope } from '../src/ledger/queries/seal-envelope.js'
import { pinnedContract } from './plan.js'
import { decideStep, observationOf, remainingSteps } from './policy.js'
import { type Admitted, requireAdmitted, type StageDeps } from './request.js'

/** Seals the envelope of a round, once, and says where its approval stands. */
export async function openApproval(
  deps: StageDeps & { readonly approvalTtlMs: number },
  ref: RoundRef,
): Promise<ApprovalReport> {
  const admitted = await requireAdmitted(deps, ref)
  if (!envelopeOf(admitted, ref.round)) {
    const decided = admitted.record.decisions.filter(({ stage, round }) => stage === 'policy' && round === ref.round)
    const { requirements, explanation } = decidePlan(decided)
    const envelope: Envelope = {
      ...presentContent(admitted, ref.round),
      requirements,
      explanation,
      expires_at: await ledgerTime(deps.pool, deps.approvalTtlMs),
      nonce: randomUUID(),
    }
    const sealed = canonical(envelope)
    const rendering = renderEnvelope(envelope)
    await sealEnvelope(deps.pool, ref, {
      round: ref.round,
      id: shortId('apr', ref.tenant, ref.action_id, String(ref.round)),
      digest: digestBytes(sealed),
      envelope: sealed,
      rendering,
      rendering_digest: digestBytes(rendering),
      requirements,
      approver_groups: approverGroups(admitted, requirements),
      policy_digest: envelope.policy_digest,
      expires_at: envelope.expires_at,
    })
  }
  return readApproval(deps, ref)
}

/** Reads the votes that really exist and asks the policy with them. */
export async function readApproval(deps: StageDeps, ref: RoundRef): Promise<ApprovalReport> {
  const admitted = await requireAdmitted(deps, ref)
  const row = envelopeOf(admitted, ref.round)
  if (!row) throw new Error(`no envelope of round ${ref.round} is sealed`)
  const votes = validVotes(deps, admitted, row)
  const { state, explanation } = stateOf(deps, admitted, row, votes)
  return {
    approval_id: row.id,
    envelope_digest: row.digest,
    requirements: row.requirements,
    state,
    left_ms: row.left_ms,
    expires_at: row.expires_at,
    votes: votes.map(({ approver, vote, method, key_id }) => ({ approver, vote, method, key_id })),
    explanation,
  }
}

function stateOf(
  deps: StageDeps,
  admitted: Admitted,
  row: EnvelopeRow,
  votes: readonly VoteRow[],
): { readonly state: ApprovalState; readonly explanation: string } {
  const { cancellation } = admitted.record
  if (cancellation)
    return {
      state: 'cancelled',
      explanation: `EXQ-5007 Cancelled by ${cancellation.cancelled_by}: ${cancellation.reason}`,
    }
  const rejection = votes.find(({ vote }) => vote === 'reject')
  if (rejection)
    return { state: 'rejected', explanation: `EXQ-4006 Rejected by ${rejection.approver}: ${rejection.reason}` }
  if (row.left_ms <= 0) return { state: 'expired', explanation: `EXQ-4007 Nobody decided until ${row.expires_at}.` }
  if (!isFresh(admitted, row)) return { state: 'stale', explanation: 'What was sealed is no longer what would run.' }
  const decided = decidePlan(
    remainingSteps(admitted).map((step) =>
      decideStep(admitted, step, approvalsFor(deps, admitted, step.id, row, votes)),
    ),
  )
  if (decided.result === 'allow') return { state: 'approved', explanation: decided.explanation }
  return { state: 'waiting', explanation: `Needed: ${tellRequirements(row.requirements)}.` }
}

export function envelopeOf({ record }: Admitted, round: number): EnvelopeRow | undefined {
  return record.envelopes.find((envelope) => envelope.round === round)
}

/** Votes that count: signed by a trusted key for exactly this envelope, by somebody who may vote now. */
export function validVotes(deps: StageDeps, admitted: Admitted, row: EnvelopeRow): VoteRow[] {
  return admitted.record.votes.filter((vote) => {
    if (vote.approval_id !== row.id || !deps.verifySignature(vote.key_id, vote.statement, vote.signature)) return false
    const statement = JSON.parse(vote.statement) as VoteStatement
    return (
      statement.tenant === admitted.record.tenant &&
      statement.approval_id === row.id &&
      statement.envelope_digest === row.digest &&
      statement.rendering_digest === row.rendering_digest &&
      statement.approver === vote.approver &&
      statement.vote === vote.vote &&
      digestBytes(row.envelope) === row.digest &&
      digestBytes(row.rendering) === row.rendering_digest &&
      isEntitled(admitted, vote.approver, row.approver_groups)
    )
  })
}

/** May this person decide on the action at all, as things stand now? */
export function isEntitled(admitted: Admitted, person: string, groups: readonly string[]): boolean {
  const { request, authority } = admitted
  const principal = authority.principal(person)
  if (principal?.kind !== 'person' || principal.state !== 'live') return false
  const chain = [request.agent, authority.principal(request.agent)?.owner, request.on_behalf_of]
  return mayVote(approver(admitted, person), { groups, chain: chain.filter((id) => typeof id === 'string') })
}

/** What the votes on an envelope are worth to the policy for one step. */
export function approvalsFor(
  deps: StageDeps,
  admitted: Admitted,
  step: string,
  row: EnvelopeRow,
  votes: readonly VoteRow[],
): Record<string, number> {
  const approvers = votes
    .filter(({ vote }) => vote === 'approve')
    .map(({ approver: person }) => approver(admitted, person))
  const contract = pinnedContract(admitted, step)?.contract
  return countApprovals(approvers, row.requirements, deps.groups, contract?.approvers ?? [])
}

/** Does what was sealed still describe what would run, under the policy now in force? */
export function isFresh(admitted: Admitted, row: EnvelopeRow): boolean {
  const sealed = contentOf(JSON.parse(row.envelope) as Envelope)
  return digest(sealed) === digest(presentContent(admitted, row.round))
}

function approver({ authority }: Admitted, person: string): Approver {
  return { person, groups: authority.groupsOf(person) }
}

function approverGroups(admitted: Admitted, requirements: Requirements): string[] {
  const reserved = 'approvers' in requirements || 'groups' in requirements
  const entitled = reserved
    ? remainingSteps(admitted).flatMap(({ id }) => pinnedContract(admitted, id)?.contract.approvers ?? [])
    : []
  const named = Object.keys(requirements).filter((group) => group !== 'approvers' && group !== 'groups')
  return [...new Set([...named, ...entitled])]
}

function presentContent(admitted: Admitted, round: number): EnvelopeContent {
  const { record, request, authority } = admitted
  return {
    tenant: record.tenant,
    action_id: record.id,
    round,
    chain: {
      agent: request.agent,
      owner: authority.principal(request.agent)?.owner ?? null,
      on_behalf_of: request.on_behalf_of ?? null,
    },
    request_digest: record.request_digest,
    request,
    steps: request.plan.steps.map((step) => {
      const { contract } = pinnedContract(admitted, step.id) as RegisteredContract
      const observed = observationOf(admitted, step.id)
      // References are sealed as written: their values come later, and each is checked again before its effect.
      const args = { ...step.args, ...resolveArgs(step, contract, observed, () => null) }
      return {
        id: step.id,
        tool: contract.name,
        version: contract.version,
        title: contract.title,
        resource: `${contract.resource.type} ${at({ args, observed }, contract.resource.id) ?? ''}`,
        args,
        undoable: contract.effect === 'reversible',
      }
    }),
    observations: Object.fromEntries(record.observations.map(({ step, output_digest }) => [step, output_digest])),
    contracts: record.contracts,
    policy_digest: authority.policyDigest,
  }
}
