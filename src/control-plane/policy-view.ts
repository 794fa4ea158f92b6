import { type Requirements, tellRequirements } from '../domain/policy.js'
import type { Policy, PolicySet } from '../policy/policy-set.js'

/** One policy of a set, as people see it. */
export interface PolicyView {
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  readonly file: string
  /** Who introduced or last altered it; null where that is not known. */
  readonly author: string | null
  /** What people must have approved for it to yield, as `finance 1`; null if nothing makes it yield. */
  readonly requires: Requirements | null
  readonly say: string | null
  readonly policy_text: string
}

/** The policies of these ids, those that the set has. */
export function viewPolicies(
  set: PolicySet,
  ids: readonly string[],
  authorOf: (id: string) => string | null,
): PolicyView[] {
  return ids.flatMap((id) => {
    const policy = set.policies.get(id)
    return policy ? [viewPolicy(policy, authorOf(id))] : []
  })
}

function viewPolicy({ id, effect, file, requires, say, text }: Policy, author: string | null): PolicyView {
  return { id, effect, file, author, requires, say, policy_text: text }
}

/** What would have been enough, or would be, for a decision that was no `allow`. */
export function tellEnough(decided: {
  readonly result: string
  readonly requirements: Requirements
  readonly policies: readonly PolicyView[]
  readonly permits: readonly PolicyView[]
}): string | null {
  if (decided.result === 'allow') return null
  if (decided.result === 'require-approval') return `Approval: ${tellRequirements(decided.requirements)}.`
  const firm = decided.policies.filter(({ effect, requires }) => effect === 'forbid' && requires === null)
  if (firm.length > 0)
    return `Nothing that people approve: ${firm.map(({ id }) => id).join(', ')} would have to not apply.`
  if (decided.permits.length > 0)
    return `A permit that covers this agent and these facts; this tool is permitted to others, or otherwise, by ${decided.permits.map(({ id }) => id).join(', ')}.`
  return 'A permit: no policy permits this tool to anybody.'
}
