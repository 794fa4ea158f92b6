import { digest } from '../src/digest.js'
import type { PolicyDecision } from '../src/domain/policy.js'
import type { Admitted } from '../src/evidence/admitted.js'
import { overBounds } from '../src/evidence/bounds.js'
import { withheld } from '../src/evidence/effect.js'
import { presentRound } from '../src/evidence/looks.js'
import { movedSince, outOfRange } from '../src/evidence/moved.js'
import { envelopeOf, validVotes } from '../src/evidence/votes.js'
import type { ToolDecision } from '../src/ledger/queries/record-decisions.js'
import type { Call, ExecutorDeps } from './call.js'
import { misfitOf, unresolvedReference } from './misfit.js'
import { stepOf } from './request.js'

const longestExplanation = 1_000

/** Why a call may not even be put to the policy. */
export function refusalOf(deps: ExecutorDeps, admitted: Admitted, call: Call): PolicyDecision | null {
  const row = call.ref.phase === 'execute' ? envelopeOf(admitted, call.round) : undefined
  const rejection = row && validVotes(deps, admitted, row).find(({ vote }) => vote === 'reject')
  const misfit = unresolvedReference(admitted, call) ?? misfitOf(deps, call)
  const bound = call.undo
    ? null
    : overBounds(admitted, call.ref.phase === 'execute' ? call.round : presentRound(admitted))
  const explanation =
    withheld(admitted, call.contract, call.undo)?.reason ??
    (rejection && `EXQ-4006 Rejected by ${rejection.approver}: ${rejection.reason}`) ??
    (misfit && `EXQ-1102 ${misfit.slice(0, longestExplanation)}`) ??
    (bound && `EXQ-1106 ${bound}`)
  return explanation ? refusedCall(admitted, call, explanation) : null
}

/** A denial before the policy was asked. */
export function refusedCall({ authority }: Admitted, call: Call, explanation: string): PolicyDecision {
  return {
    step: call.ref.step,
    result: 'deny',
    policy_ids: [],
    permitted_by: [],
    policy_digest: authority.policyDigest,
    input_digest: digest(call.args),
    contract_digest: call.contract.digest,
    requirements: {},
    explanation,
  }
}

/** What moved since the round was decided, or came out of its range: it is shown, and asked about, before it is used. */
export function heldByFacts(admitted: Admitted, call: Call): Omit<ToolDecision, 'tool'> | null {
  if (call.ref.phase !== 'execute') return null
  const { step } = call.ref
  const moved = movedSince(admitted, step, call.round)
  const late = outOfRange(admitted, stepOf(admitted.request, step), call)
  if (moved.length + late.length === 0) return null
  const names = [...moved, ...late].map(({ pointer }) => pointer).join(', ')
  const explanation =
    moved.length > 0
      ? `EXQ-5050 ${names} is not what it was when this was decided.`
      : `EXQ-5051 ${names} came to a value outside of what the contract lets a reference give.`
  return { ...refusedCall(admitted, call, explanation), result: 'require-approval', moved: [...moved, ...late] }
}
