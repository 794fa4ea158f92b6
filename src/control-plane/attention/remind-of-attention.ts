import { reminderDue } from '../../domain/attention-alarm.js'
import type { Admitted } from '../../evidence/admitted.js'
import { pinnedContract } from '../../evidence/admitted.js'
import { resolversOf } from '../../evidence/attention-deciders.js'
import { openAttentions, stateOf } from '../../evidence/attention-state.js'
import { isFinal } from '../../evidence/resolutions.js'
import type { AttentionRow } from '../../ledger/action-record.js'
import { listAttentions } from '../../ledger/queries/list-attentions.js'
import { type Notice, recordNotices } from '../../ledger/queries/record-notices.js'
import { admittedFor } from '../admitted-for.js'
import type { ControlPlane } from '../control-plane.js'

/** What somebody who runs the deployment is told about an attention that has been silent for too long. */
export interface Overdue {
  readonly tenant: string
  readonly attention: string
  readonly action: string
  readonly tool: string
  readonly reason: string
  readonly age_seconds: number
  /** How often people have been told by now. */
  readonly reminder: number
  readonly recipients: readonly string[]
}

type RemindDeps = Pick<
  ControlPlane,
  | 'pool'
  | 'authorities'
  | 'verifySignature'
  | 'groups'
  | 'sessionWindowMs'
  | 'people'
  | 'attentionGroup'
  | 'attentionAlarm'
>

// The oldest; what lies beyond is looked at once some of them are closed.
const most = 500

/**
 * Notes what people are to be told about what needs attention by now, each thing once: a reminder at its age, and that it
 * is closed. Calls `told` for each reminder that nobody has noted before.
 */
export async function remindOfAttention(
  deps: RemindDeps,
  tenants: readonly string[],
  told: (overdue: Overdue) => void,
): Promise<void> {
  for (const tenant of tenants) {
    const rows = await listAttentions(deps.pool, { tenant, limit: most })
    if (rows.length === 0) continue
    const authority = await deps.authorities.current(tenant)
    if (!authority) continue
    for (const record of rows) {
      const attention = record.attentions.find(({ id }) => id === record.attention_id)
      if (attention) await remind(deps, admittedFor(deps, { authority }, record), attention, told)
    }
  }
}

async function remind(
  deps: RemindDeps,
  admitted: Admitted,
  attention: AttentionRow,
  told: (overdue: Overdue) => void,
): Promise<void> {
  const { record } = admitted
  const open = openAttentions(deps, admitted).includes(attention)
  const recipients = resolversOf(deps, admitted, attention.step)
  // Where nobody may decide, nothing is to be waited for.
  const ordinal = Math.max(recipients.length === 0 ? 1 : 0, reminderDue(attention.age_ms, deps.attentionAlarm))
  const notices: Notice[] = []
  if (open && ordinal > 0) notices.push({ kind: 'reminder', ordinal, recipients })
  if (!open && isFinal(deps, admitted, attention))
    notices.push({ kind: 'closed', ordinal: 1, recipients, closed_as: stateOf(deps, admitted, attention) })
  if (notices.length === 0) return
  const ref = { tenant: record.tenant, action_id: record.id }
  const noted = await recordNotices(deps.pool, ref, { attention_id: attention.id }, notices)
  if (!noted.some(({ kind }) => kind === 'reminder')) return
  told({
    tenant: record.tenant,
    attention: attention.id,
    action: record.id,
    tool: pinnedContract(admitted, attention.step)?.contract.name ?? '',
    reason: attention.reason,
    age_seconds: Math.floor(attention.age_ms / 1_000),
    reminder: ordinal,
    recipients,
  })
}
