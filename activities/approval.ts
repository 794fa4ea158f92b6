import { randomUUID } from 'node:crypto'
import { crashPoint } from '../src/crash-point.js'
import { canonical, digestBytes, shortId } from '../src/digest.js'
import type { ApprovalReport, RoundRef } from '../src/domain/activities.js'
import { type ApprovalState, isReserved } from '../src/domain/approval.js'
import { tellCancellation } from '../src/domain/compensation.js'
import type { Envelope } from '../src/domain/envelope.js'
import { type ApprovalRules, nextDue, type Schedule } from '../src/domain/escalation.js'
import { type DecisionResult, decidePlan, type Requirements, tellRequirements } from '../src/domain/policy.js'
import { describeEnvelope } from '../src/domain/rendering.js'
import {
  type Admitted,
  type EvidenceDeps,
  pinnedContract,
  remainingSteps,
  unbegunSteps,
} from '../src/evidence/admitted.js'
import { scheduleOf } from '../src/evidence/deadlines.js'
import { decideStep } from '../src/evidence/decide-steps.js'
import { withTotals } from '../src/evidence/escrow.js'
import { approvalsFor, envelopeOf, isFresh, presentContent, validVotes } from '../src/evidence/votes.js'
import type { EnvelopeRow, VoteRow } from '../src/ledger/action-record.js'
import { ledgerTime } from '../src/ledger/queries/ledger-time.js'
import { rejectedAlike } from '../src/ledger/queries/rejected-alike.js'
import { sealEnvelope } from '../src/ledger/queries/seal-envelope.js'
import { noteNotices } from './notices.js'
import { requireAdmitted, requireForDecision } from './request.js'

/** How long people have; what is left out does not happen. */
export type ApprovalDeps = Pick<ApprovalRules, 'approvalTtlMs'> & Partial<ApprovalRules>

/** Seals the envelope of a round, once, and says where its approval stands. */
export async function openApproval(deps: EvidenceDeps & ApprovalDeps, ref: RoundRef): Promise<ApprovalReport> {
  const admitted = await requireAdmitted(deps, ref)
  if (!envelopeOf(admitted, ref.round)) {
    const decided = admitted.record.decisions.filter(({ stage, round }) => stage === 'policy' && round === ref.round)
    const { requirements, explanation } = decidePlan(decided)
    const approver_groups = approverGroups(admitted, requirements)
    const asked_before = await rejectedAlike(deps.pool, ref)
    const envelope: Envelope = {
      ...presentContent(admitted, ref.round),
      // What is asked for is what these policies said: under others it is out of date from the start.
      ...(decided[0] && { policy_digest: decided[0].policy_digest }),
      requirements,
      explanation,
      ...timesFrom(await ledgerTime(deps.pool), deps, approver_groups),
      ...(asked_before.length > 0 && { asked_before }),
      nonce: randomUUID(),
    }
    const sealed = canonical(envelope)
    const rendering = canonical(describeEnvelope(envelope, digestBytes))
    await sealEnvelope(deps.pool, ref, {
      round: ref.round,
      id: shortId('apr', ref.tenant, ref.action_id, String(ref.round)),
      digest: digestBytes(sealed),
      envelope: sealed,
      rendering,
      rendering_digest: digestBytes(rendering),
      requirements,
      approver_groups,
      policy_digest: envelope.policy_digest,
      expires_at: envelope.expires_at,
    })
    crashPoint('approval.sealed')
  }
  return lookAtApproval(deps, ref, true)
}

/** All that is sealed about time, counted from a moment of the ledger's clock. */
function timesFrom(
  now: string,
  { approvalTtlMs, remindAfterMs, reminders = [], escalations = [] }: ApprovalDeps,
  groups: readonly string[],
): Schedule & Pick<Envelope, 'expires_at'> {
  const after = (ms: number) => new Date(Date.parse(now) + ms).toISOString()
  const handedOn = escalations.filter(({ group }) => groups.includes(group))
  // Those that silence hands it on to are reminded as long after that as others after they were asked.
  const askedAfter = new Map<string, number>(groups.map((group) => [group, 0]))
  for (const { to, afterMs } of handedOn) askedAfter.set(to, Math.min(askedAfter.get(to) ?? afterMs, afterMs))
  const ofGroups = reminders.flatMap(({ group, afterMs }) => {
    const from = askedAfter.get(group)
    return from === undefined ? [] : [{ group, at: after(from + afterMs) }]
  })
  const others = [...askedAfter.keys()].some((name) => !ofGroups.some(({ group }) => group === name))
  return {
    expires_at: after(approvalTtlMs),
    ...(remindAfterMs && others && { remind_at: after(remindAfterMs) }),
    ...(ofGroups.length > 0 && { reminders: ofGroups }),
    ...(handedOn.length > 0 && {
      escalations: handedOn.map(({ group, to, afterMs }) => ({ group, to, at: after(afterMs) })),
    }),
  }
}

