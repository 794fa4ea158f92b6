import { acknowledgeShadowEffect } from './acknowledge-shadow-effect.js'
import { agreeToPolicies } from './agree-to-policies.js'
import { amendApproval } from './amend-approval.js'
import { cancelAction } from './cancel-action.js'
import { castVote } from './cast-vote.js'
import { explainAction } from './explain-action.js'
import { getAction } from './get-action.js'
import { getApproval } from './get-approval.js'
import { getAttention } from './get-attention.js'
import { getHealth } from './get-health.js'
import { getOpenapi } from './get-openapi.js'
import { getPolicyChange } from './get-policy-change.js'
import { getReadiness } from './get-readiness.js'
import { getReconciliation } from './get-reconciliation.js'
import { getTool } from './get-tool.js'
import { getWhole } from './get-whole.js'
import { linkSlack } from './link-slack.js'
import { listActions } from './list-actions.js'
import { listApprovals } from './list-approvals.js'
import { listAttention } from './list-attention.js'
import { listBudgets } from './list-budgets.js'
import { listDecisions } from './list-decisions.js'
import { listDeliveries } from './list-deliveries.js'
import { listDownstreams } from './list-downstreams.js'
import { listKeys } from './list-keys.js'
import { listPolicyChanges } from './list-policy-changes.js'
import { listPolicySets } from './list-policy-sets.js'
import { listPrincipals } from './list-principals.js'
import { listReviews } from './list-reviews.js'
import { listShadowEffects } from './list-shadow-effects.js'
import { listStops } from './list-stops.js'
import { listTools } from './list-tools.js'
import { lookAtSlackCode } from './look-at-slack-code.js'
import { makeSignInLink } from './make-sign-in-link.js'
import { orderResume } from './order-resume.js'
import { orderStop } from './order-stop.js'
import { passkeyOptions } from './passkey-options.js'
import { proposePolicies } from './propose-policies.js'
import { readHistory } from './read-history.js'
import { readMe } from './read-me.js'
import { readTrail } from './read-trail.js'
import { registerKey } from './register-key.js'
import { registerPasskey } from './register-passkey.js'
import { resolveAttention } from './resolve-attention.js'
import { retryDelivery } from './retry-delivery.js'
import { reviewAction } from './review-action.js'
import { revokeKey } from './revoke-key.js'
import type { OpenRoute, SecuredRoute } from './route.js'
import { setToolStatus } from './set-tool-status.js'
import { signOut } from './sign-out.js'
import { simulatePolicies } from './simulate-policies.js'
import { submitAction } from './submit-action.js'
import { watchChanges } from './watch-changes.js'

export type { ReadinessCheck } from './route.js'

export const openRoutes: readonly OpenRoute[] = [getHealth, getReadiness, getOpenapi]

export const securedRoutes: readonly SecuredRoute[] = [
  submitAction,
  getAction,
  listActions,
  cancelAction,
  readTrail,
  readHistory,
  listApprovals,
  getApproval,
  getWhole,
  listDecisions,
  castVote,
  amendApproval,
  listAttention,
  getAttention,
  resolveAttention,
  registerKey,
  listKeys,
  revokeKey,
  passkeyOptions,
  registerPasskey,
  proposePolicies,
  listPolicyChanges,
  getPolicyChange,
  agreeToPolicies,
  listPolicySets,
  simulatePolicies,
  explainAction,
  listReviews,
  reviewAction,
  listTools,
  getTool,
  setToolStatus,
  listStops,
  listBudgets,
  orderStop,
  orderResume,
  listDownstreams,
  getReconciliation,
  listShadowEffects,
  acknowledgeShadowEffect,
  watchChanges,
  readMe,
  listPrincipals,
  makeSignInLink,
  signOut,
  listDeliveries,
  retryDelivery,
  lookAtSlackCode,
  linkSlack,
]
