import { type Risk, risks } from '../domain/contract.js'
import type { ApprovalRules } from '../domain/escalation.js'
import { type SurfaceRules, usualSurfaceRules } from '../domain/surface-rules.js'
import { durationMs } from './duration.js'
import type { Duration } from './tool.js'

/** What happens while people are silent, and how many requests they may be asked about. */
export interface ApprovalSettings {
  /** How long an approval stays open; `24h` if left out. */
  readonly ttl?: Duration
  /** When those who have not decided are reminded; never, if left out. */
  readonly remindAfter?: Duration
  /** The same by group, for those that have a time of their own. */
  readonly reminders?: Readonly<Record<string, { readonly after: Duration }>>
  /** By group: after so long members of `to` may stand for it too. */
  readonly escalations?: Readonly<Record<string, { readonly after: Duration; readonly to: string }>>
  /** How many requests of one agent may wait for people; 50 if left out. */
  readonly pendingPerAgent?: number
  /** Up to which risk a click in Slack approves; `medium` if left out. Rejecting is always possible. */
  readonly slackUpTo?: Risk
  /** Up to which risk the inbox approves, or settles what needs attention, without a passkey; `medium` if left out. */
  readonly inboxUpTo?: Risk
  /** Up to which risk `exq approve --yes` approves without asking; `medium` if left out. */
  readonly unaskedUpTo?: Risk
}

const dayMs = 24 * 60 * 60 * 1_000
const defaultPending = 50

/** The settings with their defaults, in milliseconds. `approvalTtlMs` is the older way to say `ttl`. */
export function approvalRulesOf(settings: ApprovalSettings = {}, approvalTtlMs?: number): ApprovalRules {
  const { ttl, remindAfter, reminders = {}, escalations = {}, pendingPerAgent = defaultPending } = settings
  return {
    approvalTtlMs: (ttl && durationMs(ttl)) || approvalTtlMs || dayMs,
    remindAfterMs: remindAfter ? durationMs(remindAfter) : null,
    reminders: Object.entries(reminders).map(([group, { after }]) => ({ group, afterMs: durationMs(after) ?? 0 })),
    escalations: Object.entries(escalations).map(([group, { after, to }]) => ({
      group,
      to,
      afterMs: durationMs(after) ?? 0,
    })),
    pendingPerAgent,
  }
}

/** Up to which risk each surface approves. */
export function surfaceRulesOf(settings: ApprovalSettings = {}): SurfaceRules {
  const usual = usualSurfaceRules
  const { slackUpTo = usual.slackUpTo, inboxUpTo = usual.inboxUpTo, unaskedUpTo = usual.unaskedUpTo } = settings
  return { slackUpTo, inboxUpTo, unaskedUpTo }
}

/** What is wrong with the settings, each in one line. */
export function approvalProblems(
  settings: ApprovalSettings | undefined,
  approvalTtlMs: number | undefined,
  groups: readonly string[],
): string[] {
  if (settings === undefined) return []
  const problems: string[] = []
  const { ttl, remindAfter, reminders = {}, escalations = {}, pendingPerAgent } = settings
  const isDuration = (text: string | undefined) => text === undefined || (durationMs(text) ?? 0) > 0
  if (!isDuration(ttl)) problems.push('approvals.ttl: a duration such as 24h')
  if (ttl !== undefined && approvalTtlMs !== undefined)
    problems.push('approvals.ttl: it says the same as approvalTtlMs; leave that out')
  if (!isDuration(remindAfter)) problems.push('approvals.remindAfter: a duration such as 1h')
  if (pendingPerAgent !== undefined && !(Number.isInteger(pendingPerAgent) && pendingPerAgent > 0))
    problems.push('approvals.pendingPerAgent: a whole number, 1 at least')
  for (const [name, risk] of Object.entries(surfaceRulesOf(settings)))
    if (!risks.includes(risk)) problems.push(`approvals.${name}: one of ${risks.join(', ')}`)
  const { approvalTtlMs: openMs } = approvalRulesOf(settings, approvalTtlMs)
  if ((durationMs(remindAfter ?? '') ?? 0) >= openMs) problems.push('approvals.remindAfter: it comes after the end')
  const checkGroup = (at: string, name: string) => {
    if (!groups.includes(name)) problems.push(`${at}: ${name} is not one of groups`)
  }
  const checkAfter = (at: string, after: string) => {
    if (!isDuration(after)) problems.push(`${at}.after: a duration such as 2h`)
    else if ((durationMs(after) ?? 0) >= openMs) problems.push(`${at}.after: it comes after the end`)
  }
  for (const [group, { after }] of Object.entries(reminders)) {
    const at = `approvals.reminders.${group}`
    checkGroup(at, group)
    checkAfter(at, after)
  }
  for (const [group, { after, to }] of Object.entries(escalations)) {
    const at = `approvals.escalations.${group}`
    for (const name of [group, to]) checkGroup(at, name)
    if (group === to) problems.push(`${at}: it goes to the same group`)
    checkAfter(at, after)
  }
  return problems
}
