import type { EnvelopeRow } from '../ledger/action-record.js'
import { askedGroups } from './asked-groups.js'
import { scheduleOf } from './deadlines.js'

export interface DueReminder {
  /** Of the notice: 1 for the groups that have no time of their own, 2, 3, ... for each that has. */
  readonly ordinal: number
  readonly groups: readonly string[]
}

/** The reminders of an approval request whose time has come, with the groups that each is for. */
export function dueReminders(row: EnvelopeRow): DueReminder[] {
  const { remind_at, reminders = [], nowMs } = scheduleOf(row)
  const usual = askedGroups(row).filter((name) => !reminders.some(({ group }) => group === name))
  return [
    ...(remind_at ? [{ at: remind_at, ordinal: 1, groups: usual }] : []),
    ...reminders.map(({ group, at }, index) => ({ at, ordinal: index + 2, groups: [group] })),
  ].flatMap(({ at, ordinal, groups }) => (Date.parse(at) <= nowMs ? [{ ordinal, groups }] : []))
}
