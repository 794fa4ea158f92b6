import { type Risk, risks } from './contract.js'

/**
 * Up to which risk an approval may come in how, or a decision on what needs attention. What is above needs a stronger way;
 * rejecting needs none.
 */
export interface SurfaceRules {
  /** By a click in Slack. */
  readonly slackUpTo: Risk
  /** In the inbox without a passkey. */
  readonly inboxUpTo: Risk
  /** On the command line with `--yes`, where nobody is asked again. */
  readonly unaskedUpTo: Risk
}

export const usualSurfaceRules: SurfaceRules = { slackUpTo: 'medium', inboxUpTo: 'medium', unaskedUpTo: 'medium' }

/** May an approval or a decision of this risk come in by this method (`slack`, `inbox`, `cli`, `http`, `key`, `passkey`)? */
export function mayApproveBy(rules: SurfaceRules, method: string, risk: Risk): boolean {
  if (method === 'slack') return isAtMost(risk, rules.slackUpTo)
  if (method === 'inbox') return isAtMost(risk, rules.inboxUpTo)
  return true
}

export function isAtMost(risk: Risk, limit: Risk): boolean {
  return risks.indexOf(risk) <= risks.indexOf(limit)
}
