import type { ActionView } from '../control-plane/action-view.js'
import type { ApprovalView } from '../control-plane/approval-view.js'
import type { AttentionView } from '../control-plane/attention/attention-view.js'
import type { AttentionPage } from '../control-plane/attention/list-attention.js'
import type { ChangesView } from '../control-plane/changes-view.js'
import type { Page } from '../control-plane/cursor.js'
import type { DeliveryView } from '../control-plane/deliveries/list-deliveries.js'
import type { ActionExplanation } from '../control-plane/explain-action.js'
import type { KeyView, NewKey, OwnKeys } from '../control-plane/keys.js'
import type { WholeView } from '../control-plane/list-approvals.js'
import type { BudgetsView } from '../control-plane/list-budgets.js'
import type { DownstreamView } from '../control-plane/list-downstreams.js'
import type { PolicySetView } from '../control-plane/list-policy-sets.js'
import type { ToolView } from '../control-plane/list-tools.js'
import type { PolicyChangeView } from '../control-plane/policy-change-view.js'
import type { ReconciliationView } from '../control-plane/read-reconciliation.js'
import type { TrailView } from '../control-plane/read-trail.js'
import type { StatusOrdered } from '../control-plane/set-tool-status.js'
import type { SignInLink } from '../control-plane/sign-in/links.js'
import type { Proof, SignedByPerson } from '../control-plane/signed-statement.js'
import type { Simulation } from '../control-plane/simulate-policies.js'
import type { SlackLinkView, SlackUserView } from '../control-plane/slack/link-slack.js'
import type { StopOrdered } from '../control-plane/stops.js'
import type { VoteKind } from '../domain/approval.js'
import type { ResolutionStatement } from '../domain/attention.js'
import type { ContractStatus } from '../domain/contract.js'
import type { Verdict } from '../domain/review.js'
import type { PendingRule, Stop } from '../domain/stop.js'
import type { ShadowRow } from '../ledger/queries/list-shadows.js'
import type { Connection } from './connection.js'
import { type Call, type Query, send } from './send-call.js'

/** For the server to sign, or signed by a key of the person. */
export type Vote =
  | {
      readonly vote: VoteKind
      readonly reason: string
      readonly envelope_digest: string
      readonly acknowledged?: readonly string[]
    }
  | SignedByPerson

export type ResolutionWish = Pick<ResolutionStatement, 'choice' | 'reason' | 'evidence' | 'output' | 'state_digest'>

export interface Amending {
  readonly step: string
  readonly args: Readonly<Record<string, unknown>>
  readonly reason: string
  readonly envelope_digest: string
}

/** The HTTP API, as far as the CLI uses it. Waits are in seconds; every call throws what the server answered. */
export interface Api {
  submit(request: unknown, wait: number): Promise<ActionView & { readonly joined?: true }>
  getAction(id: string, wait?: number): Promise<ActionView>
  listActions(query: Query): Promise<Page<ActionView>>
  cancelAction(id: string, reason: string | undefined): Promise<ActionView>
  listApprovals(query: Query): Promise<Page<ApprovalView>>
  /** What the caller has voted on, newest vote first. */
  listDecisions(query: Query): Promise<Page<ApprovalView>>
  getApproval(id: string): Promise<ApprovalView>
  getWhole(id: string): Promise<WholeView>
  vote(approvalId: string, vote: Vote): Promise<ApprovalView>
  amend(approvalId: string, amending: Amending): Promise<ApprovalView>
  listAttention(query: Query): Promise<AttentionPage>
  getAttention(id: string): Promise<AttentionView>
  /** For the server to sign, or signed by a key of the person. */
  resolveAttention(id: string, resolution: ResolutionWish | SignedByPerson): Promise<AttentionView>
  makeSignInLink(): Promise<SignInLink>
  listKeys(): Promise<OwnKeys>
  registerKey(key: NewKey): Promise<KeyView>
  revokeKey(keyId: string): Promise<KeyView>
  lookAtSlackCode(code: string): Promise<SlackUserView>
  linkSlack(linking: { readonly code: string; readonly endorsement?: Proof }): Promise<SlackLinkView>
  listTools(): Promise<Page<ToolView>>
  getTool(name: string, version?: number): Promise<ToolView>
  setToolStatus(name: string, order: StatusWish): Promise<StatusOrdered>
  listStops(): Promise<Page<Stop>>
  listBudgets(): Promise<BudgetsView>
  stop(order: { scope: string; reason: string; pending?: PendingRule | undefined }): Promise<StopOrdered>
  resume(scope: string, reason: string): Promise<StopOrdered>
  proposePolicies(proposal: {
    readonly policies: Readonly<Record<string, string>>
    readonly note: string
  }): Promise<PolicyChangeView>
  listPolicyChanges(limit: number): Promise<Page<PolicyChangeView>>
  getPolicyChange(id: string): Promise<PolicyChangeView>
  agreeToPolicies(
    id: string,
    said: { readonly vote: 'agree' | 'object'; readonly reason: string },
  ): Promise<PolicyChangeView>
  simulatePolicies(question: unknown): Promise<Simulation>
  explainAction(id: string): Promise<ActionExplanation>
  listPolicySets(limit: number): Promise<Page<PolicySetView>>
  listReviews(query: Query): Promise<Page<ChangesView>>
  reviewAction(id: string, review: { verdict: Verdict; reason?: string | undefined }): Promise<ActionView>
  listDownstreams(): Promise<Page<DownstreamView>>
  listDeliveries(query: Query): Promise<Page<DeliveryView>>
  retryDelivery(id: string): Promise<DeliveryView>
  reconciliation(): Promise<ReconciliationView>
  listShadowEffects(query: Query): Promise<Page<ShadowRow>>
  acknowledgeShadowEffect(id: string, reason: string): Promise<ShadowRow>
  trail(id: string): Promise<TrailView>
  history(id: string): Promise<unknown>
}

