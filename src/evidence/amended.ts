import type { PolicyDecision, Requirements } from '../domain/policy.js'
import { tellRequirements } from '../domain/policy.js'
import { type Admitted, pinnedContract } from './admitted.js'

/**
 * What a person has changed waits for somebody else, even where the policy lets it run: nobody rewrites alone what an
 * agent asked for. A decision that asks for approval, or denies, stays as it is.
 */
export function approvedByAnother(
  admitted: Admitted,
  decision: PolicyDecision,
  approvals: Readonly<Record<string, number>>,
): PolicyDecision {
  if (admitted.amendments.length === 0 || decision.result !== 'allow') return decision
  const requirements = requirementsOf(admitted, decision.step)
  if (Object.entries(requirements).every(([group, count]) => (approvals[group] ?? 0) >= count)) return decision
  return {
    ...decision,
    result: 'require-approval',
    policy_ids: [],
    permitted_by: decision.policy_ids,
    requirements,
    explanation: `The arguments were amended: somebody else has to agree (${tellRequirements(requirements)}).`,
  }
}

/** One of the tool's approvers; where it names none, those whom the amended envelope asked. */
function requirementsOf(admitted: Admitted, step: string): Requirements {
  if ((pinnedContract(admitted, step)?.contract.approvers.length ?? 0) > 0) return { approvers: 1 }
  const previous = admitted.amendments.at(-1)?.previous_digest
  return admitted.record.envelopes.find(({ digest }) => digest === previous)?.requirements ?? { approvers: 1 }
}
