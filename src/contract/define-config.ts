import { isReserved } from '../domain/approval.js'
import { ExequaturError } from '../domain/errors.js'
import { tenantPattern } from '../domain/ids.js'
import type { Links } from '../domain/links.js'
import { type ApprovalSettings, approvalProblems } from './approval-rules.js'
import { type AttentionSettings, attentionProblems } from './attention-settings.js'
import { type BudgetSettings, budgetProblems, type LoopSettings } from './budget-rules.js'
import { durationMs } from './duration.js'
import { type InboxSettings, inboxProblems } from './inbox-settings.js'
import { type Issuer, issuerProblems } from './issuer.js'
import { type DownstreamSettings, downstreamProblems } from './limit-settings.js'
import { linkProblems } from './link-settings.js'
import { type NotificationSettings, notificationProblems } from './notification-settings.js'
import { type SlackSettings, slackProblems } from './slack-settings.js'
import type { Duration, Tool } from './tool.js'
import type { Scratch, ToolChecks } from './tool-checks.js'

/** One deployment of Exequatur, as its adopter declares it in `exequatur.config.ts`. */
export interface Config {
  /** Names the deployment; part of the idempotency key of every new call, so no other one has it. What was begun keeps its key. */
  readonly deployment: string
  readonly tenants: readonly string[]
  /** Groups of people that policies and contracts may name. */
  readonly groups: readonly string[]
  /** Folder of `*.cedar` files, relative to the config file. */
  readonly policies: string
  /** Folder of policy cases (`*.yaml`), relative to the config file; for `exq policy test`. */
  readonly policyCases?: string
  /**
   * Who agrees to a change of policies that loosens: so many people of a group, `{ group: 'policy', people: 2 }` if left
   * out. `immediate`: nobody has to, whatever the files say goes in force; for development.
   */
  readonly policyChanges?: 'immediate' | { readonly group?: string; readonly people?: number }
  /** How long people have, reminders, escalation, and how many requests of an agent may wait. */
  readonly approvals?: ApprovalSettings
  /** How long an approval stays open, in milliseconds; `approvals.ttl` says the same. */
  readonly approvalTtlMs?: number
  /** How far back the calls of an agent count as what it did before, `24h` if left out. A session that the credential names counts whole. */
  readonly sessionWindow?: Duration
  /** Limits over all requests together, kept exactly under any concurrency. */
  readonly budgets?: readonly BudgetSettings[]
  /** How far back `context.totals` of the policy reach, `24h` if left out. */
  readonly totals?: { readonly window?: Duration }
  /** When the same call, repeated in a session, is stopped as a loop. */
  readonly loops?: LoopSettings
  /**
   * Who may stop and resume: a group. Owners may stop their own agents; operators everything, on the ledger itself.
   * `pending` says what becomes of what is stopped: it ends, or waits to be resumed; `end` if left out.
   */
  readonly stops?: { readonly group?: string; readonly pending?: 'wait' | 'end' }
  /** Who decides where a machine may not settle, beside the approvers of a tool, and how soon a silence is told. */
  readonly attention?: AttentionSettings
  /** How people are told, beside the lists they look at: nobody is, if left out. */
  readonly notifications?: NotificationSettings
  /** OIDC issuers whose access tokens are accepted, beside our own tokens. */
  readonly issuers?: readonly Issuer[]
  /** How long people stay signed in at the inbox. */
  readonly inbox?: InboxSettings
  /**
   * `one` declares that there is one person only: who asks may then approve as well, and every such approval is marked as
   * self-approved. `several` if left out: nobody decides on what they are part of.
   */
  readonly people?: 'one' | 'several'
  /** Limits of downstreams, by their names: each in place of what contracts declare. The same for every executor. */
  readonly downstreams?: DownstreamSettings
  /**
   * How often open actions are compared with running workflows, `30s` if left out, and what tools list as effects with
   * the ledger, `5m` if left out.
   */
  readonly reconcile?: { readonly every?: Duration; readonly effects?: Duration }
  /** Where people look up what a request belongs to: `{ ticket: 'https://desk.example/tickets/{id}' }`. */
  readonly links?: Links
  /** The Slack workspace in which people are told, and decide; see `docs/SLACK.md`. */
  readonly slack?: SlackSettings
  /** Loaded by executors only: the server never runs tool code. */
  readonly tools: () => Promise<readonly Tool[]>
  /** How each tool is checked, against a test downstream: for `exq tools check` and `exq verify`, and nothing else. */
  readonly checks?: (scratch: Scratch) => Promise<ToolChecks>
}

/** Checks a configuration; throws `EXQ-7001` with all that is wrong. */
export function defineConfig(config: Config): Config {
  const problems: string[] = []
  if (!/^[a-z0-9-]{1,63}$/.test(config.deployment)) problems.push('deployment: lower case letters, digits and -')
  if (config.tenants.length === 0) problems.push('tenants: name at least one')
  for (const tenant of config.tenants) {
    if (!tenantPattern.test(tenant)) problems.push(`tenants: ${tenant}: lower case letters, digits and -`)
  }
  for (const group of config.groups) {
    if (!/^[a-z][a-z0-9_]*$/.test(group)) problems.push(`groups: ${group}: lower case letters, digits and _`)
    if (isReserved(group)) problems.push(`groups: ${group} is a reserved name`)
  }
  if (typeof config.policyChanges === 'object') {
    const { group, people } = config.policyChanges
    if (group !== undefined && !config.groups.includes(group))
      problems.push(`policyChanges: the group ${group} is not one of groups`)
    if (people !== undefined && !(Number.isInteger(people) && people > 0))
      problems.push('policyChanges: people is a whole number, 1 at least')
  }
  if (config.approvalTtlMs !== undefined && !(Number.isInteger(config.approvalTtlMs) && config.approvalTtlMs > 0)) {
    problems.push('approvalTtlMs: a whole number of milliseconds')
  }
  problems.push(...approvalProblems(config.approvals, config.approvalTtlMs, config.groups))
  if (config.sessionWindow !== undefined && !durationMs(config.sessionWindow)) {
    problems.push('sessionWindow: a duration such as 24h')
  }
  problems.push(...budgetProblems(config))
  const { group, pending = 'end' } = config.stops ?? {}
  if (group !== undefined && !config.groups.includes(group)) problems.push(`stops.group: ${group} is not one of groups`)
  if (pending !== 'wait' && pending !== 'end') problems.push('stops.pending: wait or end')
  problems.push(...attentionProblems(config.attention, config.groups))
  problems.push(
    ...notificationProblems(config.notifications, { groups: config.groups, slack: config.slack !== undefined }),
  )
  problems.push(...issuerProblems(config.issuers ?? [], config.tenants))
  problems.push(...inboxProblems(config.inbox))
  problems.push(...downstreamProblems(config.downstreams))
  problems.push(...slackProblems(config.slack, config))
  for (const [name, text] of Object.entries(config.reconcile ?? {}))
    if ((durationMs(text) ?? 0) < 1_000) problems.push(`reconcile.${name}: a duration, 1s at least`)
  problems.push(...linkProblems(config.links))
  if (config.people !== undefined && config.people !== 'one' && config.people !== 'several')
    problems.push('people: one or several')
  if (problems.length > 0) throw new ExequaturError('EXQ-7001', problems.join('; '))
  return config
}