export interface StatusWish {
  readonly status: ContractStatus
  readonly version?: number | undefined
  readonly note: string
}

export interface CallSettings {
  /** Beyond what the server is asked to wait. */
  readonly answerWithinMs?: number
  /** Told of every call, which it makes. */
  readonly around?: <T>(call: () => Promise<T>) => Promise<T>
}

export function createApi(connection: Connection, settings: CallSettings = {}): Api {
  const { answerWithinMs = 30_000, around = (call) => call() } = settings
  const call = <T>(path: readonly string[], options: Call = {}) =>
    around(() => send(connection, path, options, answerWithinMs) as Promise<T>)
  return {
    submit: (body, wait) => call(['actions'], { method: 'POST', body, wait }),
    getAction: (id, wait = 0) => call(['actions', id], { wait }),
    listActions: (query) => call(['actions'], { query }),
    cancelAction: (id, reason) =>
      call(['actions', id, 'cancel'], { method: 'POST', body: reason === undefined ? {} : { reason } }),
    listApprovals: (query) => call(['approvals'], { query }),
    listDecisions: (query) => call(['decisions'], { query }),
    getApproval: (id) => call(['approvals', id]),
    getWhole: (id) => call(['approvals', id, 'whole']),
    vote: (id, body) => call(['approvals', id, 'votes'], { method: 'POST', body }),
    amend: (id, body) => call(['approvals', id, 'amendments'], { method: 'POST', body }),
    listAttention: (query) => call(['attention'], { query }),
    getAttention: (id) => call(['attention', id]),
    resolveAttention: (id, body) => call(['attention', id, 'resolutions'], { method: 'POST', body }),
    makeSignInLink: () => call(['sign-in-links'], { method: 'POST', body: {} }),
    listKeys: () => call(['keys']),
    registerKey: (body) => call(['keys'], { method: 'POST', body }),
    revokeKey: (keyId) => call(['keys', keyId, 'revoke'], { method: 'POST', body: {} }),
    lookAtSlackCode: (code) => call(['slack-links', 'look'], { method: 'POST', body: { code } }),
    linkSlack: (body) => call(['slack-links'], { method: 'POST', body }),
    listTools: () => call(['tools']),
    getTool: (name, version) => call(['tools', name], { query: { version } }),
    setToolStatus: (name, body) => call(['tools', name, 'status'], { method: 'POST', body }),
    listStops: () => call(['stops']),
    listBudgets: () => call(['budgets']),
    stop: (body) => call(['stops'], { method: 'POST', body }),
    resume: (scope, reason) => call(['stops', scope, 'resume'], { method: 'POST', body: { reason } }),
    proposePolicies: (body) => call(['policy', 'changes'], { method: 'POST', body }),
    listPolicyChanges: (limit) => call(['policy', 'changes'], { query: { limit } }),
    getPolicyChange: (id) => call(['policy', 'changes', id]),
    agreeToPolicies: (id, body) => call(['policy', 'changes', id, 'agreements'], { method: 'POST', body }),
    simulatePolicies: (body) => call(['policy', 'simulations'], { method: 'POST', body }),
    explainAction: (id) => call(['actions', id, 'explanation']),
    listPolicySets: (limit) => call(['policy', 'sets'], { query: { limit } }),
    listReviews: (query) => call(['reviews'], { query }),
    reviewAction: (id, body) => call(['actions', id, 'reviews'], { method: 'POST', body }),
    listDownstreams: () => call(['downstreams']),
    listDeliveries: (query) => call(['deliveries'], { query }),
    retryDelivery: (id) => call(['deliveries', id, 'retries'], { method: 'POST' }),
    reconciliation: () => call(['reconciliation']),
    listShadowEffects: (query) => call(['shadow-effects'], { query }),
    acknowledgeShadowEffect: (id, reason) =>
      call(['shadow-effects', id, 'acknowledgements'], { method: 'POST', body: { reason } }),
    trail: (id) => call(['actions', id, 'trail']),
    history: (id) => call(['actions', id, 'history']),
  }
}