/** Reads the votes that really exist and asks the policy with them. */
export function readApproval(deps: EvidenceDeps, ref: RoundRef): Promise<ApprovalReport> {
  return lookAtApproval(deps, ref, false)
}

async function lookAtApproval(deps: EvidenceDeps, ref: RoundRef, opened: boolean): Promise<ApprovalReport> {
  const admitted = await requireForDecision(deps, ref)
  const row = envelopeOf(admitted, ref.round)
  if (!row) throw new Error(`no envelope of round ${ref.round} is sealed`)
  const votes = validVotes(deps, admitted, row)
  const { state, explanation } = stateOf(deps, await withTotals(deps, admitted, ref.round), row, votes)
  await noteNotices(deps, admitted, row, { opened, state, voters: votes.map(({ approver }) => approver) })
  crashPoint('approval.noticed')
  if (state === 'approved') crashPoint('approval.verified')
  const schedule = scheduleOf(row)
  const next_ms = nextDue(schedule, schedule.nowMs)
  return {
    approval_id: row.id,
    envelope_digest: row.digest,
    requirements: row.requirements,
    state,
    left_ms: row.left_ms,
    ...(next_ms !== null && next_ms < row.left_ms && { next_ms: Math.ceil(next_ms) }),
    expires_at: row.expires_at,
    votes: votes.map(({ approver, vote, method, key_id, self_approved }) => ({
      approver,
      vote,
      method,
      key_id,
      ...(self_approved && { self_approved }),
    })),
    explanation,
  }
}

function stateOf(
  deps: EvidenceDeps,
  admitted: Admitted,
  row: EnvelopeRow,
  votes: readonly VoteRow[],
): { readonly state: ApprovalState; readonly explanation: string } {
  const remaining = remainingSteps(admitted)
  // A run that begins anew goes on with what was authorised before; what comes after that, its own intent decides on.
  if (unbegunSteps(admitted).length < remaining.length)
    return { state: 'approved', explanation: 'What was begun is brought to its end first.' }
  if (remaining.length === 0) return { state: 'approved', explanation: 'Everything was executed.' }
  const { cancellation, halt } = admitted.record
  if (cancellation)
    return {
      state: 'cancelled',
      explanation: tellCancellation(cancellation),
    }
  const rejection = votes.find(({ vote }) => vote === 'reject')
  if (rejection)
    return { state: 'rejected', explanation: `EXQ-4006 Rejected by ${rejection.approver}: ${rejection.reason}` }
  const decide = () =>
    decidePlan(
      remaining.map((step) => decideStep(admitted, step, row.round, approvalsFor(deps, admitted, step.id, row, votes))),
    )
  if (row.left_ms <= 0) return overdue(admitted, row, votes.length === 0 ? 'nobody' : decide().result)
  if (halt) return { state: 'approved', explanation: 'The plan goes no further: there is nothing left to ask for.' }
  if (!isFresh(admitted, row)) return { state: 'stale', explanation: 'What was sealed is no longer what would run.' }
  const decided = decide()
  if (decided.result === 'allow') return { state: 'approved', explanation: decided.explanation }
  return { state: 'waiting', explanation: `Needed: ${tellRequirements(row.requirements)}.` }
}

/** Where something was begun in the round, people had decided in time: about the rest they are asked anew. */
function overdue(
  { record }: Admitted,
  { round, expires_at }: EnvelopeRow,
  decided: DecisionResult | 'nobody',
): ReturnType<typeof stateOf> {
  const used = record.intents.some((intent) => intent.phase === 'execute' && intent.round === round)
  if (used && !record.halt) return { state: 'stale', explanation: `What was approved was to be done by ${expires_at}.` }
  if (decided === 'nobody') return { state: 'expired', explanation: `EXQ-4007 Nobody decided until ${expires_at}.` }
  const lacks = decided === 'allow' ? 'It was approved, but not begun' : 'Not enough people decided'
  return { state: 'expired', explanation: `EXQ-4007 ${lacks} until ${expires_at}.` }
}

function approverGroups(admitted: Admitted, requirements: Requirements): string[] {
  const entitled = Object.keys(requirements).some(isReserved)
    ? remainingSteps(admitted).flatMap(({ id }) => pinnedContract(admitted, id)?.contract.approvers ?? [])
    : []
  const named = Object.keys(requirements).filter((group) => !isReserved(group))
  return [...new Set([...named, ...entitled])]
}
