import type { Config } from '../contract/define-config.js'
import type { PolicyRule } from '../domain/policy-change.js'

/** Who has to agree to a change of policies that loosens. */
export function policyRuleOf({
  policyChanges = {},
  people: deployment,
}: Pick<Config, 'policyChanges' | 'people'>): PolicyRule {
  if (policyChanges === 'immediate') return { group: 'policy', people: 0 }
  const { group = 'policy', people = deployment === 'one' ? 1 : 2 } = policyChanges
  return { group, people }
}
