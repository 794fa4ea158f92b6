import { sleep } from '@temporalio/workflow'
import type { ApprovalReport, RoundRef } from '../src/domain/activities.js'
import type { ApprovalState } from '../src/domain/approval.js'
import { decisions } from './activity-proxies.js'
import type { Hints } from './messages.js'

// A flood of hints may not fill the history: between two looks at the ledger lies at least this much.
const minimumIntervalMs = 1_000

export type ClosedApproval = ApprovalReport & { readonly state: Exclude<ApprovalState, 'waiting'> }

/** Opens the approval request of a round and waits until it is decided, cancelled, out of date or expired. */
export async function awaitApproval(
  ref: RoundRef,
  hints: Hints,
  opened: (report: ApprovalReport) => void,
): Promise<ClosedApproval> {
  let seen = hints.count()
  let report = await decisions.openApproval(ref)
  opened(report)
  for (let looks = 0; ; looks += 1) {
    if (isClosed(report)) return report
    const hinted = await hints.after(
      seen,
      Math.max(Math.min(report.left_ms, report.next_ms ?? report.left_ms), 1),
      `waiting for approval until ${report.expires_at}`,
    )
    if (hinted && looks > 0) await sleep(minimumIntervalMs, { summary: 'gathering further hints' })
    seen = hints.count()
    report = await decisions.readApproval(ref)
  }
}

function isClosed(report: ApprovalReport): report is ClosedApproval {
  return report.state !== 'waiting'
}
