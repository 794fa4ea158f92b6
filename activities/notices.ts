import type { ApprovalState } from '../src/domain/approval.js'
import { dueEscalations } from '../src/domain/escalation.js'
import type { Admitted, EvidenceDeps } from '../src/evidence/admitted.js'
import { askedGroups } from '../src/evidence/asked-groups.js'
import { scheduleOf } from '../src/evidence/deadlines.js'
import { dueReminders } from '../src/evidence/reminders.js'
import { isEntitled } from '../src/evidence/votes.js'
import type { EnvelopeRow } from '../src/ledger/action-record.js'
import { type Notice, recordNotices } from '../src/ledger/queries/record-notices.js'

/**
 * Notes what people are to be told about an approval request by now, each thing once. Asked are those who may decide;
 * reminded who of them has not; a silence is handed on to the next group; all hear that it is closed.
 */
export async function noteNotices(
  deps: EvidenceDeps,
  admitted: Admitted,
  row: EnvelopeRow,
  about: { readonly opened: boolean; readonly state: ApprovalState; readonly voters: readonly string[] },
): Promise<void> {
  const due = noticesDue(deps, admitted, row, about)
  const { tenant, id: action_id } = admitted.record
  if (due.length > 0) await recordNotices(deps.pool, { tenant, action_id }, { approval_id: row.id }, due)
}

function noticesDue(
  deps: EvidenceDeps,
  admitted: Admitted,
  row: EnvelopeRow,
  { opened, state, voters }: Parameters<typeof noteNotices>[3],
): Notice[] {
  const { escalations = [], nowMs } = scheduleOf(row)
  const of = (groups: readonly string[]) => entitledOf(deps, admitted, row, groups)
  const due: Notice[] = opened ? [{ kind: 'asked', ordinal: 1, recipients: of(row.approver_groups) }] : []
  const open = state === 'waiting'
  const handedOn = dueEscalations(escalations, nowMs)
  for (const { ordinal, groups } of open ? dueReminders(row) : []) {
    const silent = of(groups).filter((person) => !voters.includes(person))
    due.push({ kind: 'reminder', ordinal, recipients: silent })
  }
  for (const [index, escalation] of escalations.entries()) {
    if (open && handedOn.includes(escalation))
      due.push({ kind: 'escalation', ordinal: index + 1, recipients: of([escalation.to]) })
  }
  if (!open) due.push({ kind: 'closed', ordinal: 1, recipients: of(askedGroups(row)), closed_as: state })
  return due
}

function entitledOf(deps: EvidenceDeps, admitted: Admitted, row: EnvelopeRow, groups: readonly string[]): string[] {
  const members = groups.flatMap((group) => admitted.authority.membersOf(group))
  return [...new Set(members)].filter((person) => isEntitled(deps, admitted, person, row)).sort()
}
