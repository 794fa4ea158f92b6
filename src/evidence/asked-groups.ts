import { dueEscalations } from '../domain/escalation.js'
import type { EnvelopeRow } from '../ledger/action-record.js'
import { scheduleOf } from './deadlines.js'

/** The groups that are asked about an approval request by now: its own, and those that silence handed it on to. */
export function askedGroups(row: EnvelopeRow): readonly string[] {
  const { escalations = [], nowMs } = scheduleOf(row)
  return [...new Set([...row.approver_groups, ...dueEscalations(escalations, nowMs).map(({ to }) => to)])]
}
