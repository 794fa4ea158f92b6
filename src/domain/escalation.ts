/** Sealed in an envelope: from `at` on (ISO 8601, by the ledger's clock) members of `to` may stand for `group` too. */
export interface Escalation {
  readonly group: string
  readonly to: string
  readonly at: string
}

/** Sealed in an envelope: at `at` (ISO 8601, by the ledger's clock) members of `group` who have not decided are reminded. */
export interface Reminder {
  readonly group: string
  readonly at: string
}

/** How long people have, when they are reminded, and whom a silence goes to next; all by the ledger's clock. */
export interface ApprovalRules {
  readonly approvalTtlMs: number
  readonly remindAfterMs: number | null
  /** Of groups that have a time of their own. */
  readonly reminders: readonly { readonly group: string; readonly afterMs: number }[]
  readonly escalations: readonly { readonly group: string; readonly to: string; readonly afterMs: number }[]
  /** How many requests of one agent may wait for people. */
  readonly pendingPerAgent: number
}

/** What an envelope says about the time it is open. */
export interface Schedule {
  /** Of the groups that `reminders` does not name. */
  readonly remind_at?: string
  readonly reminders?: readonly Reminder[]
  readonly escalations?: readonly Escalation[]
}

/** The groups that somebody may stand for at a moment (milliseconds): their own, and those escalated to them. */
export function standsFor(
  groups: readonly string[],
  escalations: readonly Escalation[],
  nowMs: number,
): readonly string[] {
  const escalated = dueEscalations(escalations, nowMs)
    .filter(({ to }) => groups.includes(to))
    .map(({ group }) => group)
  return [...new Set([...groups, ...escalated])]
}

export function dueEscalations(escalations: readonly Escalation[], nowMs: number): Escalation[] {
  return escalations.filter(({ at }) => Date.parse(at) <= nowMs)
}

/** How long until a reminder or an escalation is due, in milliseconds; null if none is to come. */
export function nextDue({ remind_at, reminders = [], escalations = [] }: Schedule, nowMs: number): number | null {
  const moments = [...(remind_at ? [remind_at] : []), ...[...reminders, ...escalations].map(({ at }) => at)]
  const ahead = moments.map((at) => Date.parse(at) - nowMs).filter((ms) => ms > 0)
  return ahead.length > 0 ? Math.min(...ahead) : null
}
