/**
 * Distinct people needed per group; the reserved names count people (`approvers`), distinct groups (`groups`) and people
 * who approve by a strong method (`strong`).
 */
export type Requirements = Readonly<Record<string, number>>

export type DecisionResult = 'allow' | 'deny' | 'require-approval'

/** What the policy said of one call, with what is needed to say it again. */
export interface PolicyDecision {
  readonly step: string
  readonly result: DecisionResult
  readonly policy_ids: readonly string[]
  /** Ids of the permits that allow once the required approvals are given; none unless those are asked for. */
  readonly permitted_by: readonly string[]
  readonly policy_digest: string
  readonly input_digest: string
  readonly contract_digest: string
  readonly requirements: Requirements
  readonly explanation: string
}

/** What the policy said of a whole plan. */
export interface PlanDecision {
  readonly result: DecisionResult
  readonly policy_ids: readonly string[]
  readonly policy_digest: string
  readonly requirements: Requirements
  readonly explanation: string
}

const strictness: Readonly<Record<DecisionResult, number>> = { allow: 0, 'require-approval': 1, deny: 2 }

/** The strictest answer wins; a plan needs, per group, the most that any of its steps needs. */
export function decidePlan(decisions: readonly PolicyDecision[]): PlanDecision {
  const result = decisions.reduce<DecisionResult>(
    (strictest, { result }) => (strictness[result] > strictness[strictest] ? result : strictest),
    'allow',
  )
  const deciding = decisions.filter((decision) => decision.result === result)
  return {
    result,
    policy_ids: [...new Set(deciding.flatMap(({ policy_ids }) => policy_ids))],
    policy_digest: decisions[0]?.policy_digest ?? '',
    requirements: result === 'require-approval' ? strongest(deciding.map(({ requirements }) => requirements)) : {},
    explanation: [...new Set(deciding.map(({ explanation }) => explanation))].join(' '),
  }
}

/** The maximum per group. */
export function strongest(all: readonly Requirements[]): Requirements {
  const strongest: Record<string, number> = {}
  for (const requirements of all) {
    for (const [group, count] of Object.entries(requirements)) {
      strongest[group] = Math.max(strongest[group] ?? 0, count)
    }
  }
  return strongest
}

const reservedWords = new Map<string, (count: number) => string>([
  ['approvers', (count) => `${count} ${count === 1 ? 'approver' : 'approvers'}`],
  ['groups', (count) => (count === 1 ? 'a group that approves' : `${count} different groups`)],
  ['strong', (count) => `${count} who ${count === 1 ? 'signs' : 'sign'} with a key of their own`],
])

/** `finance 1 and security 1`, or `2 approvers and 2 different groups`, for people. */
export function tellRequirements(requirements: Requirements): string {
  const order = [...reservedWords.keys()]
  return Object.entries(requirements)
    .sort(([one], [other]) => order.indexOf(one) - order.indexOf(other))
    .map(([group, count]) => reservedWords.get(group)?.(count) ?? `${group} ${count}`)
    .join(' and ')
}
