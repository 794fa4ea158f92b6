import { checkArgs } from '../contract/check-args.js'
import { canonical } from '../digest.js'
import { type AmendmentStatement, amend, changesBetween } from '../domain/amendment.js'
import { observationArgs } from '../domain/arguments.js'
import { ExequaturError } from '../domain/errors.js'
import type { JsonObject } from '../domain/json.js'
import { planProblems } from '../domain/plan.js'
import type { Step } from '../domain/request.js'
import { type Admitted, pinnedContract } from '../evidence/admitted.js'
import { isFresh } from '../evidence/votes.js'
import type { EnvelopeRow } from '../ledger/action-record.js'
import { ledgerTime } from '../ledger/queries/ledger-time.js'
import { recordAmendment } from '../ledger/queries/record-amendment.js'
import type { ApprovalView } from './approval-view.js'
import { authenticateAgain } from './authenticate.js'
import type { Caller, ControlPlane } from './control-plane.js'
import { sendHint } from './deliver-hints.js'
import { leaveRefusal } from './leave-refusal.js'
import { findOpenOrClosed, getApproval } from './list-approvals.js'
import { requireEntitled } from './require-entitled.js'

export interface Amending {
  readonly step: string
  /** The arguments to change; each takes the place of the one of that name. */
  readonly args: JsonObject
  readonly reason: string
  /** Of the envelope the person was shown. */
  readonly envelope_digest: string
}

/**
 * Changes arguments of a step that waits for approval, by somebody who may decide on it. The envelope is sealed anew, the
 * policy decides again, votes so far are void, and somebody else has to approve. Resolves to the approval request as it
 * then stands: out of date. Throws `EXQ-4001`-`EXQ-4004`, `EXQ-4041`-`EXQ-4043`, and what the plan's rule
 * finds; who may not decide leaves a refusal.
 */
export function amendApproval(
  plane: ControlPlane,
  caller: Caller,
  approvalId: string,
  amending: Amending,
): Promise<ApprovalView> {
  const asked = { approval_id: approvalId, amending }
  return leaveRefusal(plane, caller, asked, () => amendOpen(plane, caller, approvalId, amending))
}

async function amendOpen(
  plane: ControlPlane,
  caller: Caller,
  approvalId: string,
  amending: Amending,
): Promise<ApprovalView> {
  const { admitted, row } = await findOpenOrClosed(plane, caller, approvalId)
  const person = caller.principal.principal
  requireEntitled(plane, admitted, person, row)
  if (amending.envelope_digest !== row.digest)
    throw new ExequaturError('EXQ-4004', `${approvalId} has the digest ${row.digest}`)
  const ref = { tenant: caller.tenant, action_id: admitted.record.id }
  const args = amendedArgs(admitted, row, amending)
  const statement: AmendmentStatement = {
    kind: 'amendment',
    ...ref,
    revision: Math.max(0, ...admitted.record.amendments.map(({ revision }) => revision)) + 1,
    approval_id: approvalId,
    round: row.round,
    step: amending.step,
    args,
    previous_digest: row.digest,
    amended_by: person,
    account: caller.account,
    reason: amending.reason,
    at: await ledgerTime(plane.pool),
  }
  const bytes = canonical(statement)
  const signed = {
    ...statement,
    statement: bytes,
    key_id: plane.signingKey.keyId,
    signature: plane.signingKey.sign(bytes),
  }
  switch (await recordAmendment(plane.pool, signed, caller.authority.revision)) {
    case 'recorded':
      await sendHint(plane, ref)
      return getApproval(plane, caller, approvalId)
    case 'closed':
      throw new ExequaturError('EXQ-4002', `${approvalId} is no longer open`)
    case 'moved':
      return amendOpen(plane, await authenticateAgain(plane.authorities, caller), approvalId, amending)
  }
}

/** The arguments of the step after the change, as sound as they had to be when the request was admitted. */
function amendedArgs(admitted: Admitted, row: EnvelopeRow, { step: id, args: changed }: Amending): JsonObject {
  const { request, record } = admitted
  const step = request.plan.steps.find((each) => each.id === id)
  if (!step) throw new ExequaturError('EXQ-4041', `the plan has no step ${id}`)
  if (record.intents.some((intent) => intent.step === id && intent.phase === 'execute'))
    throw new ExequaturError('EXQ-4041', `${id} has begun`)
  // Of an envelope that is out of date nobody was shown the present arguments.
  if (!isFresh(admitted, row)) throw new ExequaturError('EXQ-4004', `${row.id} is being sealed anew`)
  const args = { ...step.args, ...changed }
  if (changesBetween(step.args, args, (one, other) => canonical(one) === canonical(other)).length === 0)
    throw new ExequaturError('EXQ-4042', `${id} has these arguments already`)
  refuseOtherObservation(admitted, step, args)
  const problems = planProblems(amend(request, id, args), (each) => pinnedContract(admitted, each.id), checkArgs)
  if (problems[0]) throw new ExequaturError(problems[0].code, problems[0].message, problems)
  return args
}

/** What was read for the decision is of the arguments as they were. */
function refuseOtherObservation(admitted: Admitted, step: Step, args: JsonObject): void {
  const contract = pinnedContract(admitted, step.id)?.contract
  if (!contract?.observe) return
  const [before, after] = [step, { ...step, args }].map((each) => canonical(observationArgs(each, contract)))
  if (before !== after)
    throw new ExequaturError('EXQ-4043', `${contract.observe.tool} was read with the arguments as they are`)
}
